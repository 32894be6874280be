import type { Epoch, PeerIndex } from '@mc/protocol'
import { fromUtf8, hex, utf8 } from '@mc/protocol/wire'
import type { AtomicBroadcastOutput } from '../atomic-broadcast.js'

/** An output that is a batch. */
export type BatchOutput = Extract<AtomicBroadcastOutput, { readonly type: 'batch' }>

/** What a correct member of the suite proposes: who it is, and for which epoch. */
export const payloadOf = (proposer: PeerIndex, epoch: Epoch): Uint8Array => utf8(`${proposer}/${epoch}`)

/** What two members must agree on, as text. */
export const textOf = ({ proposals, linked = [], links = new Uint8Array(0) }: BatchOutput): string =>
  [
    ...[...proposals].map(([proposer, payload]) => `${proposer}:${hex(payload)}`),
    ...linked.map(({ epoch, proposer, payload }) => `${epoch}/${proposer}:${hex(payload)}`),
    hex(links),
  ].join(' ')

/** What the laws are checked against: the size of the committee, and who follows the protocol. */
export interface BatchSetting {
  readonly n: number
  readonly slots: number
  readonly epochCount: number
  isCorrect(index: number): boolean
}

/**
 * The batches of one run, as all correct members output them: checks agreement, total order without gaps, integrity and size.
 *
 * Each method returns in words what is wrong, or undefined.
 */
export class Batches {
  readonly #setting: BatchSetting
  readonly #agreed = new Map<Epoch, { readonly by: PeerIndex; readonly text: string }>()
  /** By epoch: what is handed back to whoever starts at the next one. */
  readonly #links = new Map<number, Uint8Array | undefined>()
  /** Proposals by `epoch/proposer`, as the first member output them, and in which epoch. */
  readonly #delivered = new Map<string, Epoch>()
  /** By member: the next epoch. */
  readonly #next = new Map<PeerIndex, number>()

  constructor(setting: BatchSetting) {
    this.#setting = setting
  }

  /** How many epochs are over for a member. */
  over(index: PeerIndex): number {
    return this.#next.get(index) ?? 0
  }

  /** The links of the batch before an epoch, if its broadcast has any. */
  linksBefore(epoch: number): Uint8Array | undefined {
    return this.#links.get(epoch - 1)
  }

  /** How many proposals were delivered by a later epoch than their own. */
  get linkedCount(): number {
    return [...this.#delivered].filter(([name, epoch]) => !name.startsWith(`${epoch}/`)).length
  }

  /** A member has caught up by other means: every epoch below is over. */
  skip(index: PeerIndex, epoch: number): void {
    this.#next.set(index, Math.max(this.over(index), epoch))
  }

  /** A member outputs a batch, for the first time. */
  output(index: PeerIndex, batch: BatchOutput): string | undefined {
    const expected = this.over(index)
    if (batch.epoch !== expected) {
      return `order: member ${index} gave epoch ${batch.epoch}, epoch ${expected} was next`
    }
    this.#next.set(index, expected + 1)
    return this.again(index, batch) ?? this.#content(index, batch)
  }

  /** A member outputs a batch again, because it replays its log. */
  again(index: PeerIndex, batch: BatchOutput): string | undefined {
    const text = textOf(batch)
    const first = this.#agreed.get(batch.epoch)
    if (first === undefined) {
      this.#agreed.set(batch.epoch, { by: index, text })
      this.#links.set(batch.epoch, batch.links)
      return this.#once(index, batch)
    }
    if (first.text !== text) {
      return `agreement: epoch ${batch.epoch}: member ${first.by} has ${first.text}, member ${index} has ${text}`
    }
    return undefined
  }

  /** Members that are not through. */
  waiting(members: readonly PeerIndex[]): string | undefined {
    const behind = members.filter(index => this.over(index) < this.#setting.epochCount)
    if (behind.length === 0) return undefined
    const at = behind.map(index => `${index} at epoch ${this.over(index)}`)
    return `progress: of ${this.#setting.epochCount} epochs, member ${at.join(', member ')}`
  }

  /** Each proposal is delivered once, by its own epoch or a later one. */
  #once(index: PeerIndex, { epoch, proposals, linked = [] }: BatchOutput): string | undefined {
    const own = [...proposals.keys()].map(proposer => ({ epoch, proposer }))
    for (const { epoch: made, proposer } of [...own, ...linked]) {
      const name = `${made}/${proposer}`
      const earlier = this.#delivered.get(name)
      if (earlier !== undefined || made > epoch) {
        return `once: member ${index} has ${name} in epoch ${epoch}, earlier in ${earlier ?? 'none'}`
      }
      this.#delivered.set(name, epoch)
    }
    return undefined
  }

  #content(index: PeerIndex, { epoch, proposals, linked = [] }: BatchOutput): string | undefined {
    const { slots, n } = this.#setting
    if (proposals.size < slots || proposals.size > n) {
      return `size: member ${index} has ${proposals.size} proposals in epoch ${epoch}, need ${slots} to ${n}`
    }
    const own = [...proposals].map(([proposer, payload]) => ({ epoch, proposer, payload }))
    for (const { epoch: made, proposer, payload } of [...own, ...linked]) {
      const isOwn = hex(payload) === hex(payloadOf(proposer, made))
      if (this.#setting.isCorrect(proposer) && !isOwn) {
        return `integrity: member ${index} has ${fromUtf8(payload)} from member ${proposer} in epoch ${epoch}`
      }
    }
    return undefined
  }
}

import {
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  type Protocol,
  type ProtocolDefinition,
  twoFPlus1,
  unreachable,
  VoteSet,
} from '@mc/protocol'
import { type Union, u8, union } from '@mc/protocol/wire'

const kinds = { send: { value: u8() }, echo: { value: u8() }, ready: { value: u8() } }
export type BroadcastMessage = Union<typeof kinds>
export interface BroadcastParams {
  readonly committee: Committee
}
type Broadcast = ProtocolDefinition<BroadcastParams, number, BroadcastMessage, number>

const descriptor = { wireVersion: 1, parameters: {}, parts: {}, codec: () => union(kinds) }

/** Bracha's broadcast of one byte by member 0. */
export const brachaToy = (): Broadcast => ({
  ...descriptor,
  name: 'toy/bracha',
  create: ({ committee }, effects) => new BrachaToy(committee, effects),
})

/** Delivers whatever member 0 says: no agreement if it lies. */
export const naiveToy = (): Broadcast => ({
  ...descriptor,
  name: 'toy/naive',
  create: (_, effects) => ({
    handleInput: value => effects.broadcast({ type: 'send', value }),
    handleMessage(from, { value }) {
      if (from === 0) effects.output(value)
    },
  }),
})

class BrachaToy implements Protocol<number, BroadcastMessage> {
  readonly #committee: Committee
  readonly #effects: Effects<BroadcastMessage, number>
  /** Open, so that a test may look. */
  readonly echoes: VoteSet<number>
  readonly #readies: VoteSet<number>
  #echoSent = false
  #readySent = false
  #delivered = false

  constructor(committee: Committee, effects: Effects<BroadcastMessage, number>) {
    this.#committee = committee
    this.#effects = effects
    this.echoes = new VoteSet(committee.n)
    this.#readies = new VoteSet(committee.n)
  }

  handleInput(value: number): void {
    if (this.#committee.self !== 0) throw new RangeError('toy: only member 0 may give input')
    this.#effects.broadcast({ type: 'send', value })
  }

  handleMessage(from: PeerIndex, message: BroadcastMessage): void {
    switch (message.type) {
      case 'send':
        this.#onSend(from, message.value)
        break
      case 'echo':
        this.#onEcho(from, message.value)
        break
      case 'ready':
        this.#onReady(from, message.value)
        break
      default:
        unreachable(message)
    }
  }

  #onSend(from: PeerIndex, value: number): void {
    if (from !== 0) this.#effects.fault({ rule: 'toy/not-the-proposer', peer: from })
    else if (!this.#echoSent) {
      this.#echoSent = true
      this.#effects.broadcast({ type: 'echo', value })
    }
  }

  #onEcho(from: PeerIndex, value: number): void {
    if (this.echoes.add(from, value) === 'conflict')
      this.#effects.fault({ rule: 'toy/conflicting-echo', peer: from })
    if (this.echoes.count(value) >= nMinusF(this.#committee)) this.#sendReady(value)
  }

  #onReady(from: PeerIndex, value: number): void {
    if (this.#readies.add(from, value) === 'conflict')
      this.#effects.fault({ rule: 'toy/conflicting-ready', peer: from })
    if (this.#readies.count(value) >= fPlus1(this.#committee)) this.#sendReady(value)
    if (this.#readies.count(value) >= twoFPlus1(this.#committee) && !this.#delivered) {
      this.#delivered = true
      this.#effects.output(value)
    }
  }

  #sendReady(value: number): void {
    if (this.#readySent) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready', value })
  }
}

/**
 * What must hold of every run, seen from outside: apart from the code that it judges.
 */
import type { AtomicBroadcastInput, AtomicBroadcastOutput, OperationId } from '@mc/abc'
import type { Epoch, PeerIndex } from '@mc/protocol'
import { type Invariant, type RunState, sameValue } from '@mc/sim'
import type { Workload } from './workload.js'

type Batch = Extract<AtomicBroadcastOutput, { readonly type: 'batch' }>

/** What the laws need to know of a run. */
export interface LawSetting {
  readonly workload: Pick<Workload, 'over' | 'mayFinish' | 'payload' | 'ordered'>
  readonly slots: number
  readonly n: number
  /** The epochs that every correct member must have finished in the end. */
  readonly epochs: number
  /** How many instances of epochs one member may hold. */
  readonly instancesMax: number
}

type Ending = Pick<RunState<unknown, unknown, unknown>, 'correct' | 'quiescent' | 'cost'>

/** Total order, integrity, size, exactly once, bounded memory and liveness, all of one run. */
export class Laws {
  readonly #setting: LawSetting
  readonly #agreed = new Map<Epoch, { readonly by: PeerIndex; readonly proposals: Batch['proposals'] }>()
  readonly #ordered = new Map<Epoch, string>()
  readonly #once = new Map<OperationId, Epoch>()
  #broken: string | undefined

  constructor(setting: LawSetting) {
    this.#setting = setting
  }

  /** For the simulator: asks after every output of a correct member, and at the end. */
  invariant(): Invariant<AtomicBroadcastInput, unknown, AtomicBroadcastOutput> {
    return {
      name: 'atomic-broadcast',
      begin: state => ({
        output: (index, output) =>
          output.type === 'batch'
            ? this.#onBatch(index, output, peer => state.isCorrect(peer))
            : this.#broken,
        end: () => this.#broken ?? this.#liveness(state),
      }),
    }
  }

  /** A member holds so many instances of epochs now. */
  holds(index: PeerIndex, instances: number): void {
    if (instances > this.#setting.instancesMax) {
      this.#broken ??= `bounded-memory: member ${index} holds ${instances} epochs, at most ${this.#setting.instancesMax}`
    }
  }

  #onBatch(index: PeerIndex, batch: Batch, isCorrect: (peer: PeerIndex) => boolean): string | undefined {
    return (
      this.#broken ??
      this.#gap(index, batch.epoch) ??
      this.#agreement(index, batch) ??
      this.#slots(index, batch) ??
      this.#integrity(index, batch, isCorrect) ??
      this.#exactlyOnce(index, batch)
    )
  }

  #gap(index: PeerIndex, epoch: Epoch): string | undefined {
    const { workload } = this.#setting
    return workload.mayFinish(index, epoch)
      ? undefined
      : `no-gap: member ${index} gave epoch ${epoch}, epoch ${workload.over(index)} was next`
  }

  #agreement(index: PeerIndex, { epoch, proposals }: Batch): string | undefined {
    const first = this.#agreed.get(epoch)
    if (first === undefined) this.#agreed.set(epoch, { by: index, proposals })
    else if (!sameValue([...first.proposals], [...proposals])) {
      return `agreement: members ${first.by} and ${index} have different batches of epoch ${epoch}`
    }
    return undefined
  }

  #slots(index: PeerIndex, { epoch, proposals }: Batch): string | undefined {
    const { slots, n } = this.#setting
    return proposals.size >= slots && proposals.size <= n
      ? undefined
      : `slots: member ${index} has ${proposals.size} proposals in epoch ${epoch}, need ${slots} to ${n}`
  }

  #integrity(
    index: PeerIndex,
    { epoch, proposals }: Batch,
    isCorrect: (peer: PeerIndex) => boolean,
  ): string | undefined {
    for (const [proposer, payload] of proposals) {
      if (!isCorrect(proposer) || sameValue(payload, this.#setting.workload.payload(proposer, epoch)))
        continue
      return `integrity: member ${index} has a payload of member ${proposer} in epoch ${epoch} that it did not propose`
    }
    return undefined
  }

  /** The ordered operations of an epoch are the same everywhere, and none was ordered in another epoch or twice. */
  #exactlyOnce(index: PeerIndex, batch: Batch): string | undefined {
    const ids = this.#setting.workload.ordered(batch)
    const text = ids.join(' ')
    const known = this.#ordered.get(batch.epoch)
    if (known === text) return undefined
    if (known !== undefined) return `total-order: member ${index} orders epoch ${batch.epoch} differently`
    this.#ordered.set(batch.epoch, text)
    for (const id of ids) {
      const earlier = this.#once.get(id)
      if (earlier !== undefined)
        return `exactly-once: operation ${id} is in epoch ${earlier} and again in epoch ${batch.epoch}`
      this.#once.set(id, batch.epoch)
    }
    return undefined
  }

  #liveness({ correct, quiescent, cost }: Ending): string | undefined {
    const { workload, epochs } = this.#setting
    const behind = correct.filter(index => workload.over(index) < epochs)
    if (behind.length === 0) return undefined
    const places = behind.map(index => `${index} at ${workload.over(index)}`)
    const end = quiescent ? 'nothing is on its way any more' : `no end after ${cost.deliveries} messages`
    return `liveness: of ${epochs} epochs, member ${places.join(', member ')}; ${end}`
  }
}

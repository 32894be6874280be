import type { Fault, PeerIndex } from '@mc/protocol'
import type { Delivery } from './event.js'
import type { Cost, ObservedFault } from './run.js'

/** Everything that is counted in a run; cheap, since it is counted at every delivery. */
export class Tally {
  readonly cost: { -readonly [What in keyof Cost]: Cost[What] } = {
    deliveries: 0,
    messages: 0,
    bytes: 0,
    depth: 0,
    rounds: 0,
  }
  readonly #n: number
  /** One per member, rule and culprit, so that a flood of lies stays a few entries. */
  readonly #faults = new Map<string, ObservedFault & { count: number }>()
  readonly #injected = new Map<string, number>()
  /** The youngest message that arrived so far, per link. */
  readonly #youngest: Float64Array
  #reordered = 0

  constructor(n: number) {
    this.#n = n
    this.#youngest = new Float64Array(n * n).fill(-1)
  }

  get faults(): readonly ObservedFault[] {
    return [...this.#faults.values()]
  }

  /** Injected faults by kind; a message that was overtaken on its link counts as `reordered`. */
  get injected(): Readonly<Record<string, number>> {
    return Object.fromEntries([
      ...this.#injected,
      ...(this.#reordered > 0 ? [['reordered', this.#reordered]] : []),
    ])
  }

  /** A correct member has sent so many copies of a message. */
  sent(copies: number, bytes: number, round: number): void {
    this.cost.messages += copies
    this.cost.bytes += copies * bytes
    if (round > this.cost.rounds) this.cost.rounds = round
  }

  arrived({ from, to, id }: Delivery<unknown>): void {
    this.cost.deliveries += 1
    const link = from * this.#n + to
    if (id < (this.#youngest[link] as number)) this.#reordered += 1
    else this.#youngest[link] = id
  }

  output(depth: number): void {
    if (depth > this.cost.depth) this.cost.depth = depth
  }

  blame(by: PeerIndex, fault: Fault): void {
    const key = `${by} ${fault.rule} ${fault.peer}`
    const known = this.#faults.get(key)
    if (known === undefined) this.#faults.set(key, { ...fault, by, count: 1 })
    else known.count += 1
  }

  count(kind: string): void {
    this.#injected.set(kind, (this.#injected.get(kind) ?? 0) + 1)
  }
}

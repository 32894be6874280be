/**
 * How many rounds the agreements of a run took until the last correct member had decided.
 *
 * Rounds count from 0, and who decides in round r goes on to vote in r + 1 until others have heard. So the highest round voted
 * in is how many rounds it took, and 1 at least. Where the last member halts before it votes again, one round is not counted.
 */
export class DecisionRounds {
  /** By epoch and proposer. */
  readonly #highest = new Map<number, number>()

  /** Looks at a message that a correct member sends; whatever is no vote is passed over. */
  saw(message: unknown): void {
    const { epoch, message: subset } = message as Envelope
    if (epoch === undefined || subset?.type !== 'raba' || subset.proposer === undefined) return
    const round = subset.message?.round
    if (round === undefined && subset.message?.type !== 'fast') return
    const key = epoch * 256 + subset.proposer
    this.#highest.set(key, Math.max(this.#highest.get(key) ?? 0, round ?? 0))
  }

  /** How many agreements took so many rounds. */
  distribution(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const round of this.#highest.values()) {
      const taken = Math.max(1, round)
      counts[taken] = (counts[taken] ?? 0) + 1
    }
    return counts
  }
}

/** What the messages of a sequence of epochs over common subsets have in common. */
interface Envelope {
  readonly epoch?: number
  readonly message?: {
    readonly type?: string
    readonly proposer?: number
    readonly message?: { readonly type?: string; readonly round?: number }
  }
}

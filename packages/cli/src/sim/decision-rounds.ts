import { subsetPart } from './subset-part.js'

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
    const said = subsetPart(message)
    if (said?.round === undefined) return
    const key = said.epoch * 256 + said.proposer
    this.#highest.set(key, Math.max(this.#highest.get(key) ?? 0, said.round))
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

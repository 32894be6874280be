/** Verdicts on claims by name, the newest so many. */

/** Verdicts that are kept: those of several large blocks. */
export const VERDICTS_MAX = 65_536

/** A bounded map of two generations: when the young one is full it becomes the old one, and what was old is forgotten. */
export class VerdictStore {
  readonly #perGeneration: number
  #young = new Map<string, boolean>()
  #old = new Map<string, boolean>()

  /** @throws RangeError unless there is room for two verdicts. */
  constructor(verdictsMax: number = VERDICTS_MAX) {
    if (!(verdictsMax >= 2)) throw new RangeError(`verdict store: need room for two, got ${verdictsMax}`)
    this.#perGeneration = Math.floor(verdictsMax / 2)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** What was found; nothing if it was never looked at, or long ago. */
  get(name: string): boolean | undefined {
    return this.#young.get(name) ?? this.#old.get(name)
  }

  set(name: string, verdict: boolean): void {
    if (this.#young.size >= this.#perGeneration) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(name, verdict)
  }
}

/**
 * HoneyBadger's choice of what to propose: a random part of the oldest operations.
 *
 * If every member proposes the same oldest operations, a batch holds each of them n times. If each proposes ⌈B/n⌉ at random of the
 * oldest B, a batch of n − f proposals holds a constant share of these B, and none of them is left out for long. `Mempool` reaches
 * the same without chance, by assigning operations to members; given a source of chance it does as the paper.
 *
 * @see Miller and others: The Honey Badger of BFT Protocols, CCS 2016, section 4.4
 */

/** A source of uniform integers; the `Rng` of @mc/crypto is one. Proposals survive a crash, so its draws need not. */
export interface IndexSource {
  /** An integer 0 … bound − 1. */
  below(bound: number): number
}

/** What is chosen from, and how much. */
export interface RandomSelection<Operation = Uint8Array> {
  /** Operations that wait, oldest first. */
  readonly waiting: readonly Operation[]
  /** B: how many of the oldest are candidates, and about how many different ones a batch shall hold. */
  readonly batch: number
  /** n, the members that choose. */
  readonly n: number
  readonly rng: IndexSource
}

/**
 * ⌈B/n⌉ operations, or as many as there are, chosen from the oldest B without favour, in the order in which they wait.
 *
 * @throws RangeError unless `batch` and `n` are positive safe integers.
 */
export function selectAtRandom<Operation>({
  waiting,
  batch,
  n,
  rng,
}: RandomSelection<Operation>): readonly Operation[] {
  for (const [name, value] of Object.entries({ batch, n })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`random selection: need ${name} ≥ 1, got ${value}`)
    }
  }
  const candidates = Math.min(batch, waiting.length)
  const chosen = new Set<number>()
  // Floyd's sampling: each set of this size is as likely as any other, with one draw for each element.
  for (let last = candidates - Math.min(Math.ceil(batch / n), candidates); last < candidates; last += 1) {
    const drawn = rng.below(last + 1)
    chosen.add(chosen.has(drawn) ? last : drawn)
  }
  return waiting.filter((_, index) => chosen.has(index))
}

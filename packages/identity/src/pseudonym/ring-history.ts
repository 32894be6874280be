/**
 * Which rings a proof may be over: the last few, and none that a removed person is in.
 *
 * @see identity.md, section 6, "Ring snapshot" and "Ring revision"
 */
import { equalBytes } from '@mc/crypto'

/** How many roots are kept, the newest among them. */
export const ROOTS_KEPT = 4

/** Rings in the order in which they came, the newest last. */
export interface RingHistory {
  readonly entries: readonly RingEntry[]
}

/** One ring. `removals` counts those who were removed up to it: it grows and never falls. */
export interface RingEntry {
  readonly root: Uint8Array
  readonly removals: number
}

/** No ring yet. */
export const NO_RINGS: RingHistory = { entries: [] }

/**
 * The history with a new ring. `removed` says how many people left the ring since the one before.
 *
 * @throws RangeError unless `removed` is a natural number.
 */
export function withRing({ entries }: RingHistory, root: Uint8Array, removed: number): RingHistory {
  if (!Number.isSafeInteger(removed) || removed < 0) throw new RangeError(`ring history: ${removed} removed`)
  const removals = (entries.at(-1)?.removals ?? 0) + removed
  return { entries: [...entries, { root, removals }].slice(-ROOTS_KEPT) }
}

/**
 * The ring that a new proof is over, if it may be: one of the last few, and nobody was removed since.
 *
 * So a proof made before somebody came is not wasted, and a removed person has no ring left to prove over.
 */
export function acceptedRing({ entries }: RingHistory, root: Uint8Array): RingEntry | undefined {
  const newest = entries.at(-1)
  return entries.find(entry => equalBytes(entry.root, root) && entry.removals === newest?.removals)
}

/**
 * Whether a pseudonym has to prove again, with the same tag, before its first operation in the next round: somebody was removed
 * since its proof.
 */
export const mustProveAgain = ({ entries }: RingHistory, proven: Pick<RingEntry, 'removals'>): boolean =>
  proven.removals < (entries.at(-1)?.removals ?? 0)

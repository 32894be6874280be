/**
 * How a key digest is read on its way through the trie: two bits at a time, from the most significant ones.
 *
 * Two bits are what a hash and a proof meet at: a branch over four takes one hash where a binary trie takes up to three, and a
 * step of a proof has at most three siblings.
 */

/** Bits that a branch asks for: its window. */
export const WINDOW_BITS = 2

/** Ways out of a branch. */
export const SLOTS: number = 2 ** WINDOW_BITS

/** Windows of a digest. */
export const WINDOWS: number = 256 / WINDOW_BITS

const WINDOWS_PER_BYTE = 8 / WINDOW_BITS

/** Which byte of a digest a window is in. */
export const byteOf = (window: number): number => Math.floor(window / WINDOWS_PER_BYTE)

/** The slot that a window of this byte says. */
export const slotIn = (byte: number, window: number): number =>
  (byte >>> (8 - WINDOW_BITS - WINDOW_BITS * (window % WINDOWS_PER_BYTE))) & (SLOTS - 1)

/** The slot that a digest takes at a branch that asks for this window. */
export const slotOf = (digest: Uint8Array, window: number): number =>
  slotIn(digest[byteOf(window)] as number, window)

/** The window in which two bytes first differ, of those in byte `at`. */
export const windowOfDifference = (at: number, difference: number): number =>
  at * WINDOWS_PER_BYTE + Math.floor((Math.clz32(difference) - 24) / WINDOW_BITS)

/** How many slots of a set are taken. */
export function countOf(slots: number): number {
  let count = 0
  for (let rest = slots; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** How many taken slots stand before one. */
export const rankOf = (slots: number, slot: number): number => countOf(slots & ((1 << slot) - 1))

/** The first `windows` windows of a digest as one number. */
export function prefixOf(digest: Uint8Array, windows: number): number {
  let prefix = 0
  for (let window = 0; window < windows; window += 1) prefix = prefix * SLOTS + slotOf(digest, window)
  return prefix
}

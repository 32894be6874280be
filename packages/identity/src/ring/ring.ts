/**
 * A ring: the keys among which a prover hides, in one order that everybody knows, under one root.
 */

/** Keys in order, decoded once: whoever proves or verifies over them again pays no more for decoding. */
export interface Ring {
  /** Binds kind, epoch, number and order of the keys: 32 bytes. */
  readonly root: Uint8Array
  /** How many keys, 1 … RING_SIZE_MAX. */
  readonly size: number
  /** The encoded keys, in order. */
  readonly keys: readonly Uint8Array[]
}

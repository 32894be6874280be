/**
 * Proof A: the holder of one key of a ring has this tag. What is proved, and the challenge that binds it.
 *
 * One-out-of-many in logarithmic size after Groth and Kohlweiss, and Bootle and others, with a second column for the tag as in
 * Triptych. Letters are those of identity.md, section 5.
 */
import { hashToScalar } from '@mc/crypto/ristretto'
import type { Element, KeyBase } from '../identity-crypto.js'
import { u32 } from '../identity-crypto.js'
import type { Ring } from '../ring/ring.js'

/** X_l = x·B for some key of the ring and its base B, and T = x·U. */
export interface OneOfMany {
  readonly org: Uint8Array
  readonly ring: Ring
  /** B: the generator for member keys, the topic's base for pseudonyms. */
  readonly ringBase: KeyBase
  /** U. */
  readonly tagBase: KeyBase
  /** T. */
  readonly tag: Element
  readonly message: Uint8Array
}

/** ξ = Hs('MC-OOM-v1', everything there is): the statement in full, and all commitments. */
export const challengeOf = (
  { org, ring, ringBase, tagBase, tag, message }: OneOfMany,
  commitmentBytes: Uint8Array,
): bigint =>
  hashToScalar(
    'MC-OOM-v1',
    org,
    ring.root,
    u32(ring.size),
    ringBase.name,
    ringBase.encoded,
    tagBase.name,
    tagBase.encoded,
    tag.encoded,
    commitmentBytes,
    message,
  )

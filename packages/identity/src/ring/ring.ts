/**
 * A ring: the keys among which a prover hides, in one order that everybody knows, under one root.
 *
 * @see identity.md, section 6
 */
import { DIGEST_BYTES, digestKey, domainHash, merkleRoot } from '@mc/crypto'
import type { Points } from '@mc/crypto/ristretto'
import { unreachable } from '@mc/protocol'
import { utf8 } from '@mc/protocol/wire'
import { type IdentityCrypto, u32 } from '../identity-crypto.js'

/** The most keys of one ring; more members are split into cohorts. */
export const RING_SIZE_MAX = 2_048

/** What a ring is made of, and of when. */
export type RingName =
  /** Member keys as of a membership epoch; `cohort` is 0 unless the members are split. */
  | { readonly type: 'members'; readonly epoch: number; readonly cohort: number }
  /** The pseudonyms of one meeting. */
  | { readonly type: 'meeting'; readonly meetingId: Uint8Array }

/** Keys in order, decoded once: whoever proves or verifies over them again pays no more for decoding. */
export interface Ring {
  /** Binds name, number and order of the keys: 32 bytes. */
  readonly root: Uint8Array
  /** How many keys, 1 … RING_SIZE_MAX. */
  readonly size: number
  /** The encoded keys, in order. */
  readonly keys: readonly Uint8Array[]
  /** The same, decoded. */
  readonly points: Points
}

/**
 * Opens a ring. Undefined if a key is not one, or stands there twice.
 *
 * @throws RangeError unless there are 1 … RING_SIZE_MAX keys.
 */
export function openRing(
  name: RingName,
  keys: readonly Uint8Array[],
  crypto: IdentityCrypto,
): Ring | undefined {
  if (keys.length < 1 || keys.length > RING_SIZE_MAX) {
    throw new RangeError(`ring: need 1 to ${RING_SIZE_MAX} keys, got ${keys.length}`)
  }
  if (keys.some(key => key.length !== 32) || new Set(keys.map(digestKey)).size !== keys.length)
    return undefined
  const packed = new Uint8Array(32 * keys.length)
  for (const [index, key] of keys.entries()) packed.set(key, 32 * index)
  const points = crypto.ristretto.decode(packed)
  if (points === undefined) return undefined
  const own = keys.map((_, index) => packed.subarray(32 * index, 32 * index + 32))
  return { root: ringRoot(name, own, crypto), size: own.length, keys: own, points }
}

/**
 * H('mc/ring/v1', name, number of keys, Merkle root of the keys in order).
 *
 * @throws RangeError unless there are 1 … 65,536 keys.
 */
export const ringRoot = (
  name: RingName,
  keys: readonly Uint8Array[],
  { sha256 }: Pick<IdentityCrypto, 'sha256'>,
): Uint8Array =>
  domainHash(sha256, 'mc/ring/v1', ...nameParts(name), u32(keys.length), merkleRoot(keys, sha256))

function nameParts(name: RingName): readonly Uint8Array[] {
  switch (name.type) {
    case 'members':
      return [utf8('members'), u32(name.epoch), u32(name.cohort)]
    case 'meeting':
      if (name.meetingId.length !== DIGEST_BYTES) throw new RangeError('ring: need a meeting id of 32 bytes')
      return [utf8('meeting'), name.meetingId]
    default:
      return unreachable(name)
  }
}

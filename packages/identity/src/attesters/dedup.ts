/**
 * Dedup tags: one person gives one tag, and nobody can find the person by trying names.
 *
 * The attester knows the unique id, a key holder the key of an oblivious function; neither learns the other's. In the first version
 * both may be one party. Rate-limit the key holder: whoever may ask it freely can try names after all.
 *
 * @see identity.md, section 10; RFC 9497
 */
import { domainHash, type Rng, type Sha256 } from '@mc/crypto'
import {
  blindForOprf,
  evaluateOprf,
  finalizeOprf,
  type OprfBlinding,
  type OprfEvaluation,
  type OprfKey,
} from '@mc/crypto/ristretto'

/** Whoever holds the key: a local one, or a way to a remote one whose answer came before. */
export interface DedupKeyHolder {
  readonly publicKey: Uint8Array
  /** Undefined if what is asked is no element. */
  answer(blinded: Uint8Array): OprfEvaluation | undefined
}

/** A key holder in this process. */
export const localKeyHolder = (key: OprfKey, rng: Rng): DedupKeyHolder => ({
  publicKey: key.publicKey,
  answer: blinded => evaluateOprf(key, blinded, rng),
})

/** What the attester keeps (`input`, `blinding`) while it asks for `blinding.blinded`. */
export interface DedupQuestion {
  readonly input: Uint8Array
  readonly blinding: OprfBlinding
}

/** Hides a unique id, so that the key holder learns nothing of it. */
export function askForDedup(
  uniqueId: Uint8Array,
  { rng, sha256 }: { readonly rng: Rng; readonly sha256: Sha256 },
): DedupQuestion {
  // Hashed first, so that an id of any length is an input.
  const input = domainHash(sha256, 'mc/dedup/input/v1', uniqueId)
  return { input, blinding: blindForOprf(input, rng) }
}

/** The tag, 32 bytes; undefined if the answer is not by the holder of `publicKey`. Total. */
export function dedupTagFrom(
  { input, blinding }: DedupQuestion,
  answer: OprfEvaluation,
  { publicKey, sha256 }: { readonly publicKey: Uint8Array; readonly sha256: Sha256 },
): Uint8Array | undefined {
  const output = finalizeOprf({ input, ...blinding, ...answer, publicKey })
  return output && domainHash(sha256, 'mc/dedup/tag/v1', output)
}

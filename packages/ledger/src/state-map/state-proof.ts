/**
 * Proofs of what a state map holds under a key, or that it holds nothing there.
 */
import { equalBytes, type Sha256 } from '@mc/crypto'
import { bytes, type Codec, digest, list, struct, uint, union } from '@mc/protocol/wire'
import { bitOf, branchHash, leafHash, stateRoot } from './trie.js'

/** Largest value that a proof carries: 1 MiB. */
export const STATE_VALUE_BYTES_MAX = 1_048_576

/** A branch on the way from the top to the end: which bit it asks for, and the hash of the side not taken. */
export interface StateProofStep {
  readonly bit: number
  readonly sibling: Uint8Array
}

/** Where the way of a key ends: at its entry, at another one that stands in its place, or in an empty map. */
export type StateProofEnd =
  | { readonly type: 'present'; readonly value: Uint8Array }
  | { readonly type: 'other'; readonly keyDigest: Uint8Array; readonly valueDigest: Uint8Array }
  | { readonly type: 'empty' }

/** The way of a key through the trie, from the top down. */
export interface StateProof {
  readonly size: number
  readonly steps: readonly StateProofStep[]
  readonly end: StateProofEnd
}

/** What a proof shows: the value of the key, or that there is none. */
export type Proven = { readonly isPresent: true; readonly value: Uint8Array } | { readonly isPresent: false }

const stepCodec: Codec<StateProofStep> = struct({ bit: uint({ max: 255 }), sibling: digest })

/** The canonical bytes of a proof. */
export const stateProofCodec: Codec<StateProof> = struct({
  size: uint(),
  steps: list(stepCodec, { max: 256 }),
  end: union({
    present: { value: bytes({ max: STATE_VALUE_BYTES_MAX }) },
    other: { keyDigest: digest, valueDigest: digest },
    empty: {},
  }),
})

/**
 * What the proof shows about `key` in the map with this root, or nothing if it shows nothing. Total.
 *
 * Assumes that the root is a state map's: whoever certified it has built the map.
 */
export function verifyStateProof(
  { root, key, proof }: { readonly root: Uint8Array; readonly key: Uint8Array; readonly proof: StateProof },
  sha256: Sha256,
): Proven | undefined {
  const { size, steps, end } = proof
  if (!Number.isSafeInteger(size) || size < 0) return undefined
  const keyDigest = sha256(key)
  if (end.type === 'other' && !standsInPlaceOf(end.keyDigest, keyDigest, steps)) return undefined
  const top = topOf(keyDigest, proof, sha256)
  if (top === 'malformed' || !equalBytes(stateRoot(size, top, sha256), root)) return undefined
  return end.type === 'present' ? { isPresent: true, value: end.value } : { isPresent: false }
}

// The other entry has the key's bits wherever the trie asks for one, and is another.
function standsInPlaceOf(
  other: Uint8Array,
  keyDigest: Uint8Array,
  steps: readonly StateProofStep[],
): boolean {
  if (other.length !== 32 || equalBytes(other, keyDigest)) return false
  return steps.every(({ bit }) => bitOf(other, bit) === bitOf(keyDigest, bit))
}

function topOf(
  keyDigest: Uint8Array,
  { steps, end }: StateProof,
  sha256: Sha256,
): Uint8Array | undefined | 'malformed' {
  if (end.type === 'empty') return steps.length === 0 ? undefined : 'malformed'
  let hash =
    end.type === 'present'
      ? leafHash(keyDigest, sha256(end.value), sha256)
      : leafHash(end.keyDigest, end.valueDigest, sha256)
  let below = 256
  for (const { bit, sibling } of [...steps].reverse()) {
    if (!Number.isInteger(bit) || bit < 0 || bit >= below || sibling.length !== 32) return 'malformed'
    hash =
      bitOf(keyDigest, bit) === 0
        ? branchHash(bit, hash, sibling, sha256)
        : branchHash(bit, sibling, hash, sha256)
    below = bit
  }
  return hash
}

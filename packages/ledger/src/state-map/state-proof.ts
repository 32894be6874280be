/**
 * Proofs of what a state map holds under a key, or that it holds nothing there.
 */
import { equalBytes, type Sha256 } from '@mc/crypto'
import { bytes, type Codec, digest, list, struct, u8, uint, union } from '@mc/protocol/wire'
import { countOf, rankOf, SLOTS, slotOf, WINDOWS } from './slots.js'
import { branchHash, leafHash, stateRoot } from './state-hash.js'

/** Largest value that a proof carries: 1 MiB. */
export const STATE_VALUE_BYTES_MAX = 1_048_576

/** A branch on the way from the top to the end: which window it asks for, which slots are taken, the hashes beside the way. */
export interface StateProofStep {
  readonly window: number
  /** The set of slots that are taken, the one of the way too: bit s stands for slot s. */
  readonly slots: number
  /** The hashes in the other slots, ascending. */
  readonly siblings: readonly Uint8Array[]
}

/** A branch: which window it asks for, which slots are taken, and the hashes that stand in them, ascending. */
export interface StateBranch {
  readonly window: number
  readonly slots: number
  readonly hashes: readonly Uint8Array[]
}

/** Where the way of a key ends: at its entry, at another one, at a branch whose slot for it is free, or in an empty map. */
export type StateProofEnd =
  | { readonly type: 'present'; readonly value: Uint8Array }
  | { readonly type: 'other'; readonly keyDigest: Uint8Array; readonly valueDigest: Uint8Array }
  | ({ readonly type: 'gap' } & StateBranch)
  | { readonly type: 'empty' }

/** The way of a key through the trie, from the top down. */
export interface StateProof {
  readonly size: number
  readonly steps: readonly StateProofStep[]
  readonly end: StateProofEnd
}

/** What a proof shows: the value of the key, or that there is none. */
export type Proven = { readonly isPresent: true; readonly value: Uint8Array } | { readonly isPresent: false }

const window: Codec<number> = u8({ max: WINDOWS - 1 })
const slots: Codec<number> = u8({ max: 2 ** SLOTS - 1 })

/** The canonical bytes of a proof. */
export const stateProofCodec: Codec<StateProof> = struct({
  size: uint(),
  steps: list(struct({ window, slots, siblings: list(digest, { max: SLOTS - 1 }) }), { max: WINDOWS }),
  end: union({
    present: { value: bytes({ max: STATE_VALUE_BYTES_MAX }) },
    other: { keyDigest: digest, valueDigest: digest },
    gap: { window, slots, hashes: list(digest, { max: SLOTS }) },
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
  const way = sha256(key)
  const top = isWay(way, proof) ? topOf(way, steps, endHash(way, end, sha256), sha256) : 'malformed'
  if (top === 'malformed' || !equalBytes(stateRoot(size, top, sha256), root)) return undefined
  return end.type === 'present' ? { isPresent: true, value: end.value } : { isPresent: false }
}

// Each branch asks for a later window than the one above it, the way goes through taken slots, and it ends as it says.
function isWay(way: Uint8Array, { steps, end }: StateProof): boolean {
  const windows = end.type === 'gap' ? [...steps, end] : steps
  if (windows.some(({ window }, at) => !isWindow(window) || window <= (windows[at - 1]?.window ?? -1)))
    return false
  const isThrough = steps.every(
    ({ window, slots, siblings }) =>
      isTaken(slots, slotOf(way, window)) && areHashes(siblings, countOf(slots) - 1) && siblings.length > 0,
  )
  return isThrough && endsWell(way, steps, end)
}

function endsWell(way: Uint8Array, steps: readonly StateProofStep[], end: StateProofEnd): boolean {
  switch (end.type) {
    case 'present':
      return true
    case 'empty':
      return steps.length === 0
    case 'gap':
      return !isTaken(end.slots, slotOf(way, end.window)) && areHashes(end.hashes, countOf(end.slots))
    case 'other':
      return (
        areHashes([end.keyDigest, end.valueDigest], 2) &&
        !equalBytes(end.keyDigest, way) &&
        // It stands where the way ends: it has the key's slot wherever the trie asks for one.
        steps.every(({ window }) => slotOf(end.keyDigest, window) === slotOf(way, window))
      )
  }
}

const isWindow = (window: number): boolean => Number.isInteger(window) && window >= 0 && window < WINDOWS

const isTaken = (slots: number, slot: number): boolean => (slots & (1 << slot)) !== 0

const areHashes = (hashes: readonly Uint8Array[], count: number): boolean =>
  hashes.length === count && hashes.every(({ length }) => length === 32)

function endHash(way: Uint8Array, end: StateProofEnd, sha256: Sha256): Uint8Array | undefined {
  switch (end.type) {
    case 'present':
      return leafHash(way, sha256(end.value), sha256)
    case 'other':
      return leafHash(end.keyDigest, end.valueDigest, sha256)
    case 'gap':
      return branchHash(end, sha256)
    case 'empty':
      return undefined
  }
}

function topOf(
  way: Uint8Array,
  steps: readonly StateProofStep[],
  end: Uint8Array | undefined,
  sha256: Sha256,
): Uint8Array | undefined {
  return steps.reduceRight((below, { window, slots, siblings }) => {
    const hashes = siblings.toSpliced(rankOf(slots, slotOf(way, window)), 0, below as Uint8Array)
    return branchHash({ window, slots, hashes }, sha256)
  }, end)
}

import { inclusionProof, logLeafHash, merkleLogRoot, verifyInclusion } from '@mc/crypto'
import { MerkleLogIndex } from '@mc/ledger'
import { utf8 } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import { sha256 } from './network-of.js'

const entry = (index: number): Uint8Array => utf8(`entry ${index}`)
const leafHashes = Array.from({ length: 70 }, (_, index) => logLeafHash(entry(index), sha256))

/** An index with this many entries, and how often it has hashed. */
function indexOf(size: number): { index: MerkleLogIndex; hashes: () => number } {
  let count = 0
  const index = new MerkleLogIndex((...parts) => {
    count += 1
    return sha256(...parts)
  })
  for (let at = 0; at < size; at += 1) index.append(entry(at))
  return { index, hashes: () => count }
}

test('RFC 6962, section 2.1: the root at every size', () => {
  const { index } = indexOf(0)
  expect(index.root()).toEqual(sha256())
  leafHashes.forEach((_, at) => {
    index.append(entry(at))
    expect(index.root()).toEqual(merkleLogRoot(leafHashes.slice(0, at + 1), sha256))
  })
})

test('RFC 6962, section 2.1.1: the path of every entry at every size', () => {
  for (let size = 1; size <= leafHashes.length; size += 1) {
    const { index } = indexOf(size)
    for (let at = 0; at < size; at += 1) {
      const proof = index.inclusionProof(at)
      expect(Buffer.compare(proof, inclusionProof({ leafHashes, index: at, size }, sha256))).toBe(0)
      const claim = { root: index.root(), index: at, size, leafHash: leafHashes[at]!, proof }
      expect(verifyInclusion(claim, sha256)).toBe(true)
    }
  }
})

test('appending costs two hashes, amortised; a proof and a root cost O(log size)', () => {
  const { index, hashes } = indexOf(4_095)
  expect(hashes()).toBeLessThan(2 * 4_095)
  const before = hashes()
  index.inclusionProof(4_000)
  index.root()
  expect(hashes() - before).toBeLessThanOrEqual(2 * 12)
})

test('a complete subtree costs no hash', () => {
  const { index, hashes } = indexOf(64)
  const before = hashes()
  expect(index.rangeRoot(16, 32)).toEqual(merkleLogRoot(leafHashes.slice(16, 32), sha256))
  expect(hashes()).toBe(before)
})

test('what is handed out is a copy', () => {
  const { index } = indexOf(4)
  for (const digest of [index.root(), index.rangeRoot(0, 4), index.inclusionProof(0)]) digest.fill(0)
  expect(index.root()).toEqual(merkleLogRoot(leafHashes.slice(0, 4), sha256))
})

test('what is no entry and no subtree is refused', () => {
  const { index } = indexOf(10)
  for (const at of [-1, 10, 0.5, Number.NaN]) expect(() => index.inclusionProof(at)).toThrow(RangeError)
  for (const [from, to] of [
    [0, 11],
    [1, 3],
    [4, 4],
    [-2, 0],
    [2, 7],
  ] as const) {
    expect(() => index.rangeRoot(from, to)).toThrow(RangeError)
  }
})

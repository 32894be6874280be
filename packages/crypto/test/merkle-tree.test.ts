import { MERKLE_LEAVES_MAX, merkleProofBytes, merkleRoot, merkleTree, verifyMerkleProof } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { hex, utf8 } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullTree, fullTreeProof, sha256 } from './reference.js'

const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33, 100, 129, 255]
const shards = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => utf8(`shard ${index} of ${count}`))
const claims = (count: number) => {
  const leaves = shards(count)
  const tree = merkleTree(leaves, sha256)
  return leaves.map((leaf, index) => ({ root: tree.root, index, count, leaf, proof: tree.proof(index) }))
}

describe('the tree', () => {
  test('leaf = H(0x00 ‖ count ‖ index ‖ data), inner = H(0x01 ‖ left ‖ right), padded to a power of two', () => {
    for (const count of COUNTS) {
      const levels = fullTree(shards(count))
      const tree = merkleTree(shards(count), sha256)
      expect(tree.count).toBe(count)
      expect(hex(tree.root)).toBe(hex(levels.at(-1)![0]!))
      expect(merkleRoot(shards(count), sha256)).toEqual(tree.root)
      for (let index = 0; index < count; index += 1) {
        expect(tree.proof(index)).toEqual(fullTreeProof(levels, index))
      }
    }
  })

  test('its roots are part of the wire format', () => {
    const roots = [1, 3, 4, 100].map(count => hex(merkleRoot(shards(count), nodeCrypto.sha256)))
    expect(roots).toEqual(GOLDEN_ROOTS)
  })

  test('every proof is 32 bytes per level and is accepted', () => {
    for (const count of COUNTS) {
      for (const claim of claims(count)) {
        expect(claim.proof).toHaveLength(32 * Math.ceil(Math.log2(count)))
        expect(claim.proof).toHaveLength(merkleProofBytes(count))
        expect(verifyMerkleProof(claim, sha256)).toBe(true)
      }
    }
  })

  test('each leaf and each inner node is hashed once, padding once per level that needs it', () => {
    for (const [count, hashes] of [
      [1, 1],
      [2, 3],
      [4, 7],
      [128, 255],
      [3, 3 + 3 + 1],
      [255, 255 + 255 + 1],
    ]) {
      let calls = 0
      merkleRoot(shards(count!), (...parts) => {
        calls += 1
        return sha256(...parts)
      })
      expect(calls).toBe(hashes)
    }
  })

  test('changing any leaf, the order or the number of leaves changes the root', () => {
    const leaf = fc.uint8Array({ maxLength: 4 })
    fc.assert(
      fc.property(
        fc.array(leaf, { minLength: 1, maxLength: 12 }),
        fc.array(leaf, { minLength: 1, maxLength: 12 }),
        (a, b) => {
          const same = a.length === b.length && a.every((bytes, at) => hex(bytes) === hex(b[at]!))
          expect(hex(merkleRoot(a, sha256)) === hex(merkleRoot(b, sha256))).toBe(same)
        },
      ),
      { seed: 5, numRuns: 300 },
    )
  })

  test('it takes 1 to 65,536 leaves and proves only what it holds', () => {
    expect(() => merkleTree([], sha256)).toThrow(RangeError)
    const many = new Array<Uint8Array>(MERKLE_LEAVES_MAX + 1).fill(new Uint8Array(0))
    expect(() => merkleTree(many, sha256)).toThrow(RangeError)
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(() => merkleTree(shards(3), sha256).proof(index)).toThrow(RangeError)
    }
    for (const count of [0, -1, 1.5, MERKLE_LEAVES_MAX + 1])
      expect(() => merkleProofBytes(count)).toThrow(RangeError)
    expect(merkleProofBytes(MERKLE_LEAVES_MAX)).toBe(32 * 16)
  })

  test('a proof is a copy: changing it changes neither the tree nor the next proof', () => {
    const tree = merkleTree(shards(5), sha256)
    const before = hex(tree.proof(2))
    tree.proof(2).fill(0)
    expect(hex(tree.proof(2))).toBe(before)
  })
})

describe('forgeries: none is accepted', () => {
  const accepted = (claim: Parameters<typeof verifyMerkleProof>[0]): boolean =>
    verifyMerkleProof(claim, sha256)

  test('an inner node as a leaf', () => {
    for (const count of [2, 3, 4, 7, 8, 16]) {
      const levels = fullTree(shards(count))
      for (let height = 1; height < levels.length; height += 1) {
        for (let at = 0; at < levels[height]!.length; at += 1) {
          const children = [...levels[height - 1]![2 * at]!, ...levels[height - 1]![2 * at + 1]!]
          const proof = fullTreeProof(levels.slice(height), at)
          const root = levels.at(-1)![0]!
          for (const leaf of [
            Uint8Array.from(children),
            Uint8Array.of(1, ...children),
            levels[height]![at]!,
          ]) {
            for (let size = 1; size <= count; size += 1) {
              for (let index = 0; index < size; index += 1) {
                expect(accepted({ root, index, count: size, leaf, proof })).toBe(false)
              }
            }
          }
        }
      }
    }
  })

  test('an inner node or a leaf hash as the root of a smaller tree', () => {
    const levels = fullTree(shards(8))
    for (const claim of claims(8)) {
      for (let height = 0; height < 3; height += 1) {
        const root = levels[height]![claim.index >> height]!
        const shorter = { ...claim, root, proof: claim.proof.subarray(0, 32 * height) }
        expect(accepted({ ...shorter, count: 1 << height, index: claim.index % (1 << height) })).toBe(false)
        expect(accepted(shorter)).toBe(false)
      }
    }
  })

  test('a truncated or an extended path', () => {
    for (const count of COUNTS) {
      for (const claim of claims(count).slice(0, 9)) {
        const { proof } = claim
        for (const cut of [0, 1, 31, 32, 33]) {
          const shorter = proof.subarray(0, Math.max(0, proof.length - cut))
          if (shorter.length < proof.length) expect(accepted({ ...claim, proof: shorter })).toBe(false)
        }
        for (const more of [1, 31, 32, 64, 1_024]) {
          expect(accepted({ ...claim, proof: Uint8Array.from([...proof, ...new Uint8Array(more)]) })).toBe(
            false,
          )
          expect(accepted({ ...claim, proof: Uint8Array.from([...new Uint8Array(more), ...proof]) })).toBe(
            false,
          )
        }
      }
    }
  })

  test('a duplicated last leaf, or padding as a leaf', () => {
    for (const count of [1, 3, 5, 6, 7, 9]) {
      const last = claims(count).at(-1)!
      const leaves = shards(count)
      expect(merkleRoot([...leaves, leaves.at(-1)!], sha256)).not.toEqual(last.root)
      expect(merkleRoot([...leaves, new Uint8Array(0)], sha256)).not.toEqual(last.root)
      const proof = fullTreeProof(fullTree(leaves), Math.min(count, 2 ** Math.ceil(Math.log2(count)) - 1))
      for (const leaf of [last.leaf, new Uint8Array(0), Uint8Array.of(2), sha256(Uint8Array.of(2))]) {
        expect(accepted({ ...last, index: count, leaf, proof })).toBe(false)
        expect(accepted({ ...last, index: count, count: count + 1, leaf, proof })).toBe(false)
      }
    }
  })

  test('another index, another count, another size', () => {
    for (const count of [1, 2, 3, 4, 7, 8, 9, 16]) {
      for (const claim of claims(count)) {
        for (let size = 0; size <= 17; size += 1) {
          for (let index = 0; index <= size; index += 1) {
            const honest = size === count && index === claim.index
            expect(accepted({ ...claim, count: size, index })).toBe(honest)
          }
        }
      }
    }
  })

  test('an index or a count that is no number of a leaf', () => {
    const [claim] = claims(4)
    const odd = [-1, 0.5, 4, 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]
    for (const index of odd) expect(accepted({ ...claim!, index })).toBe(false)
    for (const count of [...odd.filter(value => value !== 4), 0])
      expect(accepted({ ...claim!, count })).toBe(false)
  })

  test('any flipped bit in leaf, proof or root, and roots of another length', () => {
    const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
      bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    const claim = claims(7)[5]!
    for (const part of ['leaf', 'proof', 'root'] as const) {
      for (let bit = 0; bit < 8 * claim[part].length; bit += 1) {
        expect(accepted({ ...claim, [part]: flipped(claim[part], bit) })).toBe(false)
      }
    }
    for (const length of [0, 31, 33]) expect(accepted({ ...claim, root: new Uint8Array(length) })).toBe(false)
    expect(accepted({ ...claim, root: claim.root.subarray(0, 31) })).toBe(false)
  })

  test('random bytes, without an exception', () => {
    const bytes = fc.uint8Array({ maxLength: 100 })
    const claim = fc.record({
      root: bytes,
      index: fc.nat(300),
      count: fc.nat(300),
      leaf: bytes,
      proof: bytes,
    })
    fc.assert(
      fc.property(claim, forged => {
        expect(accepted(forged)).toBe(false)
      }),
      { seed: 77, numRuns: 2_000 },
    )
  })
})

/** Of 1, 3, 4 and 100 shards, computed by an independent program from the definition. */
const GOLDEN_ROOTS = [
  '810628aaa4ed7880415b03861ab4c150bb8254481f6892972180543d0b260450',
  'b2efc4adb601ee8f54ceb4ab0aecca22c98d3fb38a451b7ab6efe48cae3625ce',
  '500cc94fce0d8d760879c792de06c1a7bdeb73065946146cc8d4858dddcbb618',
  '047736ac0b595bef05be72c1c81711551780c97e94c25c11f7891048c92a2e79',
]

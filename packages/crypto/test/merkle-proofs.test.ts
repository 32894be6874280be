import { MerkleProofs, merkleTree, type Sha256, verifyMerkleProof } from '@mc/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from './reference.js'

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => Uint8Array.of(count, index, 7))

const counted = (): { readonly hash: Sha256; calls: number } => {
  const counter = {
    calls: 0,
    hash: (...parts: Uint8Array[]) => {
      counter.calls += 1
      return sha256(...parts)
    },
  }
  return counter
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte))

const mischief = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ what: 'nothing' as const, at: 0 }) },
  fc.record({ what: fc.constantFrom('leaf' as const, 'proof' as const), at: fc.nat() }),
  fc.record({
    what: fc.constantFrom('index' as const, 'length' as const),
    at: fc.integer({ min: -2, max: 40 }),
  }),
)

describe('proofs under one root', () => {
  test('each answer is that of verifyMerkleProof, whatever was asked before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 17 }),
        fc.array(fc.tuple(fc.nat(), mischief), { maxLength: 40 }),
        (count, questions) => {
          const leaves = leavesOf(count)
          const tree = merkleTree(leaves, sha256)
          const proofs = new MerkleProofs(tree.root, count, sha256)
          for (const [place, { what, at }] of questions) {
            const index = place % count
            const proof = tree.proof(index)
            const claim = {
              index: what === 'index' ? at : index,
              leaf: what === 'leaf' ? flipped(leaves[index]!, at) : leaves[index]!,
              proof: what === 'length' ? proof.slice(1) : what === 'proof' ? flipped(proof, at) : proof,
            }
            const expected = verifyMerkleProof({ root: tree.root, count, ...claim }, sha256)
            expect(proofs.verify(claim.index, claim.leaf, claim.proof)).toBe(expected)
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    )
  })

  test('all proofs of a tree together hash each leaf and each inner node once', () => {
    for (const count of [1, 2, 4, 8, 16]) {
      const leaves = leavesOf(count)
      const tree = merkleTree(leaves, sha256)
      const counter = counted()
      const proofs = new MerkleProofs(tree.root, count, counter.hash)
      leaves.forEach((leaf, index) => {
        expect(proofs.verify(index, leaf, tree.proof(index))).toBe(true)
      })
      expect(counter.calls).toBe(2 * count - 1)
    }
  })

  test('another root and another number of leaves are refused', () => {
    const leaves = leavesOf(4)
    const tree = merkleTree(leaves, sha256)
    for (const root of [flipped(tree.root, 3), tree.root.slice(1), new Uint8Array(0)]) {
      expect(new MerkleProofs(root, 4, sha256).verify(0, leaves[0]!, tree.proof(0))).toBe(false)
    }
    expect(new MerkleProofs(tree.root, 3, sha256).verify(0, leaves[0]!, tree.proof(0))).toBe(false)
    for (const count of [0, 1.5, 65_537]) {
      expect(() => new MerkleProofs(tree.root, count, sha256)).toThrow(RangeError)
    }
  })
})

describe('all leaves under one root', () => {
  const shown = fc.tuple(fc.integer({ min: 1, max: 17 }), fc.array(fc.nat(), { maxLength: 12 }))

  test('are accepted whichever of them were shown before, and refused if any is another', () => {
    fc.assert(
      fc.property(shown, fc.nat(), ([count, places], wrong) => {
        const leaves = leavesOf(count)
        const tree = merkleTree(leaves, sha256)
        const proofs = new MerkleProofs(tree.root, count, sha256)
        const verified = new Array<Uint8Array | undefined>(count).fill(undefined)
        for (const place of places) {
          const index = place % count
          expect(proofs.verify(index, leaves[index]!, tree.proof(index))).toBe(true)
          verified[index] = leaves[index]
        }
        expect(proofs.areAll(leavesOf(count), verified)).toBe(true)
        const others = leaves.map((leaf, index) => (index === wrong % count ? flipped(leaf, 2) : leaf))
        expect(proofs.areAll(others, verified)).toBe(false)
        expect(proofs.areAll(leaves.slice(1), verified)).toBe(false)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  test('are refused if something else than padding stands beside them, whether it was shown or not', () => {
    // A tree of four whose last leaf is no padding, with a root that claims to be of three.
    const node = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right)
    const leaf = (index: number) => sha256(Uint8Array.of(0, 0, 0, 0, 3, 0, 0, 0, index), leavesOf(3)[index]!)
    const instead = new Uint8Array(32).fill(9)
    const left = node(leaf(0), leaf(1))
    const root = node(left, node(leaf(2), instead))
    const proofs = new MerkleProofs(root, 3, sha256)
    expect(proofs.areAll(leavesOf(3), [])).toBe(false)
    expect(proofs.verify(2, leavesOf(3)[2]!, Uint8Array.of(...instead, ...left))).toBe(true)
    expect(proofs.areAll(leavesOf(3), [undefined, undefined, leavesOf(3)[2]])).toBe(false)
  })

  test('those that were shown are not hashed again', () => {
    const leaves = leavesOf(4)
    const tree = merkleTree(leaves, sha256)
    const counter = counted()
    const proofs = new MerkleProofs(tree.root, 4, counter.hash)
    const verified = leaves.map((leaf, index) => (index === 1 ? undefined : leaf))
    for (const index of [0, 2, 3]) proofs.verify(index, leaves[index]!, tree.proof(index))
    expect(counter.calls).toBe(6)
    expect(proofs.areAll(leavesOf(4), verified)).toBe(true)
    expect(counter.calls).toBe(7)
  })
})

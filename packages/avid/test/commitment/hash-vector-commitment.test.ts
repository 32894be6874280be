import { BAD, type CommittedShard, erasureCode, hashVectorCommitment, type PayloadCoding } from '@mc/avid'
import { domainHash } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { faultsTolerated } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { noise, subsets } from '../bytes.js'

const { sha256 } = nodeCrypto
const commitment = hashVectorCommitment({ sha256, payloadBytesMax: 10_000 })
const codingOf = (n: number): PayloadCoding => commitment.among({ n, f: faultsTolerated(n) })
const seven = codingOf(7)

const shardsOf = (coding: PayloadCoding, payload: Uint8Array): CommittedShard[] => {
  const encoded = coding.encode(payload)
  return Array.from({ length: coding.n }, (_, index) => encoded.shardOf(index))
}

/** A proper vector over any leaves. */
function commitTo(leaves: readonly Uint8Array[]): CommittedShard[] {
  const hashes = leaves.map(leaf => domainHash(sha256, 'mc/hash-vector/shard/v1', leaf))
  const proof = Uint8Array.from(hashes.flatMap(hash => [...hash]))
  const root = domainHash(sha256, 'mc/hash-vector/root/v1', proof)
  return leaves.map(shard => ({ root, shard, proof }))
}

/** What all choices of k shards come to, both ways of asking. */
function verdicts(coding: PayloadCoding, shards: readonly CommittedShard[]): Set<string> {
  const [{ root }] = shards as [CommittedShard]
  const found = new Set<string>()
  for (const kept of subsets(coding.n, coding.k)) {
    const given = shards.map(({ shard }, index) => (kept.includes(index) ? shard : undefined))
    const decoded = coding.decode(root, given)
    found.add(decoded === BAD ? BAD : hex(decoded.payload))
    const under = coding.under(root)
    for (const index of kept) expect(under.verify(index, shards[index] as CommittedShard)).toBe(true)
    const payload = under.decode(given)
    found.add(payload === BAD ? BAD : hex(payload))
  }
  return found
}

describe('hash-vector commitment', () => {
  test('any k shards give the payload back, whatever its length', () => {
    for (const n of [1, 4, 5, 7]) {
      for (const length of [0, 1, 100]) {
        const payload = noise(length, 1_000 * n + length)
        expect(verdicts(codingOf(n), shardsOf(codingOf(n), payload))).toEqual(new Set([hex(payload)]))
      }
    }
  })

  test('leaves that are no codeword are BAD for every choice of shards', () => {
    const leaves = Array.from({ length: 7 }, (_, index) => noise(10, index))
    expect(verdicts(seven, commitTo(leaves))).toEqual(new Set([BAD]))
  })

  test('one altered byte in any shard, under a proper vector, is BAD for every choice of shards', () => {
    const leaves = shardsOf(seven, noise(50, 4)).map(({ shard }) => shard)
    for (const index of leaves.keys()) {
      const altered = leaves.map((leaf, at) => (at === index ? leaf.map(byte => byte ^ 1) : leaf))
      expect(verdicts(seven, commitTo(altered))).toEqual(new Set([BAD]))
    }
  })

  test('a vector with a hash too many or too few is none, though its root fits', () => {
    const leaves = shardsOf(codingOf(10), noise(20, 5)).map(({ shard }) => shard)
    for (const count of [6, 8]) {
      const [first] = commitTo(leaves.slice(0, count)) as [CommittedShard]
      expect(seven.verifyShard(0, first)).toBe(false)
    }
  })

  test('a codeword whose header does not fit, and shards of different lengths, are BAD for every choice', () => {
    const block = new Uint8Array(30)
    new DataView(block.buffer).setUint32(0, 9)
    const leaves = erasureCode({ n: 7, k: 3 }).encode(block)
    expect(verdicts(seven, commitTo(leaves))).toEqual(new Set([BAD]))
    const uneven = leaves.map((leaf, index) => (index % 2 === 0 ? leaf : leaf.subarray(1)))
    expect(verdicts(seven, commitTo(uneven))).toEqual(new Set([BAD]))
  })

  test('a shard is the shard of its own index, under its own root, with the whole vector', () => {
    const shards = shardsOf(seven, noise(50, 1))
    const others = shardsOf(seven, noise(50, 2))
    shards.forEach((shard, at) => {
      for (const index of [0, 1, 2, 3, 4, 5, 6, 7, -1, 0.5]) {
        expect(seven.verifyShard(index, shard)).toBe(index === at)
      }
      const { root, proof } = shard
      expect(seven.verifyShard(at, { ...(others[at] as CommittedShard), root })).toBe(false)
      expect(seven.verifyShard(at, { ...shard, proof: proof.subarray(1) })).toBe(false)
      expect(seven.verifyShard(at, { ...shard, shard: new Uint8Array(0) })).toBe(false)
      expect(seven.verifyShard(at, { ...shard, shard: new Uint8Array(9_999) })).toBe(false)
    })
  })

  test('any bit of shard, vector or root counts, also once the vector is known', () => {
    const [first, second] = shardsOf(seven, noise(20, 3)) as [CommittedShard, CommittedShard]
    const under = seven.under(first.root)
    expect(under.verify(0, first)).toBe(true)
    for (const field of ['shard', 'proof', 'root'] as const) {
      for (let at = 0; at < first[field].length; at += 1) {
        const flipped = second[field].map((byte, other) => (other === at ? byte ^ 1 : byte))
        expect(seven.verifyShard(1, { ...second, [field]: flipped })).toBe(false)
        if (field !== 'root') expect(under.verify(1, { ...second, [field]: flipped })).toBe(false)
      }
    }
  })

  test('the bytes of a small encoding stay what they are', () => {
    const { root } = codingOf(4).encode(Uint8Array.of(1, 2, 3))
    expect(hex(root)).toBe('bff21ec8e8e7774ee5088f2cef07da1ce80385c2bfbe126f693e2140ed44f5cc')
  })

  test('caps: the payload, the wire fields, the size of the committee', () => {
    expect(() => seven.encode(new Uint8Array(10_001))).toThrow(RangeError)
    expect(() => hashVectorCommitment({ sha256, payloadBytesMax: -1 })).toThrow(RangeError)
    expect(() => commitment.among({ n: 256, f: 85 })).toThrow(RangeError)
    const { shard, proof } = commitment.fields({ n: 7 })
    const [largest] = shardsOf(seven, new Uint8Array(10_000)) as [CommittedShard]
    expect(shard.decode(shard.encode(largest.shard))).toEqual(largest.shard)
    expect(proof.encode(largest.proof)).toHaveLength(7 * 32)
  })
})

import {
  BAD,
  type CommittedShard,
  erasureCode,
  merkleCommitment,
  type PayloadCoding,
  portableKernel,
} from '@mc/avid'
import { merkleTree } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { faultsTolerated } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noise, numRuns, only, subsets } from '../bytes.js'

const { sha256 } = nodeCrypto
const commitment = merkleCommitment({ sha256, payloadBytesMax: 10_000 })
const sizeOf = (n: number) => ({ n, f: faultsTolerated(n) })
const codingOf = (n: number): PayloadCoding => commitment.among(sizeOf(n))
const seven = codingOf(7)

const shardsOf = (coding: PayloadCoding, payload: Uint8Array): CommittedShard[] => {
  const encoded = coding.encode(payload)
  return Array.from({ length: coding.n }, (_, index) => encoded.shardOf(index))
}

const payloadIn = (decoded: ReturnType<PayloadCoding['decode']>) => (decoded === BAD ? BAD : decoded.payload)

/** What a proposer may do who follows nothing: any n leaves under a proper tree. */
function commitTo(leaves: readonly Uint8Array[]): { root: Uint8Array; leaves: readonly Uint8Array[] } {
  return { root: merkleTree(leaves, sha256).root, leaves }
}

/** The shards of any block, framed well or not. */
const codewordOf = (coding: PayloadCoding, block: Uint8Array): Uint8Array[] =>
  erasureCode({ n: coding.n, k: coding.k }).encode(block)

/** The block of a payload under a header of the attacker's choice, `length` bytes in all. */
function blockWith(header: number, payload: Uint8Array, length: number): Uint8Array {
  const block = new Uint8Array(length)
  new DataView(block.buffer).setUint32(0, header)
  block.set(payload, 4)
  return block
}

/** The same answer by `under`, which has seen these shards and one more. */
function verdictUnder(
  coding: PayloadCoding,
  root: Uint8Array,
  leaves: readonly Uint8Array[],
  kept: readonly number[],
) {
  const tree = merkleTree(leaves, sha256)
  const shardAt = (index: number) => ({
    root,
    shard: leaves[index] as Uint8Array,
    proof: tree.proof(index),
  })
  const under = coding.under(root)
  for (const index of [...kept, coding.n - 1]) {
    const bad = { ...shardAt(index), proof: shardAt(index).proof.map(byte => byte ^ 1) }
    expect(under.verify(index, bad)).toBe(coding.verifyShard(index, bad))
    expect(under.verify(index, shardAt(index))).toBe(coding.verifyShard(index, shardAt(index)))
  }
  return under.decode(only(leaves, kept))
}

/** What every choice of k shards decodes to; fails if two choices disagree. */
function verdictOf(coding: PayloadCoding, root: Uint8Array, leaves: readonly Uint8Array[]) {
  const verdicts = [...subsets(coding.n, coding.k)].map(kept => {
    const verdict = payloadIn(coding.decode(root, only(leaves, kept)))
    expect(verdictUnder(coding, root, leaves, kept)).toEqual(verdict)
    return verdict
  })
  for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0])
  return verdicts[0]
}

describe('encoding, byte by byte', () => {
  test('k = n − 2f shards suffice, also where n > 3f + 1', () => {
    expect([1, 4, 5, 6, 7, 8, 9, 10].map(n => codingOf(n).k)).toEqual([1, 2, 3, 4, 3, 4, 5, 4])
    expect(commitment.among({ n: 7, f: 1 }).k).toBe(5)
  })

  test('the block is a 4-byte big-endian length, the payload, zeros up to k · L; L = ⌈(4 + |M|) / k⌉', () => {
    const shards = shardsOf(seven, Uint8Array.of(1, 2, 3, 4, 5, 6))
    expect(shards.slice(0, 3).map(({ shard }) => hex(shard))).toEqual(['00000006', '01020304', '05060000'])
  })

  test('the bytes of a small encoding stay what they are', () => {
    const [first, , , parity] = shardsOf(codingOf(4), Uint8Array.of(0xca, 0xfe))
    expect(hex(first?.shard ?? sha256())).toBe('000000')
    expect(hex(parity?.shard ?? sha256())).toMatchInlineSnapshot(`"01657f"`)
    expect(hex(first?.root ?? sha256())).toMatchInlineSnapshot(
      `"e6e3fde098e70bb4a4d9bc464bef9d63e1d70dfb4116560d92c571e29786b3ab"`,
    )
  })

  test('the root is that of a Merkle tree over all n shards, each bound to its index', () => {
    const shards = shardsOf(seven, noise(100, 1))
    const tree = merkleTree(
      shards.map(({ shard }) => shard),
      sha256,
    )
    shards.forEach(({ root, proof }, index) => {
      expect(root).toEqual(tree.root)
      expect(proof).toEqual(tree.proof(index))
    })
  })

  test('neither kernel nor provider changes a byte', () => {
    const other = merkleCommitment({
      sha256: portableCrypto.sha256,
      payloadBytesMax: 10_000,
      kernel: portableKernel(),
    })
    for (const n of [4, 7, 16]) {
      expect(shardsOf(other.among(sizeOf(n)), noise(1_000, n))).toEqual(
        shardsOf(codingOf(n), noise(1_000, n)),
      )
    }
  })

  test('the data shards are views into one block: the payload is copied once', () => {
    const shards = shardsOf(seven, noise(100, 2))
    expect(shards[1]?.shard.buffer).toBe(shards[0]?.shard.buffer)
    expect(shards[6]?.shard.buffer).toBe(shards[3]?.shard.buffer)
  })
})

describe('decoding', () => {
  test('any k verified shards give the payload back, whatever its length, zeros at its end included', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat({ max: 9 }),
        fc.infiniteStream(fc.nat()),
        (n, start, zeros, order) => {
          const coding = codingOf(n)
          const payload = new Uint8Array([...start, ...new Uint8Array(zeros)])
          const shards = shardsOf(coding, payload)
          const places = [...shards.keys()]
            .map(place => ({ place, rank: order.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ place }) => place)
            .slice(0, coding.k)
          const kept = only(
            shards.map(({ shard }) => shard),
            places,
          )
          expect(payloadIn(coding.decode(shards[0]?.root as Uint8Array, kept))).toEqual(payload)
        },
      ),
      { seed: 3, numRuns: numRuns(200) },
    )
  })

  test('the empty payload and the largest one work', () => {
    for (const payload of [new Uint8Array(0), noise(10_000, 3)]) {
      const shards = shardsOf(seven, payload).map(({ shard }) => shard)
      expect(payloadIn(seven.decode(seven.encode(payload).root, only(shards, [4, 5, 6])))).toEqual(payload)
    }
  })

  test('who decodes has all shards and proofs again', () => {
    const shards = shardsOf(seven, noise(50, 4))
    const kept = only(
      shards.map(({ shard }) => shard),
      [1, 4, 6],
    )
    const decoded = seven.decode(shards[0]?.root as Uint8Array, kept)
    if (decoded === BAD) throw new Error('must decode')
    expect(shards.map((_, index) => decoded.shardOf(index))).toEqual(shards)
  })
})

describe('inconsistent encoding: all 35 subsets of 3 of 7 shards give the same answer', () => {
  const payload = noise(200, 5)
  const good = shardsOf(seven, payload).map(({ shard }) => shard)

  test('an honest encoding: the payload', () => {
    const { root, leaves } = commitTo(good)
    expect(verdictOf(seven, root, leaves)).toEqual(payload)
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('one altered byte in shard %i, under a proper tree: BAD', index => {
    const leaves = good.map(shard => shard.slice())
    ;(leaves[index] as Uint8Array)[7] = ((leaves[index]?.[7] as number) + 1) % 256
    const forged = commitTo(leaves)
    expect(verdictOf(seven, forged.root, forged.leaves)).toBe(BAD)
  })

  test('random leaves, and leaves that mix two payloads: BAD', () => {
    const other = shardsOf(seven, noise(200, 6)).map(({ shard }) => shard)
    const mixed = commitTo(good.map((shard, index) => (index < 4 ? shard : (other[index] as Uint8Array))))
    expect(verdictOf(seven, mixed.root, mixed.leaves)).toBe(BAD)
    const random = commitTo(good.map((_, index) => noise(68, index)))
    expect(verdictOf(seven, random.root, random.leaves)).toBe(BAD)
  })

  test('polynomials of a higher degree, so that k + 1 shards agree but not all: BAD', () => {
    const block = blockWith(200, payload, 4 * 51)
    const wider = commitTo(erasureCode({ n: 7, k: 4 }).encode(block))
    expect(verdictOf(seven, wider.root, wider.leaves)).toBe(BAD)
  })

  test('shards of different lengths: BAD', () => {
    const cut = commitTo(good.map((shard, index) => (index === 5 ? shard.subarray(1) : shard)))
    expect(verdictOf(seven, cut.root, cut.leaves)).toBe(BAD)
    const grown = commitTo(good.map((shard, index) => (index < 3 ? new Uint8Array([...shard, 0]) : shard)))
    expect(verdictOf(seven, grown.root, grown.leaves)).toBe(BAD)
  })

  test('a codeword whose header declares another length than fits: BAD', () => {
    for (const header of [0, 199 - 3, 201 + 2, 2 ** 31, 2 ** 32 - 1]) {
      const forged = commitTo(codewordOf(seven, blockWith(header, payload, 204)))
      expect(verdictOf(seven, forged.root, forged.leaves)).toBe(BAD)
    }
  })

  test('a codeword with one shard length too many, or something in the padding: BAD', () => {
    const longer = commitTo(codewordOf(seven, blockWith(200, payload, 207)))
    expect(verdictOf(seven, longer.root, longer.leaves)).toBe(BAD)
    const hidden = blockWith(199, payload, 204)
    const stuffed = commitTo(codewordOf(seven, hidden))
    expect(verdictOf(seven, stuffed.root, stuffed.leaves)).toBe(BAD)
    const canonical = blockWith(199, payload.subarray(0, 199), 204)
    const proper = commitTo(codewordOf(seven, canonical))
    expect(verdictOf(seven, proper.root, proper.leaves)).toEqual(payload.subarray(0, 199))
  })

  test('shards that are too short even for the header: BAD', () => {
    const tiny = commitTo(codewordOf(seven, Uint8Array.of(0, 0, 0)))
    expect(verdictOf(seven, tiny.root, tiny.leaves)).toBe(BAD)
  })

  test('a payload over the cap that still fits the largest shard: BAD', () => {
    const tight = merkleCommitment({ sha256, payloadBytesMax: 9_999 }).among(sizeOf(7))
    const over = shardsOf(seven, noise(10_000, 7))
    const kept = only(
      over.map(({ shard }) => shard),
      [0, 1, 2],
    )
    expect(tight.verifyShard(0, over[0] as CommittedShard)).toBe(true)
    expect(tight.decode(over[0]?.root as Uint8Array, kept)).toBe(BAD)
  })

  test('random Byzantine codewords and blocks: never two answers, never an exception', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 6, maxLength: 6 }), { minLength: 7, maxLength: 7 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 7 }),
        (leaves, header, wrong) => {
          const codeword = codewordOf(seven, blockWith(header, new Uint8Array(0), 18))
          const forged = commitTo(
            codeword.map((shard, at) => (at < wrong ? (leaves[at] as Uint8Array) : shard)),
          )
          verdictOf(seven, forged.root, forged.leaves)
        },
      ),
      { seed: 4, numRuns: numRuns(60) },
    )
  })
})

describe('a shard is verified by its index, its length and its proof', () => {
  const shards = shardsOf(seven, noise(100, 8))

  test('each shard is the shard of its own index only', () => {
    for (let index = -1; index <= 7; index += 1) {
      expect(shards.map(shard => seven.verifyShard(index, shard))).toEqual(
        shards.map((_, at) => at === index),
      )
    }
  })

  test('another committee size, other bytes, another root, a shorter or longer proof: refused', () => {
    const [first] = shards as [CommittedShard, ...CommittedShard[]]
    expect(codingOf(8).verifyShard(0, first)).toBe(false)
    expect(seven.verifyShard(0, { ...first, shard: first.shard.subarray(1) })).toBe(false)
    expect(seven.verifyShard(0, { ...first, root: sha256(first.root) })).toBe(false)
    expect(seven.verifyShard(0, { ...first, proof: first.proof.subarray(32) })).toBe(false)
    expect(seven.verifyShard(0, { ...first, proof: new Uint8Array([...first.proof, ...first.root]) })).toBe(
      false,
    )
  })

  test('any mutation of one bit is refused, and nothing throws', () => {
    const fields = ['root', 'shard', 'proof'] as const
    fc.assert(
      fc.property(
        fc.nat({ max: 6 }),
        fc.constantFrom(...fields),
        fc.nat(),
        fc.nat({ max: 7 }),
        (at, field, byte, bit) => {
          const shard = shards[at] as CommittedShard
          const mutated = shard[field].slice()
          const place = byte % mutated.length
          mutated[place] = (mutated[place] as number) ^ (1 << bit)
          expect(seven.verifyShard(at, { ...shard, [field]: mutated })).toBe(false)
        },
      ),
      { seed: 5, numRuns: numRuns(500) },
    )
  })

  test('a shard over the cap is refused before it is hashed', () => {
    let hashed = 0
    const counting = merkleCommitment({
      payloadBytesMax: 100,
      sha256: (...parts) => {
        hashed += 1
        return sha256(...parts)
      },
    }).among(sizeOf(7))
    const forged = commitTo(Array.from({ length: 7 }, () => new Uint8Array(36)))
    const proof = merkleTree(forged.leaves, sha256).proof(0)
    expect(counting.verifyShard(0, { root: forged.root, shard: forged.leaves[0] as Uint8Array, proof })).toBe(
      false,
    )
    expect(counting.verifyShard(0, { root: forged.root, shard: new Uint8Array(0), proof })).toBe(false)
    expect(hashed).toBe(0)
  })
})

describe('bounds and misuse', () => {
  test('a payload over the cap is the caller’s mistake', () => {
    expect(() => seven.encode(new Uint8Array(10_001))).toThrow(RangeError)
  })

  test.each([-1, 1.5, 2 ** 32])('payloadBytesMax = %d is refused', payloadBytesMax => {
    expect(() => merkleCommitment({ sha256, payloadBytesMax })).toThrow(RangeError)
  })

  test('a committee of 256 is too large for the code', () => {
    expect(() => codingOf(256)).toThrow(RangeError)
    expect(codingOf(255).k).toBe(87)
  })

  test('too few shards are the caller’s mistake', () => {
    const shards = shardsOf(seven, noise(9, 9)).map(({ shard }) => shard)
    expect(() => seven.decode(sha256(), only(shards, [0, 1]))).toThrow(RangeError)
  })

  test('the wire fields carry the largest shard of every f, and nothing longer', () => {
    for (const [n, f] of [
      [7, 2],
      [7, 1],
      [7, 0],
    ] as const) {
      const [shard] = shardsOf(commitment.among({ n, f }), noise(10_000, f)) as [CommittedShard]
      const fields = commitment.fields({ n })
      for (const field of ['root', 'shard', 'proof'] as const) {
        expect(fields[field].decode(fields[field].encode(shard[field]))).toEqual(shard[field])
      }
    }
    expect(() => commitment.fields({ n: 7 }).shard.encode(new Uint8Array(3_336))).toThrow(RangeError)
  })

  test('the coding of a committee is made once', () => {
    expect(codingOf(7)).toBe(codingOf(7))
    expect(commitment.among({ n: 7, f: 1 })).not.toBe(codingOf(7))
  })
})

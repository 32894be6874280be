import { DIGEST_BYTES, domainHash, type Rng, seededRng, streamRng, systemRng } from '@mc/crypto'
import { describeRng } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { hex, utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const seeded = (seed: string | Uint8Array = 'seed'): Rng => seededRng(seed, sha256)
const counts = (draws: number, values: number, draw: () => number): number[] => {
  const found = new Array<number>(values).fill(0)
  for (let count = 0; count < draws; count += 1) found[draw()]! += 1
  return found
}

describeRng(seeded('laws'), { describe, test })

describe('the seeded stream', () => {
  test('block i is SHA-256(key ‖ u64be(i)), key = H("mc/rng/seed/v1", seed)', () => {
    const key = domainHash(sha256, 'mc/rng/seed/v1', utf8('seed'))
    const blocks = Array.from({ length: 300 }, (_, at) =>
      sha256(key, Uint8Array.of(0, 0, 0, 0, 0, 0, at >> 8, at)),
    )
    expect(Buffer.from(seeded().bytes(300 * DIGEST_BYTES)).equals(Buffer.concat(blocks))).toBe(true)
  })

  test('its values are part of every recorded scenario', () => {
    const rng = seeded()
    const values = [
      hex(rng.bytes(8)),
      rng.bit(),
      rng.bit(),
      rng.below(6),
      rng.below(1_000_000),
      rng.below(2 ** 53 - 1),
    ]
    expect([...values, hex(rng.fork('node 3/coin').bytes(8))]).toEqual(GOLDEN_VALUES)
  })

  test('the same seed gives the same values with every provider; another seed gives others', () => {
    const portable = seededRng('seed', portableCrypto.sha256)
    expect(portable.bytes(100)).toEqual(seeded().bytes(100))
    expect(portable.fork('x').below(1_000)).toBe(seeded().fork('x').below(1_000))
    expect(seeded(utf8('seed')).bytes(8)).toEqual(seeded('seed').bytes(8))
    expect(seeded('seed2').bytes(8)).not.toEqual(seeded('seed').bytes(8))
    expect(seeded(new Uint8Array(1)).bytes(8)).not.toEqual(seeded(new Uint8Array(2)).bytes(8))
  })

  test('bytes come in any portions', () => {
    const [whole, parts] = [seeded(), seeded()]
    const portions = [0, 1, 31, 32, 33, 3, 100].map(length => parts.bytes(length))
    expect(Buffer.from(whole.bytes(200)).equals(Buffer.concat(portions))).toBe(true)
  })
})

describe('forks', () => {
  test('a fork depends on its path of labels alone, not on what was drawn', () => {
    const parent = seeded()
    const before = parent.fork('a').bytes(32)
    parent.bytes(1_000)
    parent.fork('b').bytes(1_000)
    expect(parent.fork('a').bytes(32)).toEqual(before)
  })

  test('a fork never shifts its parent', () => {
    const [plain, forking] = [seeded(), seeded()]
    expect(plain.bytes(5)).toEqual(forking.bytes(5))
    forking.fork('a').bytes(77)
    expect(forking.bytes(64)).toEqual(plain.bytes(64))
  })

  test('different paths give different streams', () => {
    const root = seeded()
    const streams = [root, root.fork(''), root.fork('a'), root.fork('b'), root.fork('ab')]
    streams.push(root.fork('a').fork('b'), root.fork('b').fork('a'), root.fork('a').fork('a'))
    expect(new Set(streams.map(stream => hex(stream.bytes(32)))).size).toBe(streams.length)
  })
})

describe('distributions', () => {
  test('bit() shows both values, about equally often, and in no simple pattern', () => {
    const rng = seeded('coin')
    const [zeros, ones] = counts(20_000, 2, () => rng.bit())
    expect(Math.abs(zeros! - ones!)).toBeLessThan(600)
    const pairs = counts(20_000, 4, () => 2 * rng.bit() + rng.bit())
    for (const pair of pairs) expect(Math.abs(pair - 5_000)).toBeLessThan(310)
  })

  test('the first bit of many forks shows both values', () => {
    const root = seeded('nodes')
    let node = 0
    const [zeros, ones] = counts(4_000, 2, () => root.fork(`node ${node++}`).bit())
    expect(Math.abs(zeros! - ones!)).toBeLessThan(320)
  })

  test.each([2, 3, 5, 6, 10, 100, 200, 256, 257])('below(%i) favours no value', bound => {
    const rng = seeded(`below ${bound}`)
    const expected = 200
    const found = counts(expected * bound, bound, () => rng.below(bound))
    const chiSquared = found.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // Mean bound − 1, variance 2 (bound − 1): five standard deviations and the tail of few degrees of freedom.
    expect(chiSquared).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * (bound - 1)) + 8)
  })

  test('below() rejects instead of folding: 3 of 4 bytes of two bits are used as they are', () => {
    const bytes = [3, 0, 1, 3, 2]
    let at = 0
    const rng = streamRng({
      blockBytes: 1,
      fill: block => block.fill(bytes[at++]!),
      fork: () => rng,
    })
    expect([rng.below(3), rng.below(3), rng.below(3)]).toEqual([0, 1, 2])
    expect(at).toBe(5)
  })

  test('below(1) draws nothing, and bounds up to 2^53 − 1 use all their bits', () => {
    const ones = systemRng(block => block.fill(0xff))
    expect(systemRng(() => expect.unreachable()).below(1)).toBe(0)
    expect(ones.below(2 ** 52)).toBe(2 ** 52 - 1)
    expect(ones.below(2 ** 32)).toBe(2 ** 32 - 1)
    expect(ones.below(2 ** 33)).toBe(2 ** 33 - 1)
    const high = Array.from({ length: 64 }, () => seeded('x').below(2 ** 53 - 1))
    expect(high.every(value => Number.isSafeInteger(value))).toBe(true)
  })
})

test('what was given out is erased from the block', () => {
  let block: Uint8Array = new Uint8Array(0)
  const rng = systemRng(filled => {
    block = filled.fill(0xaa)
  })
  rng.bytes(5)
  rng.bit()
  expect(block.subarray(0, 6)).toEqual(new Uint8Array(6))
  expect(block[6]).toBe(0xaa)
})

/** Computed by an independent program from the definition. */
const GOLDEN_VALUES = ['76cc36810a833690', 1, 0, 1, 8487, 1358946258019771, 'bc1182e4fdfe8487']

import { readFileSync } from 'node:fs'
import {
  type KeySet,
  keySetDigest,
  openKeySet,
  ristretto255,
  type ThresholdFunction,
  thresholdPrf,
} from '@mc/crypto/threshold'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { dealt, fastGroup, rngOf, sha256, unverified, withFlippedBit } from './threshold-keys.js'

const vectors = JSON.parse(readFileSync(new URL('threshold.vectors.json', import.meta.url), 'utf8'))

const { keys, secretShares } = dealt(fastGroup)
const prf = thresholdPrf({ group: fastGroup, sha256, keys })
const input = Uint8Array.of(1, 2, 3)

const sharesOf = (members: readonly number[], of: ThresholdFunction = prf, at = input) =>
  members.map(member => unverified(member, of.share(at, secretShares[member]!)))

describe('Cachin, Kursawe, Shoup, section 4.3', () => {
  test('any k shares give the same value', () => {
    const value = prf.combine(input, sharesOf([0, 1, 2]))
    expect(value.type).toBe('value')
    for (const members of [
      [6, 5, 4],
      [2, 0, 6],
      [1, 3, 5],
    ]) {
      expect(prf.combine(input, sharesOf(members))).toEqual(value)
    }
  })

  test('the value is that of the shared key: another key, another input, another value', () => {
    const values = [
      prf.combine(input, sharesOf([0, 1, 2])),
      prf.combine(Uint8Array.of(1, 2), sharesOf([0, 1, 2], prf, Uint8Array.of(1, 2))),
    ]
    const other = dealt(fastGroup, 'another key')
    const otherPrf = thresholdPrf({ group: fastGroup, sha256, keys: other.keys })
    const shares = [0, 1, 2].map(member =>
      unverified(member, otherPrf.share(input, other.secretShares[member]!)),
    )
    values.push(otherPrf.combine(input, shares))
    expect(new Set(values.map(value => JSON.stringify(value))).size).toBe(3)
  })

  test('a share verifies for its member, its input and its key alone', () => {
    const { share } = sharesOf([2])[0]!
    expect(prf.verifyShare(input, 2, share)).toBe(true)
    expect(prf.verifyShare(input, 3, share)).toBe(false)
    expect(prf.verifyShare(Uint8Array.of(9), 2, share)).toBe(false)
    for (const nobody of [-1, 7, 0.5, Number.NaN]) expect(prf.verifyShare(input, nobody, share)).toBe(false)
  })

  test('every bit of a share counts', () => {
    const { share } = sharesOf([2])[0]!
    for (let bit = 0; bit < 8 * share.length; bit += 1) {
      expect(prf.verifyShare(input, 2, withFlippedBit(share, bit))).toBe(false)
    }
    for (const length of [0, 1, share.length - 1, share.length + 1]) {
      expect(prf.verifyShare(input, 2, new Uint8Array(length))).toBe(false)
    }
  })

  test('whoever gives a bad share is named, and nobody else', () => {
    const [first, second, third] = sharesOf([0, 1, 2])
    const noise = unverified(4, rngOf('noise').bytes(prf.shareBytes))
    const borrowed = { ...third!, member: 5 }
    expect(prf.combine(input, [first!, noise, second!])).toEqual({ type: 'bad-shares', members: [4] })
    expect(prf.combine(input, [borrowed, noise, second!])).toEqual({ type: 'bad-shares', members: [5, 4] })
  })

  test('what is marked as verified is not verified again, and still has to decode', () => {
    const verified = sharesOf([0, 1, 2]).map(share => ({ ...share, verified: true }))
    expect(prf.combine(input, verified)).toEqual(prf.combine(input, sharesOf([0, 1, 2])))
    const broken = { member: 4, share: new Uint8Array(3), verified: true }
    expect(prf.combine(input, [...verified.slice(1), broken])).toEqual({ type: 'bad-shares', members: [4] })
  })

  test('exactly k shares of different members are combined', () => {
    const [first, second, third, fourth] = sharesOf([0, 1, 2, 3])
    expect(() => prf.combine(input, [first!, second!])).toThrow(RangeError)
    expect(() => prf.combine(input, [first!, second!, third!, fourth!])).toThrow(RangeError)
    expect(() => prf.combine(input, [first!, second!, second!])).toThrow(RangeError)
    const noise = unverified(4, rngOf('noise').bytes(prf.shareBytes))
    expect(() => prf.combine(input, [first!, noise, noise])).toThrow(RangeError)
    expect(() => prf.combine(input, [first!, second!, { ...third!, member: 7 }])).toThrow(RangeError)
  })

  test('nobody makes a share without a secret', () => {
    expect(() => prf.share(input, new Uint8Array(8))).toThrow(RangeError)
    expect(() => prf.share(input, new Uint8Array(8).fill(0xff))).toThrow(RangeError)
    expect(() => prf.share(input, new Uint8Array(3))).toThrow(RangeError)
    expect(prf.holdersOf(secretShares[3]!)).toEqual([3])
    expect(prf.holdersOf(new Uint8Array(3))).toEqual([])
  })

  test('golden vectors over ristretto255: keys, share, value', () => {
    const real = dealt(ristretto255)
    const function_ = thresholdPrf({ group: ristretto255, sha256, keys: real.keys })
    const shares = [1, 4, 6].map(member =>
      unverified(member, function_.share(input, real.secretShares[member]!)),
    )
    const combined = function_.combine(input, shares)
    expect({
      name: function_.name,
      keySet: hex(function_.keySet),
      secretShare: hex(real.secretShares[1]!),
      share: hex(shares[0]!.share),
      value: combined.type === 'value' ? hex(combined.value) : 'bad shares',
    }).toEqual(vectors.prf)
  })
})

describe('a key set', () => {
  test('opens if all keys are on one polynomial, whatever the threshold', () => {
    expect(openKeySet(fastGroup, keys)).toBeDefined()
    for (const threshold of [1, 2, 5, 7]) {
      const dealtKeys = dealtWith(threshold)
      expect(openKeySet(fastGroup, dealtKeys)).toBeDefined()
    }
  })

  test('does not open if a key is missing, moved or made up: two sets of shares would give two values', () => {
    const [first, second, ...rest] = keys.verificationKeys
    const made = fastGroup.encode(fastGroup.hashToGroup('made up', input))
    const broken: readonly KeySet[] = [
      { ...keys, verificationKeys: [second!, first!, ...rest] },
      { ...keys, verificationKeys: [first!, ...rest] },
      { ...keys, verificationKeys: [first!, made, ...rest] },
      { ...keys, publicKey: made },
      { ...keys, threshold: 2 },
    ]
    for (const one of broken) {
      expect(openKeySet(fastGroup, one)).toBeUndefined()
      expect(() => thresholdPrf({ group: fastGroup, sha256, keys: one })).toThrow(RangeError)
    }
  })

  test('does not open if it is not made of elements, or its threshold is impossible', () => {
    const noise = new Uint8Array(8).fill(0xff)
    const broken: readonly KeySet[] = [
      { ...keys, publicKey: noise },
      { ...keys, publicKey: new Uint8Array(0) },
      { ...keys, verificationKeys: keys.verificationKeys.map(() => noise) },
      { ...keys, verificationKeys: [] },
      { ...keys, threshold: 0 },
      { ...keys, threshold: 8 },
      { ...keys, threshold: 2.5 },
      { ...keys, threshold: Number.NaN },
    ]
    for (const one of broken) expect(openKeySet(fastGroup, one)).toBeUndefined()
  })

  test('has a name that changes with any of its parts', () => {
    const [first, second, ...rest] = keys.verificationKeys
    const names = [
      keys,
      { ...keys, threshold: 2 },
      { ...keys, publicKey: first! },
      { ...keys, verificationKeys: [second!, first!, ...rest] },
    ].map(one => hex(keySetDigest(sha256, one)))
    expect(new Set(names).size).toBe(4)
  })
})

const dealtWith = (threshold: number): KeySet => {
  const { secretShares: secrets } = dealt(fastGroup)
  const [secret] = secrets.map(bytes => fastGroup.decodeScalar(bytes)!)
  const coefficients = Array.from({ length: threshold }, (_, at) => secret! + BigInt(at * at))
  const at = (x: bigint): bigint =>
    coefficients.reduceRight((sum, one) => (sum * x + one) % fastGroup.order, 0n)
  const publicOf = (x: bigint) => fastGroup.encode(fastGroup.multiply(fastGroup.generator, at(x)))
  return {
    threshold,
    publicKey: publicOf(0n),
    verificationKeys: [1n, 2n, 3n, 4n, 5n, 6n, 7n].map(publicOf),
  }
}

import { readFileSync } from 'node:fs'
import { blsG1 } from '@mc/crypto/bls'
import {
  bivariateCommitmentLength,
  commitBivariate,
  commitPolynomial,
  committedValue,
  decodeElements,
  encodeElements,
  interpolateAt,
  keySetOf,
  keySetThrough,
  lagrangeAt,
  randomPolynomial,
  rowOf,
  SymmetricBivariate,
  sealedBoxes,
  verifyPoints,
  verifyRows,
  verifyValues,
} from '@mc/crypto/dkg'
import { openKeySet, type PrimeGroup, recoverSecret, ristretto255 } from '@mc/crypto/threshold'
import { fromHex, hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { fastGroup, rngOf, sha256, withFlippedBit } from './threshold-keys.js'

const threshold = 3
const members = [0, 1, 2, 3, 4, 5, 6]

const at = (coefficients: readonly bigint[], x: bigint, order: bigint): bigint =>
  coefficients.reduceRight((sum, coefficient) => (sum * x + coefficient) % order, 0n)

describe.each([
  ['insecure', fastGroup as PrimeGroup<never>],
  ['ristretto255', ristretto255 as PrimeGroup<never>],
  ['bls12-381 G1', blsG1 as PrimeGroup<never>],
])('committed polynomials over %s', (_, group) => {
  const setting = { group, sha256 }
  const { order } = group
  const polynomial = new SymmetricBivariate({ threshold, order, rng: rngOf('bivariate') })
  const commitment = commitBivariate(group, polynomial)
  const rows = members.map(member => polynomial.row(member))
  const claims = members.map(member => ({ commitment, member, row: rows[member] as readonly bigint[] }))

  test('symmetric: every two members hold a common point, F(i + 1, j + 1) = F(j + 1, i + 1)', () => {
    for (const i of members) {
      for (const j of members) {
        expect(at(rows[i] as bigint[], BigInt(j + 1), order)).toBe(
          at(rows[j] as bigint[], BigInt(i + 1), order),
        )
      }
    }
  })

  test('the shares F(i + 1, 0) are shares of F(0, 0), by any threshold of them', () => {
    const shares = members.map(member => ({ member, value: (rows[member] as bigint[])[0] as bigint }))
    const secret = recoverSecret(shares.slice(0, 3), order)
    expect(recoverSecret(shares.slice(-3), order)).toBe(secret)
    const keys = keySetOf(group, rowOf(commitment, threshold), members.length)
    expect(keys?.origin).toBe('generated')
    expect(keys?.threshold).toBe(threshold)
    expect(keys && openKeySet(group, keys)).toBeDefined()
    expect(keys?.publicKey).toEqual(group.encode(group.multiply(group.generator, secret)))
    expect(keys?.verificationKeys).toEqual(
      shares.map(({ value }) => group.encode(group.multiply(group.generator, value))),
    )
  })

  test('all good rows are verified at once, also of different dealings', () => {
    expect(verifyRows(setting, claims)).toBe(true)
    const other = new SymmetricBivariate({ threshold, order, rng: rngOf('other') })
    const otherClaim = { commitment: commitBivariate(group, other), member: 4, row: other.row(4) }
    expect(verifyRows(setting, [...claims.slice(0, 2), otherClaim])).toBe(true)
    expect(verifyRows(setting, [])).toBe(true)
  })

  test('a row with one wrong coefficient, of another member or of another length is not verified', () => {
    for (let k = 0; k < threshold; k += 1) {
      const row = rows[2]?.map((one, index) => (index === k ? (one + 1n) % order : one)) as bigint[]
      expect(verifyRows(setting, [claims[0] as never, { commitment, member: 2, row }])).toBe(false)
    }
    expect(verifyRows(setting, [{ commitment, member: 1, row: rows[2] as bigint[] }])).toBe(false)
    expect(verifyRows(setting, [{ commitment, member: 1, row: (rows[1] as bigint[]).slice(1) }])).toBe(false)
  })

  test('two wrong rows do not make up for each other', () => {
    const more = rows[1]?.map(one => (one + 1n) % order) as bigint[]
    const less = rows[1]?.map(one => (one + order - 1n) % order) as bigint[]
    const pair = [more, less].map(row => ({ commitment, member: 1, row }))
    expect(verifyRows(setting, pair)).toBe(false)
  })

  test('what the holder of a row owes to a member is verified by the commitments alone', () => {
    const value = at(rows[5] as bigint[], 3n, order)
    const claim = { commitment, threshold, by: 5, at: 2, value }
    expect(verifyValues(setting, [claim])).toBe(true)
    // The polynomial is symmetric, so the same value is what member 2 owes to member 5.
    expect(verifyValues(setting, [claim, { ...claim, by: 2, at: 5 }])).toBe(true)
    expect(verifyValues(setting, [claim, { ...claim, value: value + 1n }])).toBe(false)
    expect(verifyValues(setting, [{ ...claim, by: 4 }])).toBe(false)
    expect(verifyValues(setting, [{ ...claim, at: 3 }])).toBe(false)
  })

  test('a polynomial in one variable: its points are verified, and the threshold of them gives any other', () => {
    const coefficients = randomPolynomial({ threshold, order, rng: rngOf('feldman') })
    const base = group.hashToGroup('test base', new Uint8Array(0))
    const committed = commitPolynomial(group, base, coefficients)
    const points = members.map(member => ({ member, value: at(coefficients, BigInt(member + 1), order) }))
    expect(
      verifyPoints(
        setting,
        base,
        points.map(point => ({ ...point, commitment: committed })),
      ),
    ).toBe(true)
    const wrong = { ...(points[3] as (typeof points)[0]), commitment: committed, member: 2 }
    expect(verifyPoints(setting, base, [wrong])).toBe(false)
    expect(verifyPoints(setting, group.generator, [{ ...wrong, member: 3 }])).toBe(false)
    for (const { member, value } of points) {
      expect(interpolateAt([points[6], points[1], points[4]] as typeof points, member, order)).toBe(value)
      expect(group.equals(committedValue(group, committed, member), group.multiply(base, value))).toBe(true)
    }
    expect(() => lagrangeAt([1, 2, 1], 0n, order)).toThrow(RangeError)
  })

  test('a key set through the threshold of values in the exponent is the one of the polynomial', () => {
    const secretCommitment = rowOf(commitment, threshold)
    const values = [6, 0, 3].map(member => ({
      member,
      element: committedValue(group, secretCommitment, member),
    }))
    expect(keySetThrough(group, values, 7)).toEqual(keySetOf(group, secretCommitment, 7))
  })

  test('elements are decoded only if all of them are, and none is left over', () => {
    const bytes = encodeElements(group, commitment)
    expect(commitment).toHaveLength(bivariateCommitmentLength(threshold))
    expect(
      decodeElements(group, bytes, 6)?.every((one, index) => group.equals(one, commitment[index] as never)),
    ).toBe(true)
    expect(decodeElements(group, bytes, 5)).toBeUndefined()
    expect(decodeElements(group, bytes.subarray(1), 6)).toBeUndefined()
    expect(
      decodeElements(
        group,
        bytes.map((byte, index) => (index < 8 ? 0xff : byte)),
        6,
      ),
    ).toBeUndefined()
  })
})

test('keys that include the identity are no key set', () => {
  const identity = fastGroup.multiply(fastGroup.generator, 0n)
  expect(keySetOf(fastGroup, [identity, fastGroup.generator], 4)).toBeUndefined()
})

describe.each([
  ['insecure', fastGroup as PrimeGroup<never>],
  ['ristretto255', ristretto255 as PrimeGroup<never>],
])('sealed boxes over %s', (_, group) => {
  const boxes = sealedBoxes({ group, sha256 })
  const [alice, bob] = ['alice', 'bob'].map(name => boxes.generate(rngOf(name))) as [
    ReturnType<typeof boxes.generate>,
    ReturnType<typeof boxes.generate>,
  ]
  const context = Uint8Array.of(7)
  const messages = [Uint8Array.of(1, 2, 3), new Uint8Array(70).fill(9)]
  const sealed = boxes.seal({
    recipients: [alice.publicKey, bob.publicKey],
    messages,
    context,
    rng: rngOf('seal'),
  })
  const [forAlice, forBob] = sealed.boxes.map(box => ({ ephemeral: sealed.ephemeral, box, context })) as [
    Parameters<typeof boxes.open>[0],
    Parameters<typeof boxes.open>[0],
  ]

  test('each recipient opens its own box, and nobody another one', () => {
    expect(boxes.open(forAlice, alice.secretKey)).toEqual(messages[0])
    expect(boxes.open(forBob, bob.secretKey)).toEqual(messages[1])
    expect(boxes.open(forBob, alice.secretKey)).toBeUndefined()
    expect(boxes.open(forAlice, bob.secretKey)).toBeUndefined()
    expect(forAlice.box).toHaveLength(3 + boxes.overheadBytes)
  })

  test('a box opens in its own context only, and not after one bit has changed', () => {
    expect(boxes.open({ ...forAlice, context: Uint8Array.of(8) }, alice.secretKey)).toBeUndefined()
    for (let bit = 0; bit < 8 * forAlice.box.length; bit += 5) {
      expect(
        boxes.open({ ...forAlice, box: withFlippedBit(forAlice.box, bit) }, alice.secretKey),
      ).toBeUndefined()
    }
    for (let length = 0; length < forAlice.box.length; length += 1) {
      expect(
        boxes.open({ ...forAlice, box: forAlice.box.subarray(0, length) }, alice.secretKey),
      ).toBeUndefined()
    }
    const other = boxes.seal({
      recipients: [alice.publicKey],
      messages: [messages[0] as Uint8Array],
      context,
      rng: rngOf('x'),
    })
    expect(boxes.open({ ...forAlice, ephemeral: other.ephemeral }, alice.secretKey)).toBeUndefined()
  })

  test('an ephemeral key that is none opens nothing, and there is nothing to disclose', () => {
    const broken = { ...forAlice, ephemeral: sealed.ephemeral.map(() => 0xff) }
    expect(boxes.open(broken, alice.secretKey)).toBeUndefined()
    expect(boxes.disclose(broken, alice.secretKey)).toBeUndefined()
  })

  test('a recipient shows everybody what its box holds, or that it holds nothing', () => {
    const disclosed = boxes.disclose(forAlice, alice.secretKey) as Uint8Array
    expect(disclosed).toHaveLength(boxes.disclosureBytes)
    const recipient = alice.publicKey
    expect(boxes.openDisclosed({ ...forAlice, recipient, disclosed })).toEqual({
      type: 'message',
      message: messages[0],
    })
    const broken = { ...forAlice, box: withFlippedBit(forAlice.box, 3) }
    expect(boxes.openDisclosed({ ...broken, recipient, disclosed })).toEqual({ type: 'unopenable' })
  })

  test('a disclosure that its proof does not fit shows nothing', () => {
    const recipient = alice.publicKey
    const disclosed = boxes.disclose(forAlice, alice.secretKey) as Uint8Array
    const theirs = boxes.disclose(forAlice, bob.secretKey) as Uint8Array
    const none = { type: 'false-disclosure' }
    expect(boxes.openDisclosed({ ...forAlice, recipient, disclosed: theirs })).toEqual(none)
    expect(boxes.openDisclosed({ ...forAlice, recipient: bob.publicKey, disclosed })).toEqual(none)
    expect(boxes.openDisclosed({ ...forAlice, recipient, disclosed: disclosed.subarray(1) })).toEqual(none)
    expect(boxes.openDisclosed({ ...forAlice, recipient, disclosed, context: Uint8Array.of(8) })).toEqual(
      none,
    )
    for (let bit = 0; bit < 8 * disclosed.length; bit += 61) {
      const flipped = withFlippedBit(disclosed, bit)
      expect(boxes.openDisclosed({ ...forAlice, recipient, disclosed: flipped })).toEqual(none)
    }
  })

  test('whoever seals proves that the ephemeral key is its own, in this context and in no other', () => {
    const { ephemeral } = sealed
    const proof = sealed.provePossession()
    expect(proof).toHaveLength(boxes.possessionBytes)
    expect(boxes.isPossessed({ ephemeral, context, proof })).toBe(true)
    expect(boxes.isPossessed({ ephemeral, context: Uint8Array.of(8), proof })).toBe(false)
    expect(boxes.isPossessed({ ephemeral: alice.publicKey, context, proof })).toBe(false)
    expect(boxes.isPossessed({ ephemeral: ephemeral.map(() => 0xff), context, proof })).toBe(false)
    expect(boxes.isPossessed({ ephemeral, context, proof: proof.subarray(1) })).toBe(false)
    for (let bit = 0; bit < 8 * proof.length; bit += 61) {
      expect(boxes.isPossessed({ ephemeral, context, proof: withFlippedBit(proof, bit) })).toBe(false)
    }
  })

  test('keys that are none are the caller’s mistake', () => {
    const none = new Uint8Array(group.elementBytes).fill(0xff)
    expect(boxes.isPublicKey(alice.publicKey)).toBe(true)
    expect(boxes.isPublicKey(none)).toBe(false)
    expect(() => boxes.seal({ recipients: [none], messages: [none], context, rng: rngOf('x') })).toThrow(
      RangeError,
    )
    expect(() => boxes.seal({ recipients: [], messages: [none], context, rng: rngOf('x') })).toThrow(
      RangeError,
    )
    expect(() => boxes.open(forAlice, new Uint8Array(group.scalarBytes))).toThrow(RangeError)
    expect(() => boxes.publicKeyOf(new Uint8Array(3))).toThrow(RangeError)
  })
})

test('the bytes of boxes and disclosures stay what they are', () => {
  const vectors = JSON.parse(readFileSync(new URL('dkg.vectors.json', import.meta.url), 'utf8'))
  const boxes = sealedBoxes({ group: ristretto255, sha256 })
  const keys = boxes.generate(rngOf('vector'))
  const context = Uint8Array.of(1, 2)
  const sealed = boxes.seal({
    recipients: [keys.publicKey],
    messages: [Uint8Array.of(3, 4, 5)],
    context,
    rng: rngOf('sealing'),
  })
  const box = { ephemeral: sealed.ephemeral, box: sealed.boxes[0] as Uint8Array, context }
  const made = {
    publicKey: hex(keys.publicKey),
    ephemeral: hex(box.ephemeral),
    box: hex(box.box),
    disclosed: hex(boxes.disclose(box, keys.secretKey) as Uint8Array),
  }
  expect(made).toEqual(vectors.boxes)
  const kept = { ephemeral: fromHex(vectors.boxes.ephemeral), box: fromHex(vectors.boxes.box), context }
  expect(boxes.open(kept, keys.secretKey)).toEqual(Uint8Array.of(3, 4, 5))
})

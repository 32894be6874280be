import { decodeScalar, encodeScalar, GROUP_ORDER } from '@mc/crypto/ristretto'
import {
  identityVerifier,
  memberKey,
  newMemberSecret,
  provePossession,
  type SignatureStatement,
  signOperation,
  signSecondaryKey,
  tagOf,
  verifySecondaryKey,
} from '@mc/identity'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crypto, id, ORG, rngOf, runsOf, secretsOf, topic, turned } from './people.js'

const verifier = identityVerifier(crypto)
const [alice, bob] = secretsOf(2) as [Uint8Array, Uint8Array]
const message = Uint8Array.of(1, 2, 3)
const signed = (secret: Uint8Array, base: SignatureStatement['base'], own = message) => ({
  statement: {
    org: ORG,
    base,
    key: base === 'generator' ? memberKey(secret, crypto) : tagOf(ORG, base, secret, crypto),
    message: own,
  },
  proof: signOperation({ org: ORG, base, message: own }, secret, crypto),
})

describe('Schnorr signatures', () => {
  test.each<SignatureStatement['base']>(['generator', topic, { type: 'meet', nonce: id(5) }])(
    'hold to their base: %o',
    base => {
      const { statement, proof } = signed(alice, base)
      expect(verifier.verifySignature(statement, proof)).toBe(true)
      expect(verifier.verifySignature({ ...statement, message: Uint8Array.of(1, 2) }, proof)).toBe(false)
      expect(verifier.verifySignature({ ...statement, org: id(9) }, proof)).toBe(false)
      expect(verifier.verifySignature({ ...statement, key: signed(bob, base).statement.key }, proof)).toBe(
        false,
      )
      expect(
        verifier.verifySignature({ ...statement, base: { type: 'evaluation', caseId: id(5) } }, proof),
      ).toBe(false)
    },
  )

  test('a signature by the member key is none by the pseudonym, and the other way round', () => {
    const member = signed(alice, 'generator')
    const pseudonym = signed(alice, topic)
    expect(verifier.verifySignature(member.statement, pseudonym.proof)).toBe(false)
    expect(verifier.verifySignature(pseudonym.statement, member.proof)).toBe(false)
  })

  test('are deterministic, and no two messages share a nonce', () => {
    expect(signed(alice, topic).proof).toEqual(signed(alice, topic).proof)
    const other = signed(alice, topic, Uint8Array.of(4))
    expect(other.proof.subarray(0, 32)).not.toEqual(signed(alice, topic).proof.subarray(0, 32))
  })

  test('keys that are the identity or no encoding, and any other length, are false', () => {
    const { statement, proof } = signed(alice, topic)
    for (const key of [new Uint8Array(32), id(255), new Uint8Array(0), turned(statement.key, 0)]) {
      expect(verifier.verifySignature({ ...statement, key }, proof)).toBe(false)
    }
    for (const length of [0, 63, 65])
      expect(verifier.verifySignature(statement, new Uint8Array(length))).toBe(false)
    // s = 0 and R the identity would verify for the identity as a key.
    expect(verifier.verifySignature({ ...statement, key: new Uint8Array(32) }, new Uint8Array(64))).toBe(
      false,
    )
  })

  test('a response that is not reduced is false', () => {
    const { statement, proof } = signed(alice, topic)
    const longer = proof.slice()
    longer.set(encodeScalar(decodeScalar(proof.slice(32))! + GROUP_ORDER), 32)
    expect(verifier.verifySignature(statement, longer)).toBe(false)
  })

  test('a batch says of each what it says of it alone', () => {
    const all = [
      signed(alice, topic),
      signed(bob, topic),
      signed(alice, 'generator'),
      signed(bob, { type: 'meet', nonce: id(6) }),
    ]
    const mix = fc.array(fc.record({ at: fc.nat({ max: 3 }), wrong: fc.nat({ max: 5 }) }), { maxLength: 12 })
    fc.assert(
      fc.property(mix, picks => {
        const claims = picks.map(({ at, wrong }) => {
          const { statement, proof } = all[at]!
          if (wrong === 0) return { statement, proof: turned(proof, 300) }
          if (wrong === 1) return { statement: { ...statement, message: Uint8Array.of(wrong) }, proof }
          if (wrong === 2) return { statement: { ...statement, org: new Uint8Array(3) }, proof }
          return { statement, proof }
        })
        const alone = claims.map(({ statement, proof }) => verifier.verifySignature(statement, proof))
        expect(verifier.verifySignatureBatch(claims)).toEqual(alone)
      }),
      { seed: 3, numRuns: runsOf(30) },
    )
  })

  test('errors that cancel each other out in a plain sum are found in a batch', () => {
    const [first, second] = [signed(alice, topic), signed(bob, topic)]
    const shifted = (proof: Uint8Array, by: bigint) => {
      const copy = proof.slice()
      copy.set(encodeScalar((decodeScalar(copy.slice(32))! + by + GROUP_ORDER) % GROUP_ORDER), 32)
      return copy
    }
    const claims = [
      { ...first, proof: shifted(first.proof, 1n) },
      { ...second, proof: shifted(second.proof, -1n) },
    ]
    expect(verifier.verifySignatureBatch(claims)).toEqual([false, false])
  })
})

describe('proof of possession', () => {
  const key = memberKey(alice, crypto)
  const pop = provePossession(ORG, alice, crypto)

  test('holds for its key and organisation alone', () => {
    expect(verifier.verifyPossession({ org: ORG, key }, pop)).toBe(true)
    expect(verifier.verifyPossession({ org: id(9), key }, pop)).toBe(false)
    expect(verifier.verifyPossession({ org: ORG, key: memberKey(bob, crypto) }, pop)).toBe(false)
  })

  test('a rogue key, made of another’s, cannot be registered by who made it', () => {
    // X' = B − A: its maker knows b, and not b − a.
    const points = crypto.ristretto.decode(Uint8Array.from([...memberKey(bob, crypto), ...key]))!
    const rogue = crypto.ristretto.combine(points, [1n, GROUP_ORDER - 1n])
    for (const secret of [alice, bob]) {
      expect(verifier.verifyPossession({ org: ORG, key: rogue }, provePossession(ORG, secret, crypto))).toBe(
        false,
      )
    }
  })

  test('an operation of the same bytes is no proof of possession', () => {
    const operation = signed(alice, 'generator')
    expect(verifier.verifyPossession({ org: ORG, key }, operation.proof)).toBe(false)
    expect(verifier.verifySignature({ ...operation.statement }, pop)).toBe(false)
  })
})

test('a consensus key is bound to its member, its kind and its organisation', () => {
  const secondary = { kind: 'consensus', key: id(8) } as const
  const signature = signSecondaryKey(ORG, secondary, alice, crypto)
  const by = memberKey(alice, crypto)
  expect(verifySecondaryKey(ORG, secondary, { by, signature }, crypto)).toBe(true)
  expect(verifySecondaryKey(ORG, { ...secondary, kind: 'network' }, { by, signature }, crypto)).toBe(false)
  expect(verifySecondaryKey(id(9), secondary, { by, signature }, crypto)).toBe(false)
})

test('secret keys are scalars 1 … order − 1', () => {
  expect(() => memberKey(new Uint8Array(32), crypto)).toThrow(RangeError)
  expect(() => memberKey(encodeScalar(GROUP_ORDER), crypto)).toThrow(RangeError)
  expect(() => memberKey(new Uint8Array(31), crypto)).toThrow(RangeError)
  expect(newMemberSecret(rngOf('x')).length).toBe(32)
})

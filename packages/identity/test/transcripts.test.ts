/** What challenges bind: whatever is left out of a hash can be chosen after it. */
import { encodeScalar, GROUP_ORDER } from '@mc/crypto/ristretto'
import { memberKey, tagOf } from '@mc/identity'
import { describe, expect, test } from 'vitest'
import { signLinkable, verifyLinkable } from '../src/ballot/ring-signature.js'
import { elementFrom, generatorBase, knownElement, secretScalar, tagBase } from '../src/identity-crypto.js'
import { challengeOf } from '../src/membership/one-of-many.js'
import { lowerCoefficients } from '../src/membership/prove.js'
import { type Purpose, signSchnorr, verifySchnorr } from '../src/schnorr.js'
import { crypto, id, ORG, ringOf, rngOf, secretsOf, topic, votersOf } from './people.js'

const secrets = secretsOf(5)
const [alice, bob] = secrets as unknown as [Uint8Array, Uint8Array]
const ring = ringOf(secrets)

test('§5: ξ binds organisation, ring, both bases, the tag, every commitment and the message', () => {
  const statement = {
    org: ORG,
    ring,
    ringBase: generatorBase(crypto),
    tagBase: tagBase(ORG, topic, crypto),
    tag: knownElement(tagOf(ORG, topic, alice, crypto), crypto),
    message: Uint8Array.of(1),
  }
  const commitments = new Uint8Array(64)
  const other = tagBase(ORG, { type: 'meet', nonce: id(3) }, crypto)
  const renamed = { ...statement.tagBase, name: other.name }
  const moved = { ...statement.tagBase, encoded: other.encoded }
  const challenges = [
    challengeOf(statement, commitments),
    challengeOf({ ...statement, org: id(9) }, commitments),
    challengeOf({ ...statement, ring: { ...ring, root: id(9) } }, commitments),
    challengeOf({ ...statement, ring: { ...ring, size: 6 } }, commitments),
    challengeOf({ ...statement, ringBase: other }, commitments),
    challengeOf({ ...statement, tagBase: renamed }, commitments),
    challengeOf({ ...statement, tagBase: moved }, commitments),
    challengeOf({ ...statement, tag: other }, commitments),
    challengeOf({ ...statement, message: Uint8Array.of(2) }, commitments),
    ...[0, 33, 63].map(at =>
      challengeOf(
        statement,
        Uint8Array.from(commitments, (_, place) => (place === at ? 1 : 0)),
      ),
    ),
  ]
  expect(new Set(challenges).size).toBe(challenges.length)
})

test('§5: p_k(t) = Π_j (σ_{j,k_j} t + a_{j,k_j}), the padding added to the last key', () => {
  const order = GROUP_ORDER
  const [l, a] = [
    [1n, 0n, 1n],
    [5n, 7n, 11n],
  ]
  // Straight from the definition, for k with bits k_j.
  const polynomial = (k: number): readonly bigint[] =>
    l.reduce<readonly bigint[]>(
      (product, bit, j) => {
        const chosen = (k >> j) & 1
        const sigma = BigInt(chosen) === bit ? 1n : 0n
        const constant = chosen === 1 ? a[j]! : -a[j]!
        return Array.from(
          { length: product.length + 1 },
          (_, i) => (product[i] ?? 0n) * constant + (product[i - 1] ?? 0n) * sigma,
        )
      },
      [1n],
    )
  const mod = (value: bigint) => ((value % order) + order) % order
  const size = 6
  const columns = lowerCoefficients(l, a, size)
  for (let i = 0; i < 3; i += 1) {
    const all = Array.from({ length: 8 }, (_, k) => polynomial(k)[i]!)
    const expected = [...all.slice(0, 5), all[5]! + all[6]! + all[7]!].map(mod)
    expect(columns[i]).toEqual(expected)
  }
  expect(polynomial(5)[3]).toBe(1n)
})

describe('Schnorr', () => {
  const purposes: readonly Purpose[] = [
    'operation',
    'possession',
    'secondary-key',
    'vouch',
    'attestation',
    'meet',
    'rotation',
  ]
  const signing = {
    purpose: 'operation',
    org: ORG,
    base: generatorBase(crypto),
    message: Uint8Array.of(1),
  } as const
  const key = memberKey(alice, crypto)

  test('a signature for one purpose is none for another, of the same message', () => {
    const signature = signSchnorr(signing, alice, crypto)
    const holds = purposes.map(purpose =>
      verifySchnorr({ signing: { ...signing, purpose }, key, signature }, crypto),
    )
    expect(holds).toEqual([true, false, false, false, false, false, false])
  })

  test('the name of a base is bound, not only the base', () => {
    const signature = signSchnorr(signing, alice, crypto)
    const renamed = { ...signing, base: { ...signing.base, name: Uint8Array.of(1) } }
    expect(verifySchnorr({ signing: renamed, key, signature }, crypto)).toBe(false)
  })

  test('R = 0 with a made-up key proves nothing: the challenge binds the key', () => {
    // Without T in c one could choose c first and T = −R/c after.
    const zero = new Uint8Array(64)
    expect(verifySchnorr({ signing, key, signature: zero }, crypto)).toBe(false)
    const one = new Uint8Array(64)
    one.set(key)
    one.set(encodeScalar(0n), 32)
    expect(verifySchnorr({ signing, key, signature: one }, crypto)).toBe(false)
  })
})

test('§7: a key image of somebody else’s secret does not close the cycle, whatever is signed', () => {
  const voters = votersOf(secrets)
  const imageBase = tagBase(ORG, { type: 'ballot', meetingId: id(3) }, crypto)
  const statement = {
    ring: voters,
    ringBase: tagBase(ORG, topic, crypto),
    imageBase,
    image: elementFrom(tagOf(ORG, { type: 'ballot', meetingId: id(3) }, alice, crypto), crypto)!,
    context: id(4),
  }
  const witness = { secret: secretScalar(alice), position: 0 }
  expect(verifyLinkable(statement, signLinkable(statement, witness, rngOf('a'), crypto), crypto)).toBe(true)
  // Alice signs, and shows a second image: a second vote, if the right column were not hashed.
  const second = elementFrom(tagOf(ORG, { type: 'ballot', meetingId: id(3) }, bob, crypto), crypto)!
  const forged = { ...statement, image: second }
  expect(verifyLinkable(forged, signLinkable(forged, witness, rngOf('a'), crypto), crypto)).toBe(false)
})

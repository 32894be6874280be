import { decodeScalar, encodeScalar, GROUP_ORDER } from '@mc/crypto/ristretto'
import { type BallotStatement, identityVerifier, linkableBytes, tagOf } from '@mc/identity'
import { describe, expect, test } from 'vitest'
import { crypto, id, MEETING, ORG, proverOf, secretsOf, TOPIC, turned, votersOf } from './people.js'

const verifier = identityVerifier(crypto)
const secrets = secretsOf(9)
const ring = votersOf(secrets)
const ballot = { org: ORG, ring, topicId: TOPIC, meetingId: MEETING, ballot: Uint8Array.of(1), version: 1 }
const cast = (secret: Uint8Array, changes: Partial<typeof ballot> = {}) => {
  const statement = { ...ballot, ...changes }
  const { keyImage, proof } = proverOf(secret).proveBallot(statement)
  return { statement: { ...statement, keyImage }, proof }
}
const own = cast(secrets[4]!)
const holds = (changes: Partial<BallotStatement>, proof = own.proof): boolean =>
  verifier.verifyBallot({ ...own.statement, ...changes }, proof)

describe('Proof B', () => {
  test('every position of the ring signs; with its key image it is 32·(n + 2) bytes', () => {
    for (const secret of secrets) {
      const { statement, proof } = cast(secret)
      expect(verifier.verifyBallot(statement, proof)).toBe(true)
      expect(proof.length + 32).toBe(32 * (9 + 2))
    }
    expect(linkableBytes(5) + 32).toBe(224)
  })

  test('a ring of one is a ring', () => {
    const alone = votersOf(secrets.slice(0, 1))
    const { statement, proof } = cast(secrets[0]!, { ring: alone })
    expect(verifier.verifyBallot(statement, proof)).toBe(true)
  })

  test('a second ballot has the same key image, whatever it says: re-vote with a higher version', () => {
    const again = cast(secrets[4]!, { ballot: Uint8Array.of(2), version: 2 })
    expect(again.statement.keyImage).toEqual(own.statement.keyImage)
    expect(verifier.verifyBallot(again.statement, again.proof)).toBe(true)
    expect(holds({ ballot: Uint8Array.of(2), version: 2 })).toBe(false)
  })

  test('key images of two people, of two meetings, and the pseudonym itself are all different', () => {
    const images = [
      own.statement.keyImage,
      cast(secrets[5]!).statement.keyImage,
      tagOf(ORG, { type: 'ballot', meetingId: id(9) }, secrets[4]!, crypto),
      ring.keys[4]!,
    ].map(one => one.join())
    expect(new Set(images).size).toBe(4)
  })

  test('§15, 20: a copied ballot holds nowhere else', () => {
    expect(holds({})).toBe(true)
    expect(holds({ org: id(9) })).toBe(false)
    expect(holds({ topicId: id(9) })).toBe(false)
    expect(holds({ meetingId: id(9) })).toBe(false)
    expect(holds({ ballot: Uint8Array.of(2) })).toBe(false)
    expect(holds({ version: 2 })).toBe(false)
    expect(holds({ keyImage: cast(secrets[5]!).statement.keyImage })).toBe(false)
    expect(holds({ ring: votersOf([...secrets].reverse()) })).toBe(false)
    expect(holds({ ring: votersOf(secrets, id(9)) })).toBe(false)
    expect(holds({ ring: votersOf(secrets.slice(0, 8)) })).toBe(false)
  })

  test('altered bytes, other lengths, scalars that are not reduced', () => {
    for (let at = 0; at < own.proof.length; at += 32) {
      expect(holds({}, turned(own.proof, 8 * at + 3))).toBe(false)
      const longer = own.proof.slice()
      longer.set(encodeScalar(decodeScalar(own.proof.slice(at, at + 32))! + GROUP_ORDER), at)
      expect(holds({}, longer)).toBe(false)
    }
    for (const length of [0, 32, own.proof.length - 1, own.proof.length + 32]) {
      expect(holds({}, new Uint8Array(length))).toBe(false)
    }
  })

  test('a key image that is the identity or no element', () => {
    for (const keyImage of [new Uint8Array(32), id(255), new Uint8Array(31)])
      expect(holds({ keyImage })).toBe(false)
  })

  test('a version is 32 bits, an id 32 bytes: else false', () => {
    for (const version of [-1, 1.5, 2 ** 32, Number.NaN]) expect(holds({ version })).toBe(false)
    expect(holds({ meetingId: new Uint8Array(31) })).toBe(false)
    expect(() => cast(secrets[0]!, { version: -1 })).toThrow(RangeError)
  })

  test('who is not in the meeting cannot vote', () => {
    expect(() => cast(secretsOf(1, 'strangers')[0]!)).toThrow(/not in the ring/)
  })
})

describe('above 64 voters', () => {
  const many = secretsOf(65)
  const large = votersOf(many)

  test('§7: Proof A over the ring of the meeting, with the same key image', () => {
    const { statement, proof } = cast(many[4]!, { ring: large })
    expect(proof.length).toBe(32 * (7 + 3 * 7))
    expect(statement.keyImage).toEqual(own.statement.keyImage)
    expect(verifier.verifyBallot(statement, proof)).toBe(true)
    expect(verifier.verifyBallot({ ...statement, version: 2 }, proof)).toBe(false)
    expect(verifier.verifyBallot({ ...statement, ballot: Uint8Array.of(3) }, proof)).toBe(false)
    expect(verifier.verifyBallot({ ...statement, ring: votersOf(many, id(9)) }, proof)).toBe(false)
  })

  test('a proof of membership is no ballot', () => {
    const message = Uint8Array.of(1)
    const scope = { type: 'ballot', meetingId: MEETING } as const
    expect(() => proverOf(many[4]!).proveMembership({ org: ORG, ring: large, scope, message })).toThrow(
      /not in the ring/,
    )
  })
})

import { equalBytes } from '@mc/crypto'
import { decodeScalar, encodeScalar, GROUP_ORDER } from '@mc/crypto/ristretto'
import { identityVerifier, memberKey, membershipProofBytes, openRing, type Scope, tagOf } from '@mc/identity'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  claimOf,
  crypto,
  id,
  MEETING,
  ORG,
  proverOf,
  ringOf,
  rngOf,
  runsOf,
  secretsOf,
  TOPIC,
  topic,
  turned,
} from './people.js'

const verifier = identityVerifier(crypto)
const secrets = secretsOf(23)
const ring = ringOf(secrets)
const claim = claimOf(secrets[5]!, ring)
const holds = (changes: Partial<typeof claim.statement>, proof = claim.proof): boolean =>
  verifier.verifyMembership({ ...claim.statement, ...changes }, proof)

describe('completeness', () => {
  test.each([1, 2, 3, 4, 5, 8, 9, 23, 64, 65])('every position of a ring of %i keys proves', size => {
    const people = secretsOf(size)
    const own = ringOf(people)
    const positions = size <= 9 ? [...people.keys()] : [0, 1, size >> 1, size - 2, size - 1]
    const claims = positions.map(at => claimOf(people[at]!, own))
    expect(verifier.verifyMembershipBatch(claims)).toEqual(claims.map(() => true))
  })

  test('a ring of 2,048 keys, the largest there is, and one of 1,500 with its padding', () => {
    const people = secretsOf(2_048)
    const claims = [2_048, 1_500].map(size => claimOf(people[size - 1]!, ringOf(people.slice(0, size))))
    expect(claims[0]!.proof.length + 32).toBe(1_312)
    expect(verifier.verifyMembershipBatch(claims)).toEqual([true, true])
    const wrong = claims.map(one => ({ ...one, proof: turned(one.proof, 9_000) }))
    expect(verifier.verifyMembershipBatch(wrong)).toEqual([false, false])
  })

  test('§5: with its tag a proof is 32·(8 + 3m) bytes', () => {
    expect(claim.proof.length + 32).toBe(736)
    expect(membershipProofBytes(10) + 32).toBe(640)
    expect(membershipProofBytes(100) + 32).toBe(928)
    expect(membershipProofBytes(1_000) + 32).toBe(1_216)
    expect(membershipProofBytes(2_048) + 32).toBe(1_312)
  })

  test('a key that is not in the ring cannot prove', () => {
    const [stranger] = secretsOf(1, 'strangers') as [Uint8Array]
    expect(() => proverOf(stranger).proveMembership(claim.statement)).toThrow(/not in the ring/)
  })

  test('nothing random repeats for two statements, even if the generator does', () => {
    const again = claimOf(secrets[5]!, ring)
    const other = claimOf(secrets[5]!, ring, { message: Uint8Array.of(8) })
    expect(again.proof).toEqual(claim.proof)
    // X̂ and Ŷ of both proofs share no element.
    const elements = new Set(
      Array.from({ length: 14 }, (_, at) => claim.proof.slice(32 * at, 32 * at + 32).join()),
    )
    for (let at = 0; at < 14; at += 1)
      expect(elements.has(other.proof.slice(32 * at, 32 * at + 32).join())).toBe(false)
  })
})

describe('soundness: what a proof does not prove', () => {
  test('it holds as it is', () => expect(holds({})).toBe(true))

  test('another tag', () => expect(holds({ tag: tagOf(ORG, topic, secrets[6]!, crypto) })).toBe(false))

  test('the tag of another scope', () =>
    expect(holds({ tag: tagOf(ORG, { type: 'topic', topicId: id(9) }, secrets[5]!, crypto) })).toBe(false))

  test('the same tag in another topic', () =>
    expect(holds({ scope: { type: 'topic', topicId: id(9) } })).toBe(false))

  test.each<Scope>([
    { type: 'ballot', meetingId: TOPIC },
    { type: 'meet', nonce: TOPIC },
    { type: 'evaluation', caseId: TOPIC },
    { type: 'rate', rateClass: 'create', period: 1, slot: 0 },
  ])('a scope of another kind with the same id: $type', scope => expect(holds({ scope })).toBe(false))

  test('another organisation', () => expect(holds({ org: id(9) })).toBe(false))

  test('another message', () => expect(holds({ message: Uint8Array.of(8) })).toBe(false))

  test('the same keys in another epoch', () => expect(holds({ ring: ringOf(secrets, 2) })).toBe(false))

  test('the same keys in another order', () =>
    expect(holds({ ring: ringOf([...secrets.slice(1), secrets[0]!]) })).toBe(false))

  test('a ring that lost or won somebody', () => {
    expect(holds({ ring: ringOf(secrets.slice(1)) })).toBe(false)
    expect(holds({ ring: ringOf(secretsOf(24)) })).toBe(false)
  })

  test('the identity as a tag, and tags that are no encodings', () => {
    const large = encodeScalar(2n ** 255n - 19n + 4n)
    for (const tag of [
      new Uint8Array(32),
      new Uint8Array(31),
      new Uint8Array(33),
      id(255),
      large,
      Uint8Array.of(1),
    ]) {
      expect(holds({ tag })).toBe(false)
    }
  })

  test('identifiers of a wrong length are false, not an exception', () => {
    expect(holds({ org: id(1).slice(1) })).toBe(false)
    expect(holds({ scope: { type: 'topic', topicId: new Uint8Array(0) } })).toBe(false)
    expect(holds({ scope: { type: 'rate', rateClass: 'create', period: -1, slot: 0 } })).toBe(false)
  })

  test('any altered byte, in every element and every response', () => {
    for (let at = 0; at < claim.proof.length; at += 32) {
      expect(holds({}, turned(claim.proof, 8 * at + 1))).toBe(false)
      expect(holds({}, turned(claim.proof, 8 * at + 200))).toBe(false)
    }
  })

  test('a response that is not reduced', () => {
    for (let at = 14 * 32; at < claim.proof.length; at += 32) {
      const scalar = decodeScalar(claim.proof.slice(at, at + 32))!
      const longer = claim.proof.slice()
      longer.set(encodeScalar(scalar + GROUP_ORDER), at)
      expect(holds({}, longer)).toBe(false)
    }
  })

  test('any other length', () => {
    for (const length of [
      0,
      31,
      claim.proof.length - 32,
      claim.proof.length - 1,
      claim.proof.length + 1,
      claim.proof.length + 32,
    ]) {
      const proof = new Uint8Array(length)
      proof.set(claim.proof.subarray(0, length))
      expect(holds({}, proof)).toBe(false)
    }
  })

  test('any bytes give false, never an exception', () => {
    const bytes = fc.uint8Array({ minLength: 704, maxLength: 704 })
    fc.assert(
      fc.property(bytes, proof => holds({}, proof) === false),
      { seed: 1, numRuns: runsOf(50) },
    )
  })
})

describe('tags', () => {
  test('§4: the tag depends on no ring: a shuffled or grown ring gives the same', () => {
    const shuffled = claimOf(secrets[5]!, ringOf([...secrets].reverse()))
    const grown = claimOf(secrets[5]!, ringOf(secretsOf(24)))
    expect(shuffled.statement.tag).toEqual(claim.statement.tag)
    expect(grown.statement.tag).toEqual(claim.statement.tag)
    expect(verifier.verifyMembershipBatch([shuffled, grown])).toEqual([true, true])
  })

  test('one person has one tag per scope, two people have two', () => {
    const tags = secrets.map(secret => tagOf(ORG, topic, secret, crypto).join())
    expect(new Set(tags).size).toBe(secrets.length)
    expect(tagOf(ORG, topic, secrets[0]!, crypto).join()).toBe(tags[0])
  })

  test('scopes, organisations and member keys share no tag: what could be compared is different', () => {
    const scopes: readonly Scope[] = [
      topic,
      { type: 'topic', topicId: MEETING },
      { type: 'ballot', meetingId: TOPIC },
      { type: 'ballot', meetingId: MEETING },
      { type: 'meet', nonce: TOPIC },
      { type: 'evaluation', caseId: TOPIC },
      { type: 'rate', rateClass: 'create', period: 0, slot: 0 },
      { type: 'rate', rateClass: 'create', period: 0, slot: 1 },
      { type: 'rate', rateClass: 'create', period: 1, slot: 0 },
    ]
    const all = [ORG, id(9)].flatMap(org =>
      scopes.map(scope => tagOf(org, scope, secrets[0]!, crypto).join()),
    )
    all.push(memberKey(secrets[0]!, crypto).join())
    expect(new Set(all).size).toBe(all.length)
  })

  test('a scope without its id does not compile', () => {
    // @ts-expect-error a topic scope has a topic id
    expect(() => tagOf(ORG, { type: 'topic' }, secrets[0]!, crypto)).toThrow()
    // @ts-expect-error a rate token has a slot
    expect(() => tagOf(ORG, { type: 'rate', rateClass: 'create', period: 0 }, secrets[0]!, crypto)).toThrow()
  })

  test('a proof says nothing of the position: no bytes are shared between proofs of two people', () => {
    const [one, two] = [claimOf(secrets[0]!, ring), claimOf(secrets[1]!, ring)]
    const words = (proof: Uint8Array) =>
      Array.from({ length: proof.length / 32 }, (_, at) => proof.slice(32 * at, 32 * at + 32).join())
    const all = [...words(one.proof), ...words(two.proof), ...ring.keys.map(key => key.join())]
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('rings', () => {
  const keys = secrets.map(secret => memberKey(secret, crypto))
  const name = { type: 'members', epoch: 1, cohort: 0 } as const

  test('a ring has no key twice, none that is no element, and not the identity', () => {
    expect(openRing(name, [...keys, keys[0]!], crypto)).toBeUndefined()
    expect(openRing(name, [...keys, new Uint8Array(32)], crypto)).toBeUndefined()
    expect(openRing(name, [...keys, id(255)], crypto)).toBeUndefined()
    expect(openRing(name, [...keys, new Uint8Array(31)], crypto)).toBeUndefined()
  })

  test('a ring has 1 to 2,048 keys', () => {
    expect(() => openRing(name, [], crypto)).toThrow(RangeError)
    expect(() => openRing(name, new Array<Uint8Array>(2_049).fill(keys[0]!), crypto)).toThrow(RangeError)
  })

  test('the root binds kind, epoch, cohort, number and order', () => {
    const roots = [
      openRing(name, keys, crypto),
      openRing({ ...name, epoch: 2 }, keys, crypto),
      openRing({ ...name, cohort: 1 }, keys, crypto),
      openRing({ type: 'meeting', meetingId: MEETING }, keys, crypto),
      openRing(name, keys.slice(1), crypto),
      openRing(name, [...keys].reverse(), crypto),
    ].map(one => one!.root.join())
    expect(new Set(roots).size).toBe(roots.length)
  })

  test('a ring does not follow the arrays that it was made of', () => {
    const own = keys.map(key => key.slice())
    const opened = openRing(name, own, crypto)!
    own[0]!.fill(0)
    expect(equalBytes(opened.keys[0]!, keys[0]!)).toBe(true)
  })
})

describe('batches', () => {
  const other = ringOf(secretsOf(9, 'others'))
  const good = [0, 1, 2, 3, 4, 5, 6].map(at => claimOf(secrets[at]!, ring, { message: Uint8Array.of(at) }))
  const elsewhere = secretsOf(9, 'others')
    .slice(0, 3)
    .map(secret => claimOf(secret, other, { scope: { type: 'evaluation', caseId: id(4) } }))

  test('messages swapped between two good proofs: both are false, the others hold', () => {
    const swapped = good.map(({ statement, proof }, at) => ({
      statement: { ...statement, message: Uint8Array.of(at === 1 ? 2 : at === 2 ? 1 : at) },
      proof,
    }))
    expect(verifier.verifyMembershipBatch(swapped)).toEqual([true, false, false, true, true, true, true])
  })

  test('a batch over several rings and scopes says of each claim what it says of it alone', () => {
    const all = [...good, ...elsewhere]
    const mutations = [
      (one: (typeof all)[number]) => one,
      (one: (typeof all)[number]) => ({ ...one, proof: turned(one.proof, 8 * 500) }),
      (one: (typeof all)[number]) => ({ ...one, proof: one.proof.slice(1) }),
      (one: (typeof all)[number]) => ({
        ...one,
        statement: { ...one.statement, tag: good[0]!.statement.tag },
      }),
      (one: (typeof all)[number]) => ({ ...one, statement: { ...one.statement, org: id(7) } }),
    ]
    const mix = fc.array(
      fc.record({ claim: fc.nat({ max: all.length - 1 }), mutation: fc.nat({ max: 9 }) }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(mix, picks => {
        const claims = picks.map(({ claim: at, mutation }) =>
          (mutations[mutation] ?? mutations[0]!)(all[at]!),
        )
        const alone = claims.map(({ statement, proof }) => verifier.verifyMembership(statement, proof))
        expect(verifier.verifyMembershipBatch(claims)).toEqual(alone)
      }),
      { seed: 2, numRuns: runsOf(20) },
    )
  })

  test('errors that cancel each other out in a plain sum are found', () => {
    // z of one proof is raised, z of another lowered by the same: without weights of their own both would pass together.
    const [first, second] = [good[0]!, good[1]!]
    const shifted = (proof: Uint8Array, by: bigint): Uint8Array => {
      const copy = proof.slice()
      const z = decodeScalar(copy.slice(-32))!
      copy.set(encodeScalar((z + by + GROUP_ORDER) % GROUP_ORDER), copy.length - 32)
      return copy
    }
    const claims = [
      { ...first, proof: shifted(first.proof, 5n) },
      { ...second, proof: shifted(second.proof, -5n) },
    ]
    expect(verifier.verifyMembershipBatch(claims)).toEqual([false, false])
  })

  test('the same proof twice, and more than a part holds', () => {
    const many = Array.from({ length: 70 }, () => good[0]!)
    expect(verifier.verifyMembershipBatch(many).every(Boolean)).toBe(true)
    expect(verifier.verifyMembershipBatch([])).toEqual([])
  })
})

test('the tag proves nothing without its key: random tags with a good proof are false', () => {
  const rng = rngOf('tags')
  for (let count = 0; count < 5; count += 1) {
    expect(holds({ tag: tagOf(ORG, topic, secretsOf(1, rng.below(1_000).toString())[0]!, crypto) })).toBe(
      false,
    )
  }
})

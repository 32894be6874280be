import {
  acceptedRing,
  anonymityOf,
  cohortsOf,
  isCurrentToken,
  keyForTopic,
  mustProveAgain,
  NO_RINGS,
  privacyOf,
  RATE_PERIOD_S,
  ROOTS_KEPT,
  rateScopes,
  signerOf,
  tagOf,
  withKey,
  withRing,
} from '@mc/identity'
import { describe, expect, test } from 'vitest'
import { crypto, id, ORG, secretsOf } from './people.js'

describe('§6: one key per person and topic', () => {
  const history = [
    { key: id(1), fromEpoch: 2 },
    { key: id(2), fromEpoch: 5 },
    { key: id(3), fromEpoch: 9 },
  ]

  test.each([
    [0, 1],
    [1, 1],
    [2, 1],
    [4, 1],
    [5, 2],
    [8, 2],
    [9, 3],
    [99, 3],
  ])('a topic of epoch %i takes key %i: the one active at it, else the first after', (epoch, key) =>
    expect(keyForTopic(history, epoch)).toEqual(id(key)),
  )

  test('rotating a key changes nothing for topics that are there: no second pseudonym', () => {
    const later = withKey(history, { key: id(4), fromEpoch: 12 })
    for (let epoch = 0; epoch < 12; epoch += 1)
      expect(keyForTopic(later, epoch)).toEqual(keyForTopic(history, epoch))
  })

  test('an epoch has one key: a second change in it replaces the first', () => {
    const twice = withKey(withKey(history, { key: id(4), fromEpoch: 12 }), { key: id(5), fromEpoch: 12 })
    expect(twice.map(({ key }) => key[0])).toEqual([1, 2, 3, 5])
  })

  test('history does not change, and a key is never used twice', () => {
    expect(() => withKey(history, { key: id(4), fromEpoch: 8 })).toThrow(RangeError)
    expect(() => withKey(history, { key: id(1), fromEpoch: 12 })).toThrow(RangeError)
    expect(keyForTopic([], 3)).toBeUndefined()
  })
})

describe('§6: rings', () => {
  test('a proof over one of the last few rings is taken', () => {
    let history = NO_RINGS
    for (let epoch = 0; epoch < ROOTS_KEPT + 2; epoch += 1) history = withRing(history, id(epoch), 0)
    expect(acceptedRing(history, id(1))).toBeUndefined()
    for (let epoch = 2; epoch < ROOTS_KEPT + 2; epoch += 1)
      expect(acceptedRing(history, id(epoch))).toBeDefined()
    expect(acceptedRing(history, id(99))).toBeUndefined()
  })

  test('after a removal no older ring is taken, and who proved before proves again', () => {
    const before = withRing(withRing(NO_RINGS, id(1), 0), id(2), 0)
    const proven = acceptedRing(before, id(2))!
    const grown = withRing(before, id(3), 0)
    expect(mustProveAgain(grown, proven)).toBe(false)
    const after = withRing(grown, id(4), 1)
    expect(mustProveAgain(after, proven)).toBe(true)
    expect(acceptedRing(after, id(3))).toBeUndefined()
    expect(mustProveAgain(after, acceptedRing(after, id(4))!)).toBe(false)
    expect(() => withRing(after, id(5), -1)).toThrow(RangeError)
  })
})

describe('§5: cohorts', () => {
  const members = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const own = id(0)
      own[0] = at & 255
      own[1] = at >> 8
      return { id: own }
    })

  test('up to 2,048 members are one ring', () => {
    expect(cohortsOf(members(2_048), id(1), crypto)).toHaveLength(1)
  })

  test.each([2_049, 3_071, 3_072, 5_000])(
    '%i members: each in one cohort, none below 1,024, sizes alike',
    count => {
      const cohorts = cohortsOf(members(count), id(1), crypto)
      const sizes = cohorts.map(cohort => cohort.length)
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1_024)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      expect(new Set(cohorts.flat().map(({ id: own }) => own.join())).size).toBe(count)
    },
  )

  test('everybody draws the same, whatever order the members come in; another epoch draws anew', () => {
    const names = (seed: number, people = members(2_100)) =>
      cohortsOf(people, id(seed), crypto).map(cohort => cohort.map(({ id: own }) => own.join()).join(';'))
    expect(names(1, members(2_100).reverse())).toEqual(names(1))
    expect(names(2)).not.toEqual(names(1))
    expect(() => cohortsOf([...members(2_100), members(1)[0]!], id(1), crypto)).toThrow(RangeError)
  })
})

describe('§6: privacy modes', () => {
  const wide = { capacityMin: 7 }

  test('challenge, membership and upgrade topics are always identified', () => {
    for (const kind of ['challenge', 'membership', 'upgrade'] as const)
      expect(privacyOf(kind, 'secret', wide)).toBe('identified')
    expect(privacyOf('resolution', 'secret', wide)).toBe('secret')
    expect(privacyOf('resolution', 'pseudonymous', { capacityMin: 2 })).toBe('pseudonymous')
  })

  test('secret wants meetings of seven', () =>
    expect(privacyOf('resolution', 'secret', { capacityMin: 6 })).toBe('refused'))

  test('which key stands behind an operation', () => {
    expect(signerOf('identified', 'ballot')).toBe('member')
    expect(signerOf('pseudonymous', 'ballot')).toBe('pseudonym')
    expect(signerOf('secret', 'talk')).toBe('pseudonym')
    expect(signerOf('secret', 'ballot')).toBe('key-image')
    expect(['none', 'weak', 'fair']).toEqual([1, 5, 16].map(anonymityOf))
  })
})

describe('§6: rate tokens', () => {
  test('two per person and week, all different, and of the present week alone', () => {
    const now = 10 * RATE_PERIOD_S + 5
    const scopes = rateScopes('create', now)
    const next = rateScopes('create', now + RATE_PERIOD_S)
    const [secret] = secretsOf(1) as [Uint8Array]
    const tags = [...scopes, ...next].map(scope => tagOf(ORG, scope, secret, crypto).join())
    expect(new Set(tags).size).toBe(4)
    expect(scopes.every(scope => isCurrentToken(scope, now))).toBe(true)
    expect(next.some(scope => isCurrentToken(scope, now))).toBe(false)
    expect(rateScopes('create', 11 * RATE_PERIOD_S - 1)).toEqual(scopes)
  })

  test('a third slot, and scopes of another kind, are no tokens', () => {
    for (const slot of [2, -1, 0.5]) {
      expect(isCurrentToken({ type: 'rate', rateClass: 'create', period: 0, slot }, 0)).toBe(false)
    }
    expect(isCurrentToken({ type: 'topic', topicId: id(1) }, 0)).toBe(false)
    expect(() => rateScopes('create', -1)).toThrow(RangeError)
  })
})

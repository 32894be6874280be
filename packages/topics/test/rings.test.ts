/** Rings of large organisations: identity.md, section 5. */
import { digestKey } from '@mc/crypto'
import { COHORT_SIZE_MIN, cohortsOf, RING_SIZE_MAX } from '@mc/identity'
import { Writer } from '@mc/protocol/wire'
import { type Member, meetingRing, memberRing, type Tools, TopicsState } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { fakeIdentity } from './fake-identity.js'
import { sha256, Village } from './village.js'

const { openRing } = fakeIdentity(sha256)
const tools = { sha256, openRing } as unknown as Tools
const idOf = (at: number): Uint8Array => sha256(Uint8Array.of(at, at >>> 8))

/** An organisation of so many. */
function organisationOf(count: number): TopicsState {
  const village = new Village({ people: 1 })
  const state = new TopicsState(sha256)
  state.here = village.state.here
  const member = village.member('p0')
  for (let at = 0; at < count; at += 1) {
    const id = idOf(at)
    const other: Member = { ...member, id, keys: [{ key: sha256(id), from: 0 }], seat: undefined }
    state.tables.members.set(id, other)
  }
  return state
}

/** The keys of the cohorts of an epoch, until there are no more. */
function cohortKeys(state: TopicsState, epoch: number): readonly (readonly string[])[] {
  const cohorts: (readonly string[])[] = []
  for (;;) {
    const ring = memberRing(state, tools, { epoch, revision: 0, cohort: cohorts.length })
    if (ring === undefined) return cohorts
    cohorts.push(ring.keys.map(digestKey))
  }
}

describe('§5: above 2,048 members a proof is over one’s own cohort', () => {
  test('up to 2,048 all members are one ring', () => {
    const [only, ...others] = cohortKeys(organisationOf(RING_SIZE_MAX), 3)
    expect([only?.length, others.length]).toEqual([RING_SIZE_MAX, 0])
  })

  test('above it, members sorted by H(epoch seed, id) in blocks that are 1,024 at least: everybody is in one of them', () => {
    const count = 3_100
    const state = organisationOf(count)
    const cohorts = cohortKeys(state, 3)
    expect(cohorts.map(({ length }) => length)).toEqual([1_033, 1_033, 1_034])
    expect(Math.min(...cohorts.map(({ length }) => length))).toBeGreaterThanOrEqual(COHORT_SIZE_MIN)
    expect(new Set(cohorts.flat()).size).toBe(count)
    const seed = new Writer(8)
    seed.varint(3)
    const expected = cohortsOf(state.tables.members.values(), seed.finish(), { sha256 })
    expect(cohorts).toEqual(expected.map(members => members.map(({ id }) => digestKey(sha256(id)))))
    expect(cohortKeys(state, 4)[0]).not.toEqual(cohorts[0])
  })

  test('the voters of a large secret meeting, too: by the meeting, whoever came when', () => {
    const state = organisationOf(1)
    const id = idOf(9)
    const tags = Array.from({ length: 2_500 }, (_, at) => idOf(at))
    state.indexes.voters.set(digestKey(id), [...tags.slice(0, 7), undefined, ...tags.slice(7)])
    const ringAt = (voters: number, cohort: number) =>
      meetingRing({ state, tools }, { id, key: digestKey(id) }, { voters, cohort })
    const rings = [0, 1, 2].map(cohort => ringAt(2_501, cohort)?.keys.map(digestKey))
    expect(rings.map(ring => ring?.length)).toEqual([1_250, 1_250, undefined])
    expect(new Set(rings.flatMap(ring => ring ?? [])).size).toBe(2_500)
    expect(ringAt(100, 0)?.keys.map(digestKey)).toEqual(
      [...tags.slice(0, 7), ...tags.slice(7, 99)].map(digestKey),
    )
    expect([ringAt(0, 0), ringAt(2_502, 0)]).toEqual([undefined, undefined])
  })
})

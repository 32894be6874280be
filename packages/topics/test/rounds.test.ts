/** Splitting, rounds, late joiners, votes and ties: sections 9 and 10, example A. */
import { compareBytes, domainHash } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import { lateMeeting, type Meeting, partition, splitSeed, splitSizes, type Topic } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import {
  actions,
  beaconOf,
  createTopic,
  DAY,
  note,
  PARAMS,
  sha256,
  Village,
  type VillageOptions,
  voteFor,
} from './village.js'

/** A topic whose participants sit in the meetings of round 1. */
function meeting(people: number, capacity: number, options: VillageOptions = {}) {
  const village = new Village({
    people,
    seats: 4,
    ...options,
    rules: { minActivate: people, ...options.rules },
  })
  const params = { ...PARAMS, capacity }
  const [first = '', ...others] = village.names
  const id = village.open(first, others, { params })
  village.drawn()
  return { village, id }
}

/** Each meeting in `which` elects a proposal of its first voter, approved by all of its voters. */
function elect(
  village: Village,
  id: Uint8Array,
  which: (index: number) => boolean = () => true,
): readonly Uint8Array[] {
  const winners: Uint8Array[] = []
  for (const one of village.meetings(id)) {
    const voters = village.voters(id, one)
    const [candidate] = one.candidates
    if (!which(one.index)) continue
    const winner = candidate ?? village.propose(id, voters[0] as string)
    winners.push(winner)
    village.do(...voters.map(name => village.by(name, voteFor(one.id, [winner]))))
  }
  return winners
}

const sizes = (village: Village, id: Uint8Array): readonly number[] =>
  village.meetings(id).map(({ voters }) => voters)
const close = (village: Village, id: Uint8Array): void =>
  village.pass((village.topic(id).round?.deadline ?? 0) - village.clock)

describe('§9.2 – partition', () => {
  test('groups are as equal as can be, whatever n and c', () => {
    for (let n = 1; n <= 60; n += 1) {
      for (let c = 2; c <= 12; c += 1) {
        const groups = splitSizes(n, c)
        expect(groups.length).toBe(Math.ceil(n / c))
        expect(groups.reduce((sum, size) => sum + size, 0)).toBe(n)
        expect(Math.max(...groups) - Math.min(...groups)).toBeLessThanOrEqual(1)
        expect(Math.max(...groups)).toBeLessThanOrEqual(c)
      }
    }
  })

  test('the order in which people stand does not matter, the seed does', () => {
    const ids = Array.from({ length: 9 }, (_, at) => sha256(Uint8Array.of(at)))
    const one = partition(ids, 3, sha256(), sha256)
    expect(partition([...ids].reverse(), 3, sha256(), sha256)).toEqual(one)
    expect(partition(ids, 3, sha256(Uint8Array.of(1)), sha256)).not.toEqual(one)
  })
})

describe('§9.3 – rounds', () => {
  test('n ≤ c: the single meeting is the final', () => {
    const { village, id } = meeting(5, 5)
    expect(sizes(village, id)).toEqual([5])
    elect(village, id)
    close(village, id)
    expect(village.topic(id).state).toBe('publicity')
  })

  test('example A: 23 people, five meetings, one without a winner; all 23 vote in the final', () => {
    const { village, id } = meeting(23, 5)
    expect(sizes(village, id)).toEqual([5, 5, 5, 4, 4])
    const winners = elect(village, id, index => index < 4)
    close(village, id)
    expect(village.topic(id)).toMatchObject({ state: 'splitting', round: { number: 2 } })
    village.drawn()
    const [final] = village.meetings(id) as readonly [Meeting]
    expect(village.meetings(id)).toHaveLength(1)
    expect(final.voters).toBe(23)
    expect(final.candidates.map(hex).sort()).toEqual(winners.map(hex).sort())
    village.do(
      ...village.names
        .slice(0, 2)
        .map(name => village.by(name, voteFor(final.id, [winners[0] as Uint8Array]))),
    )
    close(village, id)
    expect(village.topic(id).publicity).toMatchObject({ members: 23, supporters: 2, needed: 993_600 })
  })

  test('the split is the one that everybody can compute from the beacon', () => {
    const { village, id } = meeting(11, 5)
    const seed = splitSeed(beaconOf(village.epoch), id, 1, sha256)
    const groups = partition(
      village.names.map(name => village.id(name)),
      5,
      seed,
      sha256,
    )
    for (const [index, group] of groups.entries()) {
      const seated = village
        .voters(id, village.meetings(id)[index] as Meeting)
        .map(name => hex(village.id(name)))
      expect(seated.sort()).toEqual(group.map(hex).sort())
    }
  })

  test('merge: each voter follows its winner; those without one go where fewest are', () => {
    const { village, id } = meeting(12, 2)
    expect(sizes(village, id)).toEqual([2, 2, 2, 2, 2, 2])
    const groups = village.meetings(id).map(one => ({ one, voters: village.voters(id, one) }))
    elect(village, id, index => index < 4)
    close(village, id)
    village.drawn()
    expect(sizes(village, id)).toEqual([6, 6])
    for (const { one, voters } of groups.slice(0, 4)) {
      const winner = village.state.tables.meetings.must(one.id).winner as Uint8Array
      for (const name of voters) {
        expect(village.meetingOf(id, name).candidates.map(hex)).toContain(hex(winner))
      }
    }
  })

  test('winners above the capacity split again, until one meeting is left', () => {
    const { village, id } = meeting(16, 2)
    const rounds: number[] = []
    while (village.topic(id).state === 'meeting') {
      rounds.push(village.meetings(id).length)
      elect(village, id)
      close(village, id)
      village.drawn()
    }
    expect(rounds).toEqual([8, 4, 2, 1])
    expect(village.topic(id)).toMatchObject({ state: 'publicity', publicity: { supporters: 16 } })
  })

  test('a single surviving winner still gets a final, so that s is measured over everybody', () => {
    const { village, id } = meeting(10, 5)
    elect(village, id, index => index === 0)
    close(village, id)
    village.drawn()
    expect(village.meetings(id)).toHaveLength(1)
    expect(sizes(village, id)).toEqual([10])
    expect(village.topic(id).round?.number).toBe(2)
  })

  test('in a later round only the author of a candidate amends it, in the first half of the window', () => {
    const { village, id } = meeting(10, 5)
    const [winner] = elect(village, id, index => index === 0) as readonly [Uint8Array]
    close(village, id)
    village.drawn()
    const author = village.names.find(name => {
      const by = village.state.tables.proposals.must(winner).author as Uint8Array
      return hex(by) === hex(village.id(name))
    }) as string
    const other = village.names.find(name => name !== author) as string
    const refused = (name: string, parent: Uint8Array | undefined) => {
      const [final] = village.meetings(id) as readonly [Meeting]
      const body = {
        type: 'propose',
        meeting: final.id,
        text: { type: 'inline', text: 'Better.' },
        program: undefined,
        parent,
        candidacy: undefined,
      } as const
      return village.refused(village.by(name, body))
    }
    expect(refused(other, winner)).toBe('topics/wrong-parent')
    expect(refused(author, undefined)).toBe('topics/wrong-parent')
    expect(refused(author, winner)).toBe('accepted')
    village.pass(DAY / 2)
    expect(refused(author, winner)).toBe('topics/too-late')
  })

  test('delegates: the authors of the winners meet; s counts all whose last ballot approved the proposal', () => {
    const { village, id } = meeting(6, 3, { rules: { advance: 'delegates' } })
    const winners = elect(village, id)
    close(village, id)
    village.drawn()
    const [final] = village.meetings(id) as readonly [Meeting]
    expect(final.voters).toBe(2)
    const authors = village.voters(id, final)
    village.do(...authors.map(name => village.by(name, voteFor(final.id, [winners[0] as Uint8Array]))))
    close(village, id)
    // Three of its own first meeting, and the author of the other one.
    expect(village.topic(id).publicity?.supporters).toBe(4)
  })

  test('rounds are bounded: ten thousand people in the smallest groups take fourteen', () => {
    let meetings = splitSizes(10_000, 2).length
    let rounds = 1
    while (meetings > 1) {
      meetings = splitSizes(meetings, 2).length
      rounds += 1
    }
    expect(rounds).toBe(14)
  })
})

describe('§9.4 – late joiners', () => {
  const late = (options: VillageOptions = {}) => {
    const village = new Village({
      people: 12,
      seats: 4,
      ...options,
      rules: { minActivate: 8, ...options.rules },
    })
    const params = { ...PARAMS, capacity: 4 }
    const id = village.open('p0', village.names.slice(1, 8), { params })
    village.drawn()
    return {
      village,
      id,
      join: (name: string) => village.by(name, { type: 'join', topic: id, params: PARAMS }),
    }
  }

  test('are placed by the beacon of two blocks after they joined', () => {
    const { village, id, join } = late()
    village.do(join('p9'))
    expect(village.part(id, 'p9').meeting).toBeUndefined()
    village.drawn()
    const index = lateMeeting(beaconOf(village.epoch), id, village.id('p9'), 2, sha256)
    expect(village.meetingOf(id, 'p9').index).toBe(index)
    expect(sizes(village, id).reduce((sum, one) => sum + one, 0)).toBe(9)
  })

  test('their expectations count from the next round on', () => {
    const { village, id } = late()
    village.do(village.by('p9', { type: 'join', topic: id, params: { ...PARAMS, meet: 30 * DAY } }))
    village.drawn()
    const { window } = village.topic(id).round as { window: number }
    expect(window).toBe(DAY)
    elect(village, id)
    close(village, id)
    expect(village.topic(id).round?.window).toBe(Math.floor((8 * DAY + 30 * DAY) / 9))
  })

  test('who comes between the roster and its draw is not in that draw', () => {
    const village = new Village({ people: 4 })
    const id = village.open('p0')
    village.do(village.by('p1', { type: 'join', topic: id, params: PARAMS }))
    village.block()
    expect(village.topic(id).state).toBe('meeting')
    expect(village.part(id, 'p1').meeting).toBeUndefined()
    village.block()
    expect(village.meetingOf(id, 'p1').index).toBe(0)
  })

  test('if the round closes before the draw, the person enters the next round', () => {
    const { village, id, join } = late()
    elect(village, id)
    village.pass((village.topic(id).round?.deadline ?? 0) - village.clock - 1)
    village.block([join('p9')], 1)
    village.drawn()
    expect(village.topic(id).round?.number).toBe(2)
    expect(village.part(id, 'p9').placeAt).toBeUndefined()
    expect(village.meetingOf(id, 'p9').round).toBe(2)
  })

  test('timers fire before draws: who would be placed in the block that closes the final is too late to vote', () => {
    const village = new Village({ people: 4 })
    const id = village.open('p0')
    village.drawn()
    village.propose(id, 'p0')
    village.do(village.by('p1', { type: 'join', topic: id, params: PARAMS }))
    village.block()
    village.block([], DAY)
    expect(village.part(id, 'p1')).toMatchObject({ meeting: undefined, placeAt: undefined })
    expect(village.meetings(id)[0]?.voters).toBe(1)
  })

  test('[SAFE] nextRound: they wait, and are dealt in the next round', () => {
    const { village, id, join } = late({ rules: { lateAs: 'nextRound' } })
    village.do(join('p9'))
    village.drawn()
    expect(village.part(id, 'p9').meeting).toBeUndefined()
    elect(village, id)
    close(village, id)
    village.drawn()
    expect(village.part(id, 'p9').meeting).toBeDefined()
    expect(sizes(village, id)).toEqual([9])
  })

  test('no meeting is likelier than another, and a value in the last stretch is drawn again', () => {
    const counts = [0, 0, 0]
    for (let at = 0; at < 600; at += 1) {
      const index = lateMeeting(sha256(Uint8Array.of(at >> 8, at & 255)), sha256(), sha256(), 3, sha256)
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(150)
  })
})

describe('§10 – voting and ties', () => {
  test('a later ballot replaces the earlier; an empty one means present, approving none', () => {
    const { village, id } = meeting(3, 5)
    const a = village.propose(id, 'p0')
    const b = village.propose(id, 'p1')
    const [one] = village.meetings(id) as readonly [Meeting]
    village.do(village.by('p0', voteFor(one.id, [a, b])), village.by('p1', voteFor(one.id, [b])))
    village.do(village.by('p0', voteFor(one.id, [a])), village.by('p2', voteFor(one.id, [])))
    close(village, id)
    const closed = village.state.tables.meetings.must(one.id)
    expect(closed.ballots).toBe(3)
    expect(closed.tally.map(({ approvals }) => approvals)).toEqual([1, 1])
  })

  test('approvals are candidates of the meeting, ascending, each once', () => {
    const { village, id } = meeting(3, 5)
    const ids = [village.propose(id, 'p0'), village.propose(id, 'p1')].sort(compareBytes)
    const [one] = village.meetings(id) as readonly [Meeting]
    const refused = (approvals: readonly Uint8Array[]) =>
      village.refused(village.by('p2', { type: 'vote', meeting: one.id, approvals }))
    expect(refused([ids[1], ids[0]] as Uint8Array[])).toBe('topics/wrong-ballot')
    expect(refused([ids[0], ids[0]] as Uint8Array[])).toBe('topics/wrong-ballot')
    expect(refused([sha256()])).toBe('topics/wrong-ballot')
    expect(refused(ids)).toBe('accepted')
  })

  const tied = (options: VillageOptions = {}) => {
    const { village, id } = meeting(2, 5, { seats: 2, ...options })
    const ids = [village.propose(id, 'p0'), village.propose(id, 'p1')] as const
    const [one] = village.meetings(id) as readonly [Meeting]
    village.do(village.by('p0', voteFor(one.id, [ids[0]])), village.by('p1', voteFor(one.id, [ids[1]])))
    close(village, id)
    return { village, id, ids, one }
  }

  test('a tie goes to the smallest hash with the beacon of two blocks after the close', () => {
    const { village, id, ids, one } = tied()
    expect(village.topic(id)).toMatchObject({
      state: 'meeting',
      draw: { purpose: 'tie', at: village.epoch + 2 },
    })
    village.drawn()
    const lot = (proposal: Uint8Array) =>
      domainHash(sha256, 'mc/tie/v1', beaconOf(village.epoch), one.id, proposal)
    const expected = [...ids].sort((left, right) => compareBytes(lot(left), lot(right)))[0] as Uint8Array
    expect(hex(village.topic(id).winner as Uint8Array)).toBe(hex(expected))
  })

  test('option earliest: the first proposal wins a tie at once', () => {
    const { village, id, ids } = tied({ rules: { tie: 'earliest' } })
    expect(village.topic(id).state).toBe('publicity')
    expect(hex(village.topic(id).winner as Uint8Array)).toBe(hex(ids[0]))
  })

  test('a status-quo candidate stands in the final and wins ties: then nothing changes', () => {
    const { village, id } = meeting(2, 5, { rules: { statusQuo: true } })
    const mine = village.propose(id, 'p0', actions(note('x')))
    const [one] = village.meetings(id) as readonly [Meeting]
    expect(one.candidates).toHaveLength(2)
    const asItIs = village.meetings(id)[0]?.candidates.find(other => hex(other) !== hex(mine)) as Uint8Array
    village.do(village.by('p0', voteFor(one.id, [mine])), village.by('p1', voteFor(one.id, [asItIs])))
    close(village, id)
    expect(village.topic(id)).toMatchObject({
      state: 'lapsed',
      result: { reason: 'things stay as they are' },
    })
  })

  test('minSupport: s·1000 ≥ minSupport·N, else Lapsed', () => {
    const outcome = (supporters: number): Topic['state'] => {
      const { village, id } = meeting(6, 10, { rules: { minSupport: 500 } })
      const mine = village.propose(id, 'p0')
      const [one] = village.meetings(id) as readonly [Meeting]
      village.do(...village.names.slice(0, supporters).map(name => village.by(name, voteFor(one.id, [mine]))))
      close(village, id)
      return village.topic(id).state
    }
    expect([outcome(2), outcome(3)]).toEqual(['lapsed', 'publicity'])
  })

  test('quorum: measured at close against the N of the round’s start', () => {
    const outcome = (present: number): Topic['state'] => {
      const { village, id } = meeting(6, 10, { rules: { quorum: 500 } })
      const mine = village.propose(id, 'p0')
      const [one] = village.meetings(id) as readonly [Meeting]
      village.do(village.by('p0', voteFor(one.id, [mine])))
      const others = village.names.slice(1, present).map(name => village.by(name, voteFor(one.id, [])))
      if (others.length > 0) village.do(...others)
      close(village, id)
      return village.topic(id).state
    }
    expect([outcome(2), outcome(3)]).toEqual(['lapsed', 'publicity'])
  })

  test('no proposals: Lapsed', () => {
    const { village, id } = meeting(3, 5)
    close(village, id)
    expect(village.topic(id).state).toBe('lapsed')
  })

  test('one member alone: proposes, approves, s/N = 1, publicity B', () => {
    const village = new Village({ people: 1, seats: 1 })
    const id = village.decided(actions(note('x')))
    expect(village.topic(id).publicity).toMatchObject({ supporters: 1, members: 1, needed: DAY })
  })
})

test('§9.1: a topic that nobody else has joined counts its creator alone', () => {
  const village = new Village({ people: 3, rules: { minActivate: 2 } })
  const id = village.nextTopicId('p0')
  village.do(village.by('p0', createTopic(village.id('p0'))))
  expect(village.topic(id).participants).toBe(1)
})

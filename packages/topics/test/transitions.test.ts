/** One test per row of the table of transitions, §8. */
import { hex } from '@mc/protocol/wire'
import type { DomainParameters, Meeting } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import {
  actions,
  createTopic,
  DAY,
  domainId,
  HOUR,
  note,
  PARAMS,
  proposal,
  registrySet,
  sha256,
  Village,
  type VillageOptions,
  voteFor,
} from './village.js'

const join = (topic: Uint8Array, params = PARAMS) => ({ type: 'join', topic, params }) as const
const busy = (options: VillageOptions = {}) => {
  // The slot of the domain is taken by somebody else's topic, so that others wait.
  const village = new Village({ people: 6, ...options })
  const other = village.open('p5')
  return { village, other }
}

describe('§8 – CreateTopic', () => {
  test('puts the topic into its queue, with its creator as its first participant', () => {
    const { village } = busy()
    const id = village.open('p0')
    expect(village.topic(id)).toMatchObject({ state: 'queued', participants: 1 })
    expect(village.part(id, 'p0').params).toEqual(PARAMS)
  })

  test('is refused for a domain that is not there', () => {
    const village = new Village()
    expect(village.refused(village.by('p0', createTopic(village.id('p0'), { domain: sha256() })))).toBe(
      'topics/unknown-domain',
    )
  })

  test('clamps what its creator expects to the bounds of the domain', () => {
    const { village } = busy()
    const id = village.open('p0', [], { params: { meet: 1, publicity: 1e9, capacity: 1e6 } })
    expect(village.part(id, 'p0').params).toEqual({ meet: HOUR, publicity: 90 * DAY, capacity: 500 })
  })

  test('of kind challenge needs a member as its target, evidence, and the domain membership', () => {
    const village = new Village()
    const challenge = { kind: 'challenge', domain: domainId('membership'), evidence: [sha256()] } as const
    const open = (body: object) =>
      village.refused(village.by('p0', createTopic(village.id('p0'), { ...challenge, ...body })))
    expect(open({ target: sha256() })).toBe('topics/wrong-target')
    village.pass(30 * DAY)
    expect(open({ target: village.id('p1'), evidence: [] })).toBe('topics/wrong-target')
    village.pass(30 * DAY)
    expect(open({ target: village.id('p1'), domain: domainId('general') })).toBe('topics/wrong-domain')
    village.pass(30 * DAY)
    expect(open({ target: village.id('p1') })).toBe('accepted')
  })

  test('of kinds domain and upgrade belongs to the constitution, of kind membership to membership', () => {
    const village = new Village({ people: 8 })
    const open = (name: string, body: object) =>
      village.refused(village.by(name, createTopic(village.id(name), body)))
    expect(open('p0', { kind: 'domain' })).toBe('topics/wrong-domain')
    expect(open('p1', { kind: 'upgrade' })).toBe('topics/wrong-domain')
    expect(open('p2', { kind: 'membership' })).toBe('topics/wrong-domain')
    expect(open('p3', { kind: 'domain', domain: domainId('constitution') })).toBe('accepted')
    expect(open('p4', { kind: 'membership', domain: domainId('membership') })).toBe('accepted')
  })

  test('by a member opens an identified topic of which it is the creator', () => {
    const village = new Village()
    expect(
      village.refused(village.by('p0', createTopic(village.id('p0'), { privacy: 'pseudonymous' }))),
    ).toBe('topics/wrong-signer')
    expect(village.refused(village.by('p0', createTopic(village.id('p1'))))).toBe('topics/wrong-signer')
  })

  test('takes the third token of a week from nobody', () => {
    const village = new Village()
    village.open('p0')
    village.open('p0')
    expect(village.refused(village.by('p0', createTopic(village.id('p0'))))).toBe('topics/rate-limit')
    village.pass(7 * DAY)
    village.rewind(village.id('p0'))
    expect(village.refused(village.by('p0', createTopic(village.id('p0'))))).toBe('accepted')
  })

  test('the name of a topic depends on its signer and sequence number alone, so nobody can take it before', () => {
    const village = new Village()
    const id = village.nextTopicId('p0')
    village.do(village.by('p0', createTopic(village.id('p0'), { title: 'Another title' })))
    expect(village.topic(id).title).toBe('Another title')
  })
})

describe('§8 – Queued', () => {
  test('Join, UpdateJoin and Leave change who takes part and what they expect', () => {
    const { village } = busy()
    const id = village.open('p0', ['p1'])
    village.do(village.by('p1', { type: 'updateJoin', topic: id, params: { ...PARAMS, capacity: 9 } }))
    expect(village.part(id, 'p1').params.capacity).toBe(9)
    village.do(village.by('p1', { type: 'leave', topic: id }))
    expect(village.topic(id).participants).toBe(1)
    village.do(village.by('p1', join(id)))
    expect(village.topic(id).participants).toBe(2)
  })

  test('one tag per person: nobody joins twice', () => {
    const { village } = busy()
    const id = village.open('p0', ['p1'])
    expect(village.refused(village.by('p1', join(id)))).toBe('topics/already-joined')
  })

  test('who does not take part can neither update nor leave', () => {
    const { village } = busy()
    const id = village.open('p0')
    expect(village.refused(village.by('p1', { type: 'leave', topic: id }))).toBe('topics/not-a-participant')
    expect(village.refused(village.by('p1', { type: 'updateJoin', topic: id, params: PARAMS }))).toBe(
      'topics/not-a-participant',
    )
  })

  test('Withdraw is the creator’s while it is alone', () => {
    const { village } = busy()
    const id = village.open('p0', ['p1'])
    expect(village.refused(village.by('p1', { type: 'withdraw', topic: id }))).toBe('topics/not-the-creator')
    expect(village.refused(village.by('p0', { type: 'withdraw', topic: id }))).toBe('topics/others-joined')
    village.do(village.by('p1', { type: 'leave', topic: id }))
    village.do(village.by('p0', { type: 'withdraw', topic: id }))
    expect(village.topic(id).state).toBe('withdrawn')
  })

  test('age ≥ queueTTL: Expired', () => {
    const { village } = busy({ rules: { meet: { min: HOUR, max: 365 * DAY }, minActivate: 2 } })
    const id = village.nextTopicId('p0')
    village.open('p0')
    village.pass(180 * DAY - 1)
    expect(village.topic(id).state).toBe('queued')
    village.pass(1)
    expect(village.topic(id).state).toBe('expired')
  })

  test('activation takes the topic with most participants, then the oldest, then the smallest id', () => {
    const { village, other } = busy()
    const few = village.open('p0')
    const older = village.open('p1', ['p2'])
    const younger = village.open('p3', ['p4'])
    village.drawn()
    village.pass(DAY)
    expect(village.topic(other).state).toBe('lapsed')
    expect([few, older, younger].map(id => village.topic(id).state)).toEqual([
      'queued',
      'splitting',
      'queued',
    ])
  })

  test('of the same size and age the smallest id comes first', () => {
    const { village } = busy()
    const ids = ['p0', 'p1', 'p2'].map(name => village.nextTopicId(name))
    village.do(...['p0', 'p1', 'p2'].map(name => village.by(name, createTopic(village.id(name)))))
    village.drawn()
    village.pass(DAY)
    const [first] = [...ids].sort((left, right) => (hex(left) < hex(right) ? -1 : 1))
    expect(ids.filter(id => village.topic(id).state === 'splitting')).toEqual([first])
  })

  test.each<[string, Partial<DomainParameters>, number, number]>([
    ['minActivate', { minActivate: 3 }, 2, 0],
    ['a part of N', { minActivatePermille: 500 }, 2, 0],
    ['queueMinAge', { queueMinAge: DAY }, 2, DAY],
  ])('%s keeps a topic in the queue until it is met', (_, rules, before, wait) => {
    const village = new Village({ people: 6, rules })
    const id = village.open('p0', before > 1 ? ['p1'] : [])
    expect(village.topic(id).state).toBe('queued')
    if (wait > 0) village.pass(wait)
    else village.do(village.by('p2', join(id)))
    expect(village.topic(id).state).toBe('splitting')
  })

  test('a domain activates as many topics at once as it has slots', () => {
    const village = new Village({ people: 5, rules: { activeSlots: 2 } })
    const ids = ['p0', 'p1', 'p2'].map(name => village.open(name))
    expect(ids.map(id => village.topic(id).state)).toEqual(['meeting', 'splitting', 'queued'])
  })

  test('a slot is released when the topic enters publicity', () => {
    const village = new Village()
    const id = village.decided(actions(note('x')))
    const next = village.open('p4')
    expect(village.topic(id).state).toBe('publicity')
    expect(village.topic(next).state).toBe('splitting')
  })
})

describe('§8 – Splitting', () => {
  test('the roster is fixed when the topic is activated and dealt by the beacon two blocks later', () => {
    const village = new Village()
    const id = village.open('p0')
    const { draw } = village.topic(id)
    expect(draw).toEqual({ purpose: 'split', at: village.epoch + 2 })
    village.block()
    expect(village.topic(id).state).toBe('splitting')
    village.block()
    expect(village.topic(id)).toMatchObject({ state: 'meeting', draw: undefined })
    expect(village.events.find(({ type }) => type === 'round-opened')?.detail).toMatchObject({
      beacon: 'chain',
    })
  })

  test('an empty roster: Lapsed', () => {
    const village = new Village({ people: 6, genesis: { parameters: { epochLength: 1 } } })
    village.do(village.by('p5', { type: 'depart' }))
    const id = village.nextTopicId('p5')
    village.block([village.by('p5', createTopic(village.id('p5')))], 1)
    village.drawn()
    expect(village.topic(id)).toMatchObject({
      state: 'lapsed',
      participants: 0,
      result: { reason: 'nobody takes part' },
    })
  })

  test('the deadline is L of the draw plus the window, fixed for the round', () => {
    const village = new Village()
    const id = village.open('p0')
    village.block()
    village.block([], 100)
    expect(village.topic(id).round).toMatchObject({ openedL: 100, deadline: 100 + DAY, window: DAY })
    village.do(village.by('p1', join(id, { ...PARAMS, meet: 30 * DAY })))
    expect(village.topic(id).round?.deadline).toBe(100 + DAY)
  })
})

describe('§8 – Meeting', () => {
  const inMeeting = (options: VillageOptions = {}, others: readonly string[] = ['p1', 'p2']) => {
    const village = new Village({
      people: 6,
      ...options,
      rules: { minActivate: others.length + 1, ...options.rules },
    })
    const id = village.open('p0', others)
    village.drawn()
    return { village, id, meeting: village.meetings(id)[0] as Meeting }
  }

  test('who does not sit in the meeting neither proposes nor votes', () => {
    const { village, meeting } = inMeeting()
    expect(village.refused(village.by('p5', proposal(meeting.id)))).toBe('topics/not-a-participant')
    expect(village.refused(village.by('p5', voteFor(meeting.id, [])))).toBe('topics/not-a-participant')
  })

  test('a vote in the very block that crosses the deadline counts; one later is refused with both times', () => {
    const { village, id, meeting } = inMeeting()
    const winner = village.propose(id, 'p0')
    const { deadline } = village.topic(id).round as { deadline: number }
    const late = village.by('p2', voteFor(meeting.id, [winner]))
    const { receipts } = village.block(
      [village.by('p1', voteFor(meeting.id, [winner]))],
      deadline - village.clock,
    )
    expect(receipts[0]?.accepted).toBe(true)
    expect(village.topic(id).state).toBe('publicity')
    expect(village.topic(id).publicity?.supporters).toBe(1)
    village.block([], 3_600)
    expect(village.refusal(late)).toBe(
      `vote refused: meeting closed at L=${deadline}, now L=${deadline + 3_600}`,
    )
  })

  test('a proposal is withdrawn by its author alone, and is no candidate any more', () => {
    const { village, id, meeting } = inMeeting()
    const mine = village.propose(id, 'p0')
    expect(village.refused(village.by('p1', { type: 'withdrawProposal', proposal: mine }))).toBe(
      'topics/not-the-author',
    )
    village.do(village.by('p0', { type: 'withdrawProposal', proposal: mine }))
    expect(village.refused(village.by('p1', voteFor(meeting.id, [mine])))).toBe('topics/wrong-ballot')
    expect(village.refused(village.by('p0', { type: 'withdrawProposal', proposal: mine }))).toBe(
      'topics/unknown-proposal',
    )
  })

  test('proposeUntil ends proposing, not voting', () => {
    const { village, id, meeting } = inMeeting({ rules: { proposeUntil: 500 } })
    const mine = village.propose(id, 'p0')
    village.pass(DAY / 2)
    expect(village.refused(village.by('p1', proposal(meeting.id)))).toBe('topics/too-late')
    expect(village.refused(village.by('p1', voteFor(meeting.id, [mine])))).toBe('accepted')
  })

  test('three proposals per participant and meeting, one of them with a program', () => {
    const { village, id, meeting } = inMeeting()
    village.propose(id, 'p0', actions(note('a')))
    expect(village.refused(village.by('p0', proposal(meeting.id, actions(note('b')))))).toBe(
      'topics/too-many-proposals',
    )
    village.propose(id, 'p0')
    village.propose(id, 'p0')
    expect(village.refused(village.by('p0', proposal(meeting.id)))).toBe('topics/too-many-proposals')
  })

  test('no winner in any meeting: Lapsed', () => {
    const { village, id, meeting } = inMeeting()
    village.propose(id, 'p0')
    village.do(village.by('p0', voteFor(meeting.id, [])))
    village.pass(DAY)
    expect(village.topic(id)).toMatchObject({ state: 'lapsed', winner: undefined })
  })

  test('a leader that changes in the last tenth gives a quarter more, once', () => {
    const { village, id, meeting } = inMeeting({ rules: { lateExtension: true } })
    const [a, b] = [village.propose(id, 'p0'), village.propose(id, 'p1')]
    village.do(village.by('p0', voteFor(meeting.id, [a])))
    const { deadline } = village.topic(id).round as { deadline: number }
    village.pass(DAY - HOUR)
    village.do(village.by('p1', voteFor(meeting.id, [b])), village.by('p2', voteFor(meeting.id, [b])))
    expect(village.topic(id).round).toMatchObject({ deadline: deadline + DAY / 4, isExtended: true })
    village.pass(HOUR)
    expect(village.topic(id).state).toBe('meeting')
    village.pass(DAY / 4 - HOUR / 2)
    village.do(village.by('p2', voteFor(meeting.id, [a])))
    expect(village.topic(id).round?.deadline).toBe(deadline + DAY / 4)
  })

  test('an early change of the leader moves nothing', () => {
    const { village, id, meeting } = inMeeting({ rules: { lateExtension: true } })
    const a = village.propose(id, 'p0')
    village.do(village.by('p0', voteFor(meeting.id, [a])))
    expect(village.topic(id).round?.isExtended).toBe(false)
  })

  test('participants comment, and members under their own name', () => {
    const { village, id } = inMeeting()
    const say = { type: 'comment', topic: id, text: 'I see.' } as const
    expect(village.refused(village.by('p1', say))).toBe('accepted')
    expect(village.refused(village.by('p5', say))).toBe('accepted')
  })
})

describe('§8 – Publicity and after', () => {
  test('Join is over when publicity begins', () => {
    const village = new Village()
    const id = village.decided(actions(note('x')), { voters: ['p0', 'p1'] })
    expect(village.refused(village.by('p3', join(id)))).toBe('topics/too-late')
  })

  test('L ≥ publicityEnd: Executing, and Executed in the same tick', () => {
    const village = new Village()
    const id = village.decided(actions(registrySet('x')))
    const { end } = village.topic(id).publicity as { end: number }
    village.block([], end - village.clock - 1)
    expect(village.topic(id).state).toBe('publicity')
    village.block([], 1)
    expect(village.topic(id).state).toBe('executed')
  })

  test('a contract that fails changes nothing: ExecFailed', () => {
    const village = new Village()
    const id = village.decided(actions(registrySet('half'), note('fail')))
    village.execute(id)
    expect(village.topic(id)).toMatchObject({
      state: 'execFailed',
      result: { type: 'failed', reason: 'asked to fail' },
    })
    expect(village.state.tables.registry.size).toBe(0)
    expect(village.events.some(({ type }) => type === 'contract-event')).toBe(false)
  })

  test('a resolution of words alone is executed without a program', () => {
    const village = new Village()
    const id = village.decided(undefined, { body: { kind: 'resolution' } })
    village.execute(id)
    expect(village.topic(id).state).toBe('executed')
  })

  test('every transition emits one event that names the timers it set', () => {
    const village = new Village()
    const id = village.open('p0')
    village.block()
    const before = village.events.length
    village.block([], 5)
    const opened = village.events.filter(({ detail }) => detail['topic'] === hex(id) && 'to' in detail)
    expect(before).toBe(0)
    expect(opened).toMatchObject([
      {
        type: 'round-opened',
        detail: { from: 'splitting', to: 'meeting', timers: [{ kind: 'meeting', atClock: 5 + DAY }] },
      },
    ])
  })

  test('a final topic takes nothing more', () => {
    const village = new Village()
    const id = village.decided(actions(note('x')))
    village.execute(id)
    for (const operation of [
      { type: 'comment', topic: id, text: 'Too late.' },
      { type: 'join', topic: id, params: PARAMS },
      { type: 'freeze', topic: id },
      { type: 'withdraw', topic: id },
    ] as const) {
      expect(village.refused(village.by('p1', operation))).toMatch(/^topics\//)
    }
  })
})

/** Elections, mandates, conversions, schedules, upgrades: section 13 and contracts.md, section 8. */
import { type AgreedTime, advanceTime } from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import {
  type Candidacy,
  candidacyMessage,
  holds,
  isCustom,
  type MandateTerms,
  type Meeting,
  type Predicate,
  type ProtocolModule,
} from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { fakeExecutor } from './fake-executor.js'
import {
  actions,
  DAY,
  domainId,
  nodeKeyOf,
  note,
  registrySet,
  secretOf,
  sha256,
  Village,
  type VillageOptions,
  voteFor,
} from './village.js'

const TERMS: MandateTerms = {
  scope: sha256(),
  powers: ['event'],
  term: 100 * DAY,
  reportEvery: 0,
  conversion: { type: 'membersAtLeast', count: 100 },
  onConvert: [],
}

function candidacy(
  village: Village,
  topic: Uint8Array,
  name: string,
  terms: Partial<MandateTerms> = {},
): Candidacy {
  const unsigned = { holder: village.id(name), terms: { ...TERMS, ...terms } }
  return {
    ...unsigned,
    signature: village.identity.sign(secretOf(name), candidacyMessage(topic, unsigned, sha256)),
  }
}

function elected(terms: Partial<MandateTerms> = {}, options: VillageOptions = {}) {
  const village = new Village({ people: 5, ...options })
  const id = village.open('p0', [], { kind: 'election' })
  village.drawn()
  const proposal = village.propose(id, 'p0', undefined, { candidacy: candidacy(village, id, 'p1', terms) })
  const [one] = village.meetings(id) as readonly [Meeting]
  village.do(village.by('p0', voteFor(one.id, [proposal])))
  village.pass(DAY)
  village.execute(id)
  const [mandate] = village.state.tables.mandates.values()
  return { village, id, mandate: mandate?.id as Uint8Array }
}

describe('§13 – election', () => {
  test('the rounds are the same; the winner holds a mandate', () => {
    const { village, mandate } = elected()
    const granted = village.state.tables.mandates.must(mandate)
    expect(hex(granted.holder)).toBe(hex(village.id('p1')))
    expect(granted.termEnd).toBe(village.clock + 100 * DAY)
  })

  test('a candidacy carries the candidate’s own signature, over this topic and these terms', () => {
    const village = new Village()
    const id = village.open('p0', [], { kind: 'election' })
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const propose = (wanted: Candidacy | undefined) => {
      const body = {
        type: 'propose',
        meeting: one.id,
        text: { type: 'inline', text: 'x' },
        program: undefined,
        parent: undefined,
        candidacy: wanted,
      } as const
      return village.refused(village.by('p0', body))
    }
    const good = candidacy(village, id, 'p1')
    expect(propose(undefined)).toBe('topics/wrong-candidacy')
    expect(propose({ ...good, signature: new Uint8Array(64) })).toBe('topics/wrong-candidacy')
    expect(propose({ ...good, terms: { ...good.terms, term: 99 * DAY } })).toBe('topics/wrong-candidacy')
    expect(propose(candidacy(village, village.id('p0'), 'p1'))).toBe('topics/wrong-candidacy')
    expect(propose(candidacy(village, id, 'p1', { term: 366 * DAY }))).toBe('topics/wrong-candidacy')
    expect(propose(good)).toBe('accepted')
  })

  test('a mandate is granted by an election alone', () => {
    const village = new Village()
    const id = village.open('p0')
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const program = actions({ type: 'mandate.grant', holder: village.id('p0'), ...TERMS })
    const body = {
      type: 'propose',
      meeting: one.id,
      text: { type: 'inline', text: 'x' },
      program,
      parent: undefined,
      candidacy: undefined,
    } as const
    expect(village.refused(village.by('p0', body))).toBe('topics/wrong-program')
  })

  test('at the end of its term a mandate ends', () => {
    const { village, mandate } = elected()
    village.pass(100 * DAY)
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(true)
    expect(village.events.map(({ type }) => type)).toContain('mandate-ended')
  })

  test('two missing reports open a recall with remove and keep; remove ends the mandate', () => {
    const { village, mandate } = elected({ reportEvery: 10 * DAY })
    village.pass(10 * DAY)
    expect(village.state.tables.mandates.must(mandate).reportsMissed).toBe(1)
    village.pass(10 * DAY)
    const recall = village.state.tables.topics.values().find(({ target }) => target !== undefined)
    expect(recall).toMatchObject({ kind: 'contract', participants: 0, state: 'queued' })
    const id = recall?.id as Uint8Array
    village.do(
      ...['p2', 'p3'].map(name =>
        village.by(name, { type: 'join', topic: id, params: { meet: DAY, publicity: DAY, capacity: 5 } }),
      ),
    )
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    village.do(
      ...['p2', 'p3'].map(name => village.by(name, voteFor(one.id, [one.candidates[0] as Uint8Array]))),
    )
    village.pass(DAY)
    village.execute(id)
    expect(village.topic(id).state).toBe('executed')
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(true)
  })

  test('a report in time starts the count again', () => {
    const { village, mandate } = elected({ reportEvery: 10 * DAY })
    village.pass(10 * DAY)
    expect(
      village.refused(
        village.by('p2', { type: 'report', mandate, text: { type: 'inline', text: 'all well' } }),
      ),
    ).toBe('topics/not-the-holder')
    village.do(village.by('p1', { type: 'report', mandate, text: { type: 'inline', text: 'all well' } }))
    expect(village.state.tables.mandates.must(mandate)).toMatchObject({
      reportsMissed: 0,
      reportDue: village.clock + 10 * DAY,
    })
  })
})

describe('§13 – recall', () => {
  const revoke = (mandate: Uint8Array) => actions({ type: 'mandate.revoke', mandate })
  const ended = (village: Village, id: Uint8Array) => {
    const topic = village.decided(revoke(id))
    village.execute(topic)
    return village.events.map(({ type, detail }) => (type === 'contract-event' ? detail['name'] : type))
  }

  test('mandate.revoke takes the powers, and applies what the end of the mandate brings, in the same block', () => {
    const { village, mandate } = elected({ onConvert: [note('power returns')] })
    expect(ended(village, mandate)).toEqual(expect.arrayContaining(['mandate-ended', 'power returns']))
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(true)
  })

  test('what one end brings may revoke another mandate, which ends the same way, and once', () => {
    const { village, mandate: first } = elected({ onConvert: [note('the first is over')] })
    const chain = [{ type: 'mandate.revoke', mandate: first } as const, note('the second is over')]
    const id = village.open('p0', [], { kind: 'election' })
    village.drawn()
    const stands = candidacy(village, id, 'p2', { onConvert: chain })
    const proposal = village.propose(id, 'p0', undefined, { candidacy: stands })
    village.do(village.by('p0', voteFor((village.meetings(id)[0] as Meeting).id, [proposal])))
    village.pass(DAY)
    village.execute(id)
    const second = village.state.tables.mandates.values().find(one => hex(one.id) !== hex(first))
    const told = ended(village, second?.id as Uint8Array)
    expect(told.filter(one => one === 'mandate-ended')).toHaveLength(2)
    expect(told).toEqual(expect.arrayContaining(['the first is over', 'the second is over']))
    village.block()
    expect(village.events).toEqual([])
  })

  test('what fails of it is told, and the mandate has ended all the same', () => {
    const { village, mandate } = elected({ onConvert: [note('fail')] })
    expect(ended(village, mandate)).toContain('conversion-failed')
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(true)
  })

  test('a revocation that is not carried out brings nothing about', () => {
    const { village, mandate } = elected({ onConvert: [note('power returns')] })
    const topic = village.decided(actions({ type: 'mandate.revoke', mandate }, note('fail')))
    village.execute(topic)
    expect(village.topic(topic).state).toBe('execFailed')
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(false)
    expect(JSON.stringify(village.events)).not.toContain('power returns')
  })
})

describe('§13 – conversion', () => {
  test('when its condition holds, the mandate ends and onConvert is applied, in the same block', () => {
    const { village, mandate } = elected({
      conversion: { type: 'clockAtLeast', clock: 50 * DAY },
      onConvert: [registrySet('done')],
    })
    village.pass(50 * DAY - village.clock - 1)
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(false)
    village.pass(1)
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(true)
    expect(village.state.tables.registry.get(utf8('done'))).toBeDefined()
    expect(village.events.map(({ type }) => type)).toContain('converted')
  })

  test('code is asked at boundaries only', () => {
    let answer = false
    const executor = fakeExecutor(sha256, { custom: () => answer })
    const custom: Predicate = { type: 'not', of: { type: 'not', of: { type: 'custom', cid: sha256() } } }
    const { village, mandate } = elected(
      { conversion: custom },
      { executor, genesis: { parameters: { epochLength: 50 * DAY } } },
    )
    answer = true
    village.pass(DAY)
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(false)
    village.pass(50 * DAY)
    expect(village.state.tables.mandates.must(mandate).isEnded).toBe(true)
  })

  test('an exception closes when its condition holds, also if what it brings fails', () => {
    const id = sha256(Uint8Array.of(1))
    const exception = {
      id,
      description: 'The first attester is alone',
      holder: 'town hall',
      conversion: { type: 'membersAtLeast', count: 2 } as const,
      onConvert: [note('fail')],
      isClosed: false,
    }
    const village = new Village({ genesis: { exceptions: [exception] } })
    village.block()
    expect(village.state.tables.exceptions.must(id).isClosed).toBe(true)
    expect(village.events.map(({ type }) => type)).toEqual(['converted', 'conversion-failed'])
  })

  test('conditions mean what they say', () => {
    const village = new Village({ people: 5, genesis: { parameters: { clockOp: 1 } } })
    const view = { ...village.state.tables, memberCount: 5, clock: 10 } as never
    const is = (predicate: Predicate) => holds(predicate, view, () => false)
    const yes: Predicate = { type: 'membersAtLeast', count: 5 }
    const no: Predicate = { type: 'membersAtLeast', count: 6 }
    expect([is(yes), is(no)]).toEqual([true, false])
    expect(is({ type: 'clockAtLeast', clock: 11 })).toBe(false)
    expect(is({ type: 'parameterAtLeast', name: 'clockOp', value: 1 })).toBe(true)
    expect(is({ type: 'parameterAtLeast', name: 'nothing', value: 1 })).toBe(false)
    expect(is({ type: 'attestersAtLeast', count: 1 })).toBe(false)
    expect(is({ type: 'typeInstalled', contractType: sha256() })).toBe(false)
    expect(is({ type: 'all', of: [yes, no] })).toBe(false)
    expect(is({ type: 'any', of: [yes, no] })).toBe(true)
    expect(is({ type: 'not', of: no })).toBe(true)
    expect(isCustom({ type: 'any', of: [yes, { type: 'custom', cid: sha256() }] })).toBe(true)
    expect(isCustom({ type: 'all', of: [yes, no] })).toBe(false)
  })
})

describe('schedules and domains', () => {
  test('schedule.at runs later, with the topic’s own capabilities', () => {
    const village = new Village()
    const id = village.decided(
      actions({ type: 'schedule.at', clock: 80 * DAY, actions: [registrySet('later')] }),
    )
    village.execute(id)
    village.pass(80 * DAY - village.clock - 1)
    expect(village.state.tables.registry.size).toBe(0)
    village.pass(1)
    expect(village.state.tables.registry.get(utf8('later'))).toBeDefined()
  })

  test('a schedule may not do what its topic may not', () => {
    const village = new Village()
    const later = { type: 'parameter.set', name: 'seatsMin', value: 9, expect: 1 } as const
    const id = village.decided(actions({ type: 'schedule.at', clock: 80 * DAY, actions: [later] }))
    village.execute(id)
    village.pass(80 * DAY - village.clock)
    expect(village.events.map(({ type }) => type)).toContain('schedule-failed')
    expect(village.state.tables.parameters.size).toBe(0)
  })

  test('a topic in an ordinary domain may not touch the rules', () => {
    const village = new Village()
    const id = village.open('p0')
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const program = actions({ type: 'parameter.set', name: 'seatsMin', value: 9, expect: 1 })
    const body = {
      type: 'propose',
      meeting: one.id,
      text: { type: 'inline', text: 'x' },
      program,
      parent: undefined,
      candidacy: undefined,
    } as const
    expect(village.refused(village.by('p0', body))).toBe('topics/wrong-program')
  })

  test('merging domains: queued topics go along, active ones finish first, new ones are refused', () => {
    const village = new Village({ people: 8, rules: { activeSlots: 1 } })
    const active = village.open('p5', [], { params: { meet: 30 * DAY, publicity: DAY, capacity: 5 } })
    const waiting = village.open('p6')
    const merge = actions({ type: 'domain.merge', from: domainId('general'), into: domainId('membership') })
    const id = village.decided(merge, {
      voters: ['p0', 'p1'],
      body: { kind: 'domain', domain: domainId('constitution') },
    })
    village.execute(id)
    expect(hex(village.topic(waiting).domain)).toBe(hex(domainId('membership')))
    expect(village.topic(waiting).state).not.toBe('expired')
    expect(hex(village.topic(active).domain)).toBe(hex(domainId('general')))
    expect(village.refused(village.by('p7', { ...CREATE, creator: village.id('p7') }))).toBe(
      'topics/unknown-domain',
    )
  })
})

const CREATE = {
  type: 'createTopic',
  domain: domainId('general'),
  kind: 'resolution',
  privacy: 'identified',
  title: 'Late',
  text: { type: 'inline', text: '' },
  params: { meet: DAY, publicity: DAY, capacity: 5 },
  target: undefined,
  evidence: [],
} as const

describe('upgrades', () => {
  const manifest = sha256(utf8('manifest'))
  const decided = (isUrgent = true) => {
    const village = new Village({
      people: 5,
      seats: 4,
      genesis: { parameters: { epochLength: DAY }, modules: [{ name: 'topics', current: undefined }] },
    })
    const upgrade = actions({
      type: 'protocol.upgrade',
      manifest,
      module: 'topics',
      previous: undefined,
      isUrgent,
    })
    const id = village.decided(upgrade, { body: { kind: 'upgrade', domain: domainId('constitution') } })
    village.execute(id)
    const ready = (name: string, migratedRoot = sha256()) =>
      village.byNode(name, {
        type: 'upgradeReady',
        manifest,
        buildMatched: true,
        testsPassed: true,
        migratedRoot,
      })
    const module = (): ProtocolModule => village.state.tables.modules.must(utf8('topics'))
    return { village, id, ready, module }
  }

  test('is activated at a boundary after its lead, when n − f seats are ready with one state', () => {
    const { village, id, ready, module } = decided()
    expect(village.topic(id).state).toBe('scheduled')
    village.do(ready('p0'), ready('p1'), ready('p2', sha256(Uint8Array.of(1))))
    village.pass(2 * DAY, DAY)
    expect(module().current).toBeUndefined()
    village.do(ready('p2'))
    village.pass(DAY)
    expect(hex(module().current as Uint8Array)).toBe(hex(manifest))
    expect(village.topic(id).state).toBe('executed')
  })

  test('waits for its lead of seven days, or one if it is urgent', () => {
    const { village, ready, module } = decided(false)
    village.do(ready('p0'), ready('p1'), ready('p2'))
    village.pass(6 * DAY, DAY)
    expect(module().current).toBeUndefined()
    village.pass(2 * DAY, DAY)
    expect(module().current).toBeDefined()
  })

  test('not reached within 60 d: Lapsed', () => {
    const { village, id, module } = decided()
    village.pass(62 * DAY, DAY)
    expect(module().pending).toBeUndefined()
    expect(village.topic(id).state).toBe('lapsed')
  })

  test('f + 1 faults hold back new executions, n − f bring the old module back', () => {
    const { village, ready, module } = decided()
    village.do(ready('p0'), ready('p1'), ready('p2'))
    village.pass(2 * DAY, DAY)
    const fault = (name: string) =>
      village.byNode(name, { type: 'upgradeFault', manifest, reason: 'wrong root' })
    const other = village.decided(actions(registrySet('x')), { voters: ['p0', 'p1', 'p2'] })
    village.do(fault('p0'), fault('p1'))
    expect(village.refused(fault('p1'))).toBe('topics/fault-known')
    village.execute(other)
    village.pass(DAY)
    expect(village.topic(other).state).toBe('publicity')
    village.do(fault('p2'))
    expect(module()).toMatchObject({ current: undefined, probation: undefined })
    village.block()
    expect(village.topic(other).state).toBe('executed')
  })

  test('after a thousand blocks a module on trial is settled', () => {
    const { village, ready, module } = decided()
    village.do(ready('p0'), ready('p1'), ready('p2'))
    village.pass(2 * DAY, DAY)
    for (let at = 0; at < 1_000; at += 1) village.block()
    expect(module().probation).toBeDefined()
    village.pass(DAY)
    expect(module().probation).toBeUndefined()
  })

  test('a seat says ready with its own key, and only a seat does', () => {
    const { village } = decided()
    const body = {
      type: 'upgradeReady',
      manifest,
      buildMatched: true,
      testsPassed: true,
      migratedRoot: sha256(),
    } as const
    expect(village.refused(village.byNode('stranger', body))).toBe('topics/not-a-seat')
    expect(village.refused(village.byNode('p0', { ...body, testsPassed: false }))).toBe('topics/not-ready')
    expect(village.refused(village.by('p0', body))).toBe('topics/wrong-signer')
  })
})

describe('[SAFE] clockOp', () => {
  test('is off by default', () => {
    const village = new Village()
    expect(village.refused(village.byNode('p0', { type: 'clock', time: 5 }))).toBe(
      'topics/no-clock-operations',
    )
  })

  const safe = () => new Village({ people: 7, seats: 7, genesis: { parameters: { clockOp: 1 } } })
  const clocksOf = (village: Village, list: readonly Uint8Array[]) => {
    const ordered = list.map(bytes => ({ proposer: 3, id: village.machine.operationId(bytes), bytes }))
    return [...village.machine.clocks(village.state, ordered, village.configuration)]
  }
  const timed = (village: Village, name: string, time: number) =>
    village.byNode(name, { type: 'clock', time })

  test('the time that a seat has signed counts, whoever carries it', () => {
    const village = safe()
    const list = [timed(village, 'p0', 5), timed(village, 'p2', 9), timed(village, 'stranger', 99)]
    expect(clocksOf(village, list)).toEqual([
      [0, 5],
      [2, 9],
    ])
    const forged = list.map(bytes => bytes.with(bytes.length - 1, 0))
    expect(clocksOf(village, forged)).toEqual([])
  })

  test('what has been taken, or would be refused, does not count: nobody can bring an old time back', () => {
    const village = safe()
    const [first, second] = [timed(village, 'p0', 5), timed(village, 'p0', 7)]
    // One a minute: the second would be refused, and could come again.
    expect(clocksOf(village, [second, first])).toEqual([[0, 5]])
    village.do(first)
    expect(clocksOf(village, [first])).toEqual([])
    expect(clocksOf(village, [second])).toEqual([])
    expect(village.refused(second)).toBe('topics/rate-limit')
    village.pass(60)
    expect(clocksOf(village, [first, second])).toEqual([[0, 7]])
    village.setSeq(nodeKeyOf('p0'), 3)
    expect(clocksOf(village, [timed(village, 'p0', 8)])).toEqual([])
  })

  test('the highest sequence number counts', () => {
    const village = safe()
    const [first, second] = [timed(village, 'p0', 5), timed(village, 'p0', 7)]
    village.do(first)
    village.pass(60)
    const third = timed(village, 'p0', 6)
    expect(clocksOf(village, [third, second])).toEqual([[0, 7]])
    village.do(second)
    village.pass(60)
    expect(clocksOf(village, [third])).toEqual([[0, 6]])
  })

  test('example E4: members that a scheduler shuts out still move T', () => {
    const village = safe()
    const start: AgreedTime = {
      time: 1_001_400,
      clock: 501_400,
      members: new Array<number>(7).fill(1_001_400),
    }
    // Block 3 of the example: a and b lie, c and d are let in, e, f and g are not.
    const proposed = new Map([
      [0, 0],
      [1, 0],
      [2, 1_021_200],
      [3, 1_021_300],
    ])
    expect(advanceTime(start, proposed).time).toBe(1_001_400)
    const carried = clocksOf(village, [timed(village, 'p4', 1_021_400)])
    const { time } = advanceTime(start, new Map([...carried, ...proposed]))
    expect(time).toBe(1_021_200)
  })
})

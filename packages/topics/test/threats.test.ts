/** Section 17: each default defence, where no other test of this package fails without it; and the profiles of section 7. */
import { digestKey } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { Ledger, openStateSnapshot, recorded } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import {
  flawOfParameters,
  GUARDED_PARAMETERS,
  genesisParameters,
  type Meeting,
  QUEUE_MAX,
  SEED_PARAMETERS,
  TICK_MAX,
  type TopicsMachine,
} from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { actions, createTopic, DAY, domainId, note, PARAMS, sha256, Village, voteFor } from './village.js'

describe('§17', () => {
  test('1: [SAFE] support slots: a member supports so many queued topics of a domain, and no more', () => {
    const village = new Village({ people: 9, rules: { supportSlots: 2, minActivate: 9 } })
    const ids = ['p1', 'p2', 'p3'].map(name => village.open(name))
    const join = (id: Uint8Array) =>
      village.refused(village.by('p0', { type: 'join', topic: id, params: PARAMS }))
    expect(ids.map(join)).toEqual(['accepted', 'accepted', 'topics/support-slots'])
    village.do(village.by('p0', { type: 'leave', topic: ids[0] as Uint8Array }))
    expect(join(ids[2] as Uint8Array)).toBe('accepted')
  })

  test('3, 4: nobody moves a running deadline; one extreme wish is clamped and averaged', () => {
    const village = new Village({ people: 4, rules: { minActivate: 2 } })
    const id = village.open('p0', [], { params: { meet: 1e12, publicity: 1e12, capacity: 4e9 } })
    village.do(village.by('p1', { type: 'join', topic: id, params: { meet: 0, publicity: 0, capacity: 0 } }))
    village.drawn()
    expect(village.topic(id).round).toMatchObject({ window: (30 * DAY + 3_600) / 2, capacity: 251 })
  })

  test('5: s counts the ballots of the final alone, as they stand at its end', () => {
    const village = new Village({ people: 4, rules: { minActivate: 4 } })
    const id = village.open('p0', ['p1', 'p2', 'p3'])
    village.drawn()
    const winner = village.propose(id, 'p0')
    const [one] = village.meetings(id) as readonly [Meeting]
    village.do(...village.names.map(name => village.by(name, voteFor(one.id, [winner]))))
    village.do(...['p2', 'p3'].map(name => village.by(name, voteFor(one.id, []))))
    village.pass(DAY)
    expect(village.topic(id).publicity?.supporters).toBe(2)
  })

  test('9: the beacon that deals is two blocks younger than the roster, and its label is in the receipt', () => {
    const village = new Village()
    const id = village.open('p0')
    const frozen = village.epoch
    village.drawn()
    expect(village.epoch).toBe(frozen + 2)
    expect(village.events.find(({ detail }) => detail['topic'] === hex(id))?.detail['beacon']).toBe('chain')
  })

  test('12: one can only freeze oneself', () => {
    const village = new Village({ people: 6 })
    const id = village.decided(actions(note('x')), { voters: ['p0', 'p1'] })
    village.do(village.by('p5', { type: 'freeze', topic: id }))
    expect(village.names.filter(name => village.member(name).state === 'frozen')).toEqual(['p5'])
  })

  test('29: a full queue refuses in words, and drops nothing', () => {
    const village = new Village({ people: QUEUE_MAX / 2 + 1, rules: { minActivate: 2_000 } })
    const twice = village.names.slice(0, -1).flatMap(name => {
      const create = createTopic(village.id(name))
      return [village.by(name, create), village.by(name, create)]
    })
    village.do(...twice)
    expect(village.state.indexes.queue(domainId('general')).size).toBe(QUEUE_MAX)
    const [last = ''] = village.names.slice(-1)
    expect(village.refusal(village.by(last, createTopic(village.id(last))))).toBe(
      '2000 topics wait in this domain, at most 2000 may',
    )
  })

  test('29: more timers than one block fires are fired in the next', () => {
    const village = new Village()
    for (let at = 0; at <= TICK_MAX; at += 1) {
      const id = sha256(Uint8Array.of(at >> 8, at & 255))
      village.state.tables.scheduled.set(id, { id, topic: id, dueL: 5, actions: [] })
    }
    village.block([], 5)
    expect(village.state.tables.scheduled.size).toBe(1)
    village.block()
    expect(village.state.tables.scheduled.size).toBe(0)
  })
})

describe('§4 – order', () => {
  test('groups stand by a hash with the beacon of the block before, so nobody knows its place when it signs', () => {
    const order = (blocks: number) => {
      const village = new Village({ people: 8, rules: { minActivate: 8 } })
      const id = village.open('p7')
      village.pass(blocks, 1)
      village.do(
        ...village.names
          .slice(0, 7)
          .map(name => village.by(name, { type: 'join', topic: id, params: PARAMS })),
      )
      const keys = [...(village.state.indexes.participants.get(digestKey(id)) ?? [])].slice(1)
      return keys.map(key => village.names.find(name => key.endsWith(digestKey(village.id(name))))).join(' ')
    }
    expect(order(1)).toBe(order(1))
    expect(order(1)).not.toBe(order(2))
  })
})

describe('§7 – profiles', () => {
  test('seed is the mission’s, guarded the safer variants', () => {
    expect(SEED_PARAMETERS).toMatchObject({
      activeSlots: 1,
      minActivate: 1,
      queueMinAge: 0,
      aggregate: 'mean',
      minSupport: 0,
      quorum: 0,
      statusQuo: false,
      proposeUntil: 1000,
      lateExtension: false,
      evaluationQuorum: 1,
      freezeFail: 'resume',
      supportSlots: 0,
    })
    expect(GUARDED_PARAMETERS).toMatchObject({
      minActivate: 2,
      minActivatePermille: 10,
      queueMinAge: DAY,
      queueTtl: 90 * DAY,
      aggregate: 'median',
      publicityBase: 3 * DAY,
      publicityNeed: { min: 3 * DAY, max: 120 * DAY },
      quorum: 100,
      statusQuo: true,
      proposeUntil: 500,
      lateExtension: true,
      evaluationQuorumPermille: 100,
      supportSlots: 5,
    })
  })

  test('what stands in a domain depends on the profile', () => {
    expect(genesisParameters('guarded', 'membership')).toMatchObject({ minSupport: 334, activeSlots: 32 })
    expect(genesisParameters('guarded', 'constitution')).toMatchObject({
      minSupport: 667,
      minSupportByKind: [{ kind: 'domain', permille: 334 }],
    })
    expect(genesisParameters('guarded', 'general').minSupport).toBe(0)
    expect(genesisParameters('seed', 'membership')).toMatchObject({ minSupport: 0, activeSlots: 32 })
  })

  test.each([
    [{ capacity: { min: 1, max: 5 } }, 'capacity'],
    [{ meet: { min: 0, max: 5 } }, 'meet'],
    [{ meet: { min: 9, max: 5 } }, 'meet'],
    [{ activeSlots: 0 }, 'activeSlots'],
    [{ queueTtl: 0 }, 'queueTtl'],
    [{ proposeUntil: 0 }, 'proposeUntil'],
    [{ evaluationWindow: 0 }, 'evaluationWindow'],
    [{ secretCapacityMin: 501 }, 'secretCapacityMin'],
  ])('rules that leave a topic without an end are none: %j', (rules, name) => {
    expect(flawOfParameters({ ...SEED_PARAMETERS, ...rules })).toContain(name)
    expect(() => new Village({ rules })).toThrow(RangeError)
  })

  test('an organisation has founders, each once, each with its key', () => {
    expect(() => new Village({ people: 0 })).toThrow(RangeError)
    expect(() => new Village({ people: ['a', 'a'] })).toThrow(RangeError)
    expect(() => new Village({ genesis: { org: new Uint8Array(3) } })).toThrow(RangeError)
    expect(
      () => new Village({ genesis: { founders: [{ key: sha256(), possession: new Uint8Array(64) }] } }),
    ).toThrow(RangeError)
  })
})

test('under the ledger: agreed time moves the deadlines, and the record knows what was accepted', () => {
  const village = new Village({ people: 4, rules: { minActivate: 2 } })
  const machine = recorded(village.machine as TopicsMachine, sha256)
  const genesis = { name: 'village', time: 1_700_000_000_000, configuration: village.configuration }
  const ledger = new Ledger({
    genesis: { ...genesis, configuration: { ...village.configuration, firstEpoch: 0 } },
    crypto: nodeCrypto,
    machine,
  })
  const operation = village.by('p0', createTopic(village.id('p0')))
  const id = machine.operationId(operation)
  const batch = {
    epoch: 0,
    payloads: [{ proposer: 0, bytes: operation }],
    headers: [],
    operations: [{ proposer: 0, id, bytes: operation }],
  }
  expect(ledger.admit(operation)).toBeUndefined()
  expect(ledger.apply(batch).receipts).toMatchObject([{ accepted: true }])
  expect(machine.isKnown(ledger.state, digestKey(id))).toBe(true)
  expect(hex(village.machine.author(operation))).toBe(hex(village.id('p0')))
  const { map } = ledger.state.inner
  expect(openStateSnapshot(new Uint8Array(0), map.root(), sha256)).toBeUndefined()
  expect(ledger.state.inner.tables.topics.size).toBe(1)
})

/** Challenges, membership boundaries, seats, keys: section 12 and identity.md, sections 6, 9 and 12. */
import { nodeCrypto } from '@mc/crypto/node'
import type { Configuration } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import {
  additionsMax,
  type Meeting,
  memberIdOf,
  memberRing,
  removalsMax,
  seatMessage,
  type Tools,
  type Turn,
} from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { isBoundary } from '../src/machine/boundary.js'
import {
  actions,
  createTopic,
  DAY,
  domainId,
  nodeKeyOf,
  nodeSecretOf,
  ORG,
  PARAMS,
  secretOf,
  sha256,
  Village,
  type VillageOptions,
  voteFor,
} from './village.js'

const tools = { tools: { sha256, org: ORG } as unknown as Tools }
const challengeOf = (village: Village, target: string, evidence = 'seen') =>
  ({
    kind: 'challenge',
    domain: domainId('membership'),
    target: village.id(target),
    evidence: [sha256(Uint8Array.from(evidence, letter => letter.charCodeAt(0)))],
  }) as const

const addition = (village: Village, name: string, seat = false) =>
  actions({
    type: 'member.add',
    key: village.key(name),
    possession: village.identity.sign(secretOf(name), village.key(name)),
    seat: seat
      ? { publicKey: nodeKeyOf(name), name, addresses: [], signature: new Uint8Array(64) }
      : undefined,
    sponsor: undefined,
    attestations: [],
  })

/** Everybody decides to take these in, each by a topic of its own. */
function admit(village: Village, names: readonly string[], seat = false): readonly Uint8Array[] {
  return names.map((name, at) => {
    const opener = village.names[at] as string
    const voters = [opener, ...village.names.filter(one => one !== opener)]
    const body = { kind: 'membership', domain: domainId('membership') } as const
    const id = village.decided(addition(village, name, seat), { voters, body })
    village.execute(id)
    return id
  })
}

const keysOf = ({ members }: Configuration): readonly string[] =>
  members.map(({ publicKey }) => hex(publicKey))
const long = { epochLength: 365 * DAY }

describe('§12 – challenge', () => {
  test('has two candidates, remove and keep; a removal takes effect at the boundary', () => {
    const village = new Village({ people: 6, seats: 5, genesis: { parameters: { epochLength: 60 * DAY } } })
    const id = village.decided(undefined, { body: challengeOf(village, 'p3'), voters: ['p0', 'p1', 'p2'] })
    expect(village.topic(id).state).toBe('publicity')
    village.execute(id)
    expect(village.topic(id)).toMatchObject({ state: 'scheduled', result: { open: 1 } })
    expect(village.member('p3').state).toBe('active')
    village.pass(60 * DAY)
    expect(village.topic(id).state).toBe('executed')
    expect(village.member('p3')).toMatchObject({ state: 'removed', seat: undefined })
    expect(keysOf(village.configuration)).not.toContain(hex(nodeKeyOf('p3')))
    expect(village.configuration.index).toBe(1)
    expect(village.refused(village.by('p3', { type: 'depart' }))).toBe('topics/not-a-member')
  })

  test('two members, 1:1: keep', () => {
    const village = new Village({ people: 2, seats: 2 })
    const id = village.open('p0', [], challengeOf(village, 'p1'))
    village.do(village.by('p1', { type: 'join', topic: id, params: PARAMS }))
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const [remove, keep] = one.candidates as readonly [Uint8Array, Uint8Array]
    village.do(village.by('p0', voteFor(one.id, [remove])), village.by('p1', voteFor(one.id, [keep])))
    village.pass(DAY)
    expect(village.topic(id)).toMatchObject({
      state: 'lapsed',
      result: { reason: 'things stay as they are' },
    })
  })

  test('the target keeps its vote, may answer, and may freeze', () => {
    const village = new Village({ people: 6 })
    const id = village.decided(undefined, { body: challengeOf(village, 'p3'), voters: ['p0', 'p1', 'p3'] })
    village.do(
      village.by('p3', { type: 'defend', topic: id, text: { type: 'inline', text: 'It was not me.' } }),
    )
    expect(village.topic(id).defence).toBeDefined()
    expect(
      village.refused(
        village.by('p2', { type: 'defend', topic: id, text: { type: 'inline', text: 'Nor me.' } }),
      ),
    ).toBe('topics/not-the-target')
    village.do(village.by('p3', { type: 'freeze', topic: id }))
    expect(village.topic(id).state).toBe('frozen')
  })

  test('one open challenge per target, and the same evidence not again for 30 days', () => {
    const village = new Village({ people: 6, genesis: { parameters: long } })
    const id = village.open('p0', [], challengeOf(village, 'p3'))
    const open = (name: string, target: string, evidence?: string) =>
      village.refused(village.by(name, createTopic(village.id(name), challengeOf(village, target, evidence))))
    expect(open('p1', 'p3', 'other')).toBe('topics/already-challenged')
    expect(open('p2', 'p4')).toBe('topics/evidence-used')
    village.pass(31 * DAY)
    expect(village.topic(id).state).toBe('lapsed')
    expect(open('p4', 'p3')).toBe('accepted')
  })

  test('one challenge per member in 30 days', () => {
    const village = new Village({ people: 6 })
    village.open('p0', [], challengeOf(village, 'p3'))
    const again = village.by('p0', createTopic(village.id('p0'), challengeOf(village, 'p4', 'other')))
    expect(village.refused(again)).toBe('topics/rate-limit')
  })

  test('nobody proposes in a challenge, and no other topic removes a member', () => {
    const village = new Village({ people: 4, rules: { activeSlots: 2 } })
    const id = village.open('p0', [], challengeOf(village, 'p3'))
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const body = {
      type: 'propose',
      meeting: one.id,
      text: { type: 'inline', text: 'x' },
      program: undefined,
      parent: undefined,
      candidacy: undefined,
    } as const
    expect(village.refused(village.by('p0', body))).toBe('topics/built-in-candidates')
    const other = village.open('p1', [], { kind: 'membership', domain: domainId('membership') })
    village.drawn()
    const [two] = village.meetings(other) as readonly [Meeting]
    const removal = actions({ type: 'member.remove', member: village.id('p3') })
    expect(village.refused(village.by('p1', { ...body, meeting: two.id, program: removal }))).toBe(
      'topics/wrong-program',
    )
  })
})

describe('§12 – boundaries', () => {
  test('at most ⌊(n_c − 1)/3⌋ removals and ⌈n_c/10⌉ additions', () => {
    expect([4, 7, 10, 100].map(removalsMax)).toEqual([1, 2, 3, 33])
    expect([4, 10, 11, 100].map(additionsMax)).toEqual([1, 1, 2, 10])
    expect([1, 2, 3].map(removalsMax)).toEqual([1, 1, 1])
  })

  test('what is over the cap waits in order of execution', () => {
    const village = new Village({ people: 8, seats: 4, genesis: { parameters: { epochLength: DAY } } })
    village.do(...['p5', 'p6', 'p7'].map(name => village.by(name, { type: 'depart' })))
    const gone = () => ['p5', 'p6', 'p7'].filter(name => village.member(name).state === 'left').length
    const seen = [0, 1, 2, 3].map(() => {
      village.pass(DAY)
      return gone()
    })
    expect(seen).toEqual([1, 2, 3, 3])
  })

  test('a person comes in at the boundary, with one voice at once and its node once it is ready', () => {
    const village = new Village({ people: 4, seats: 4, genesis: { parameters: { epochLength: 40 * DAY } } })
    const [id] = admit(village, ['new'], true) as readonly [Uint8Array]
    expect(village.topic(id).state).toBe('scheduled')
    village.pass(40 * DAY)
    const member = village.state.tables.members.must(memberIdOf(village.key('new'), sha256))
    expect(member).toMatchObject({ state: 'active', joinedEpoch: 1, seat: { isReady: false } })
    expect(village.topic(id).state).toBe('scheduled')
    expect(village.refused(village.by('new', createTopic(village.id('new'))))).toBe('accepted')
    village.do(village.byNode('new', { type: 'ready' }))
    expect(keysOf(village.configuration)).toHaveLength(4)
    village.pass(40 * DAY)
    expect(keysOf(village.configuration)).toHaveLength(5)
    expect(village.topic(id).state).toBe('executed')
  })

  test('the consensus keeps its smallest number of seats: who would make it fewer waits', () => {
    const village = new Village({
      people: 4,
      seats: 4,
      genesis: { parameters: { epochLength: DAY, seatsMin: 4 } },
    })
    village.do(village.by('p3', { type: 'depart' }))
    village.pass(3 * DAY, DAY)
    expect(village.member('p3').state).toBe('active')
  })

  test('the last seat never goes', () => {
    const village = new Village({ people: 2, seats: 1, genesis: { parameters: { epochLength: DAY } } })
    village.do(village.by('p0', { type: 'depart' }))
    village.pass(2 * DAY, DAY)
    expect(village.member('p0').state).toBe('active')
    expect(keysOf(village.configuration)).toHaveLength(1)
  })

  test('a seat moves to another node with that node’s word, and counts once it is ready', () => {
    const village = new Village({ people: 5, seats: 5, genesis: { parameters: { epochLength: DAY } } })
    const message = (at: string) => {
      const statement = sha256(Uint8Array.from(at, letter => letter.charCodeAt(0)))
      return nodeCrypto.ed25519.sign(statement, nodeSecretOf(at))
    }
    const seat = { publicKey: nodeKeyOf('other'), name: 'other', addresses: [], signature: message('other') }
    expect(village.refused(village.by('p0', { type: 'setSeat', seat }))).toBe('topics/wrong-seat')
    village.do(village.by('p0', { type: 'setSeat', seat: undefined }))
    village.pass(DAY)
    expect(keysOf(village.configuration)).toEqual(['p1', 'p2', 'p3', 'p4'].map(name => hex(nodeKeyOf(name))))
  })

  test('while a committee is decided and waits to take force, a boundary waits, too', () => {
    const village = new Village({ people: 4, seats: 4, genesis: { parameters: { epochLength: DAY } } })
    const { configuration } = village
    const block = { clock: 2 * DAY, configuration } as never
    const turn = { state: village.state, block } as unknown as Turn
    expect(isBoundary(turn)).toBe(true)
    expect(isBoundary({ ...turn, block: { ...turn.block, decided: configuration } })).toBe(false)
  })

  test('a committee of four never becomes smaller: a seat that nobody has stays until another one comes', () => {
    const village = new Village({ people: 5, seats: 4, genesis: { parameters: { epochLength: DAY } } })
    village.do(village.by('p0', { type: 'setSeat', seat: undefined }))
    village.pass(2 * DAY, DAY)
    expect(keysOf(village.configuration)).toHaveLength(4)
    const message = seatMessage({ tools: { sha256, org: ORG } as Tools }, village.id('p4'))
    const signature = nodeCrypto.ed25519.sign(message, nodeSecretOf('p4'))
    const seat = { publicKey: nodeKeyOf('p4'), name: 'p4', addresses: [], signature }
    village.do(village.by('p4', { type: 'setSeat', seat }))
    village.do(village.byNode('p4', { type: 'ready' }))
    village.pass(DAY)
    expect(keysOf(village.configuration)).toEqual(['p1', 'p2', 'p3', 'p4'].map(name => hex(nodeKeyOf(name))))
  })

  test('§9.5: a member that goes takes its ballots in open meetings along; closed rounds stand', () => {
    const village = new Village({
      people: 5,
      seats: 4,
      rules: { minActivate: 5, activeSlots: 2 },
      genesis: { parameters: { epochLength: DAY } },
    })
    const params = { ...PARAMS, meet: 5 * DAY }
    const id = village.open('p0', ['p1', 'p2', 'p3', 'p4'], { params })
    village.drawn()
    const [own, other] = [village.propose(id, 'p4'), village.propose(id, 'p0')]
    const [one] = village.meetings(id) as readonly [Meeting]
    village.do(village.by('p4', voteFor(one.id, [own, other])), village.by('p1', voteFor(one.id, [other])))
    village.do(village.by('p4', { type: 'depart' }))
    expect(village.state.indexes.approvals(one.id, other)).toBe(2)
    village.pass(DAY)
    expect(village.state.indexes.approvals(one.id, other)).toBe(1)
    expect(village.meetings(id)[0]).toMatchObject({ voters: 4 })
    // Nobody else approved the proposal of the one who went.
    expect(village.meetings(id)[0]?.candidates.map(hex)).toEqual([hex(other)])
    expect(village.topic(id).participants).toBe(4)
  })

  test('§9.5: a meeting without voters closes without a winner', () => {
    const village = new Village({ people: 6, seats: 4, genesis: { parameters: { epochLength: DAY } } })
    const id = village.open('p5', [], { params: { ...PARAMS, meet: 5 * DAY } })
    village.drawn()
    village.do(village.by('p5', { type: 'depart' }))
    village.pass(DAY)
    expect(village.meetings(id)[0]).toMatchObject({ isClosed: true, voters: 0, winner: undefined })
    village.pass(4 * DAY)
    expect(village.topic(id).state).toBe('lapsed')
  })
})

describe('pseudonyms and rings', () => {
  const opened = (options: VillageOptions = {}) => {
    const village = new Village({ people: 6, ...options, rules: { minActivate: 3, ...options.rules } })
    const { bytes, id } = village.byToken('p0', createTopic(new Uint8Array(32), { privacy: 'pseudonymous' }))
    village.do(bytes)
    return {
      village,
      id,
      join: (name: string) => village.under(name, id, { type: 'join', topic: id, params: PARAMS }),
    }
  }

  test('an anonymous topic is opened by a token and joined by pseudonyms', () => {
    const { village, id, join } = opened()
    village.do(join('p1'), join('p2'))
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const body = {
      type: 'propose',
      meeting: one.id,
      text: { type: 'inline', text: 'x' },
      program: undefined,
      parent: undefined,
      candidacy: undefined,
    } as const
    const [receipt] = village.do(village.under('p1', id, body))
    village.do(
      ...['p0', 'p1', 'p2'].map(name =>
        village.under(name, id, voteFor(one.id, [receipt?.id as Uint8Array])),
      ),
    )
    village.pass(DAY)
    expect(village.topic(id)).toMatchObject({ state: 'publicity', publicity: { supporters: 3 } })
  })

  test('a token is for this week, one of two slots, and once', () => {
    const village = new Village({ people: 6 })
    const body = createTopic(new Uint8Array(32), { privacy: 'pseudonymous' })
    expect(village.refused(village.byToken('p0', body, 0).bytes)).toBe('accepted')
    expect(village.refused(village.byToken('p0', body, 1).bytes)).toBe('accepted')
    expect(village.refused(village.byToken('p0', body, 2).bytes)).toBe('topics/wrong-token')
    const again = village.byToken('p0', body, 0).bytes
    expect(village.refused(again)).toBe('topics/wrong-token')
    village.pass(8 * DAY)
    expect(village.refused(village.byToken('p0', body, 0).bytes)).toBe('accepted')
  })

  test('a proof of somebody who is no member, of another tag, or over no ring is refused', () => {
    const { village, join, id } = opened()
    expect(village.refused(join('stranger'))).toBe('topics/wrong-proof')
    expect(
      village.refused(village.under('p1', id, { type: 'join', topic: id, params: PARAMS }, { prove: false })),
    ).toBe('topics/missing-proof')
  })

  test('after a removal a pseudonym proves again before its first operation in the next round', () => {
    const { village, id, join } = opened({
      rules: { activeSlots: 3 },
      genesis: { parameters: { epochLength: DAY } },
    })
    village.do(join('p1'))
    village.do(village.by('p5', { type: 'depart' }))
    village.pass(DAY)
    village.do(join('p2'))
    village.drawn()
    const say = { type: 'comment', topic: id, text: 'hm' } as const
    expect(village.refused(village.under('p1', id, say))).toBe('topics/proof-to-renew')
    village.rewind(village.tag('p1', id))
    village.do(village.under('p1', id, { type: 'renew', topic: id }, { prove: true }))
    expect(village.refused(village.under('p1', id, say))).toBe('accepted')
    expect(village.refused(village.under('p2', id, say))).toBe('accepted')
  })

  test('the removed person cannot prove again', () => {
    const { village, id, join } = opened({ genesis: { parameters: { epochLength: DAY } } })
    village.do(join('p5'))
    village.do(village.by('p5', { type: 'depart' }))
    village.pass(DAY)
    expect(village.refused(village.under('p5', id, { type: 'renew', topic: id }, { prove: true }))).toBe(
      'topics/wrong-proof',
    )
  })

  test('a proof made before somebody came is not wasted; one made before somebody went is', () => {
    const { village, id } = opened({ genesis: { parameters: { epochLength: 60 * DAY } } })
    const old = village.state.here.rings.revision
    admit(village, ['new'])
    village.pass(60 * DAY)
    expect(village.state.here.rings.revision).toBeGreaterThan(old)
    const ring = memberRing(village.state, { ...tools.tools, openRing: village.identity.openRing } as Tools, {
      epoch: 0,
      revision: old,
      cohort: 0,
    })
    expect(ring?.size).toBe(6)
    village.do(village.by('p5', { type: 'depart' }))
    village.pass(60 * DAY)
    const stale = village.signed(
      { type: 'pseudonym', topic: id, tag: village.tag('p2', id) },
      { type: 'join', topic: id, params: PARAMS },
      message => village.identity.sign(secretOf('p2'), message),
      message => [village.evidence('p2', message, old)],
    )
    expect(village.refused(stale)).toBe('topics/stale-proof')
  })

  test('a rotated key gives no second pseudonym in a topic of before', () => {
    const { village, join } = opened()
    village.do(join('p1'))
    const key = village.key('p1-new')
    village.do(
      village.by('p1', {
        type: 'rotateKey',
        key,
        possession: village.identity.sign(secretOf('p1-new'), key),
      }),
    )
    // The new secret has another tag, and is in no ring of this topic, opened afresh or remembered.
    village.state = village.restored()
    expect(village.refused(join('p1-new'))).toBe('topics/wrong-proof')
    expect(village.refused(village.by('p1', { type: 'depart' }, secretOf('p1')))).toBe(
      'topics/wrong-signature',
    )
    village.rewind(village.id('p1'))
    expect(village.refused(village.by('p1', { type: 'depart' }, secretOf('p1-new')))).toBe('accepted')
  })

  test('secret ballots: the image votes, the pseudonym does not; a second ballot replaces the first', () => {
    const village = new Village({ people: 4, rules: { minActivate: 3 } })
    const { bytes, id } = village.byToken('p0', createTopic(new Uint8Array(32), { privacy: 'secret' }))
    village.do(bytes)
    village.do(
      ...['p1', 'p2'].map(name => village.under(name, id, { type: 'join', topic: id, params: PARAMS })),
    )
    village.drawn()
    const [one] = village.meetings(id) as readonly [Meeting]
    const body = {
      type: 'propose',
      meeting: one.id,
      text: { type: 'inline', text: 'x' },
      program: undefined,
      parent: undefined,
      candidacy: undefined,
    } as const
    const [receipt] = village.do(village.under('p1', id, body))
    const winner = receipt?.id as Uint8Array
    expect(village.refused(village.under('p1', id, voteFor(one.id, [winner])))).toBe('topics/wrong-signer')
    village.do(village.ballot('p1', one.id, [winner]))
    village.do(village.ballot('p1', one.id, []))
    expect(village.state.indexes.approvals(one.id, winner)).toBe(0)
    expect(village.state.indexes.ballots(one.id)).toBe(1)
    expect(village.refused(village.ballot('p3', one.id, [winner]))).toBe('topics/wrong-proof')
    expect(village.refused(village.ballot('p2', one.id, [winner], 4))).toBe('topics/stale-proof')
    village.rewind(village.identity.tagOf(ORG, { type: 'ballot', meetingId: one.id }, secretOf('p2')))
    village.do(village.ballot('p2', one.id, [winner]))
    village.pass(DAY)
    expect(village.topic(id).publicity?.supporters).toBe(1)
  })
})

describe('keys and guardians', () => {
  const recovery = (village: Village) => {
    village.do(
      village.by('p0', {
        type: 'setGuardians',
        guardians: ['p1', 'p2', 'p3']
          .map(name => village.id(name))
          .sort((left, right) => (hex(left) < hex(right) ? -1 : 1)),
      }),
    )
    const key = village.key('p0-new')
    const body = {
      type: 'recover',
      member: village.id('p0'),
      key,
      possession: village.identity.sign(secretOf('p0-new'), key),
    } as const
    return { key, ask: (name: string) => village.by(name, body) }
  }

  test('two thirds of the guardians and seven days give a lost member a new key', () => {
    const village = new Village({ people: 6 })
    const { ask, key } = recovery(village)
    expect(village.refused(ask('p5'))).toBe('topics/wrong-guardian')
    village.do(ask('p1'))
    expect(village.member('p0').recovery?.dueL).toBeUndefined()
    village.do(ask('p2'))
    village.pass(7 * DAY - 1)
    expect(village.member('p0').keys).toHaveLength(1)
    village.pass(1)
    expect(hex(village.member('p0').keys.at(-1)?.key as Uint8Array)).toBe(hex(key))
  })

  test('the old key can say no in time', () => {
    const village = new Village({ people: 6 })
    const { ask } = recovery(village)
    village.do(ask('p1'), ask('p2'))
    village.do(village.by('p0', { type: 'vetoRecovery' }))
    village.pass(8 * DAY)
    expect(village.member('p0').keys).toHaveLength(1)
  })

  test('a key without its proof, or somebody’s already, is not taken', () => {
    const village = new Village()
    const key = village.key('else')
    expect(
      village.refused(village.by('p0', { type: 'rotateKey', key, possession: new Uint8Array(64) })),
    ).toBe('topics/wrong-possession')
    const used = village.key('p1')
    expect(
      village.refused(
        village.by('p0', {
          type: 'rotateKey',
          key: used,
          possession: village.identity.sign(secretOf('p1'), used),
        }),
      ),
    ).toBe('topics/used-key')
  })
})

/** Tier 0: one test per action and rule. */
import {
  difference,
  memberId,
  type RefusalKind,
  SCHEDULE_AHEAD_MAX,
  seatStatement,
  TERM_MAX,
} from '@mc/contracts'
import { utf8 } from '@mc/protocol/wire'
import { type Action, genesisParameters, type MandateTerms } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import {
  ann,
  bob,
  cidOf,
  constitution,
  ed25519,
  emit,
  eve,
  general,
  id,
  membership,
  NOW,
  reasonOf,
  run,
  set,
  sha256,
  TOPIC,
  topicOf,
  world,
} from './world.js'

const rules = genesisParameters('seed', 'general')
const names = [{ language: 'en', text: 'Garden' }]
const later = { type: 'clockAtLeast', clock: 5 } as const
const ends = { conversion: later, onConvert: [] }

/** That an action fails for this kind of reason, and that the world stays as it was. */
function refuses(
  action: Action,
  kind: RefusalKind,
  rest: Parameters<typeof run>[2] = {},
  on = world(),
): void {
  const before = structuredClone(on)
  expect(reasonOf(run(on, [action], rest))).toMatch(new RegExp(`^${kind}: `))
  expect(structuredClone(on)).toEqual(before)
}

describe('an execution is one atomic batch', () => {
  test('preconditions are of the state before the batch: what its author saw', () => {
    const on = world()
    expect(reasonOf(run(on, [set('a', 1, 0), set('a', 2, 1)]))).toBe(
      'stale: parameter.set: parameter a: now 0, expected 1',
    )
    expect(reasonOf(run(on, [set('a', 1, 0), set('a', 2, 0)]))).toBe('executed')
    expect(on.parameters.get(utf8('a'))?.value).toBe(2)
  })

  test('the last action failing, nothing of the first ones stays', () => {
    const on = world()
    const bad: Action = { type: 'domain.create', names, parent: id('nowhere'), parameters: rules }
    expect(reasonOf(run(on, [set('a', 1, 0), emit('x'), bad]))).toMatch(/^invalid: domain.create/)
    expect(on.parameters.size).toBe(0)
    expect(on.deeds).toEqual([])
  })

  test('its receipt lists what changed, by table and key, and nothing that did not', () => {
    const slots: Action = { type: 'domain.setSlots', domain: general, slots: 3, expect: 1 }
    expect(run(world(), [emit('x'), slots, set('a', 1, 0)])).toMatchObject({
      outcome: 'executed',
      diff: [
        {
          table: 'domains',
          key: general,
          before: 'parameters.activeSlots: 1',
          after: 'parameters.activeSlots: 3',
        },
        { table: 'parameters', key: utf8('a'), before: undefined, after: 'name: "a", value: 1' },
        { table: 'events', before: undefined, after: '"x"' },
      ],
    })
  })

  test('the diff does not depend on the order in which a value was put together', () => {
    expect(difference({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4, c: 2 }, a: 1 })).toEqual(['b.d: 3', 'b.d: 4'])
  })

  test('gas is a budget: over it nothing happens', () => {
    const on = world()
    expect(reasonOf(run(on, [emit('x')], { budget: { gas: 1_000, storageBytes: 99 } }))).toMatch(/^budget: /)
    expect(on.deeds).toEqual([])
  })

  test('so are the bytes that it writes', () => {
    const on = world()
    expect(reasonOf(run(on, [set('a', 1, 0)], { budget: { gas: 10_000, storageBytes: 5 } }))).toMatch(
      /^budget: /,
    )
    expect(on.parameters.size).toBe(0)
  })

  test('capabilities that voters were not shown are refused, also deep inside', () => {
    refuses(set('a', 1, 0), 'capability', { capabilities: ['event'] })
    const hidden: Action = { type: 'schedule.at', clock: NOW + 5, actions: [set('a', 1, 0)] }
    refuses(hidden, 'capability', { capabilities: ['schedule'] })
    const end: Action = {
      type: 'exception.open',
      description: 'd',
      holder: 'h',
      conversion: later,
      onConvert: [set('a', 1, 0)],
    }
    refuses(end, 'capability', { capabilities: ['exception'] })
  })
})

describe('members', () => {
  const key = id('key of zoe')
  const add = {
    type: 'member.add',
    key,
    possession: key,
    seat: undefined,
    sponsor: undefined,
    attestations: [],
  } as const

  test('member.add queues a person who knows the secret of the key', () => {
    const on = world()
    expect(reasonOf(run(on, [add]))).toBe('executed')
    expect(on.changes).toMatchObject([
      { change: { type: 'add', member: { keys: [{ key, from: 0 }], state: 'active' } } },
    ])
  })

  test('member.add without a proof of possession is refused', () =>
    refuses({ ...add, possession: id('no') }, 'invalid'))

  test('member.add of a person for whom the organisation finds too little evidence is refused', () => {
    const on = world()
    on.candidateFlaw = 'there is no such attestation'
    refuses({ ...add, attestations: [id('attestation')] }, 'invalid', {}, on)
    expect(on.changes).toEqual([])
  })

  test('a key that has been a member’s is refused, and so is one that waits already', () => {
    const again = (ann.keys[0] as { key: Uint8Array }).key
    refuses({ ...add, key: again, possession: again }, 'invalid')
    const on = world()
    run(on, [add])
    refuses(add, 'invalid', {}, on)
    expect(reasonOf(run(world(), [add, add]))).toMatch(/^invalid/)
  })

  test('a sponsor is a member', () => {
    refuses({ ...add, sponsor: id('nobody') }, 'invalid')
    expect(reasonOf(run(world(), [{ ...add, sponsor: ann.id }]))).toBe('executed')
  })

  test('a node signs for the seat that it takes, in this organisation and for this member', () => {
    const secret = id('secret of a node')
    const publicKey = ed25519.publicKey(secret)
    const seat = (org: Uint8Array) => ({
      ...{ publicKey, name: 'n', addresses: [] },
      signature: ed25519.sign(seatStatement(org, memberId(key, sha256), sha256), secret),
    })
    expect(reasonOf(run(world(), [{ ...add, seat: seat(world().org) }]))).toBe('executed')
    refuses({ ...add, seat: seat(id('elsewhere')) }, 'invalid')
    const on = world()
    on.members.set(bob.id, { ...bob, seat: { publicKey, name: 'b', addresses: [], isReady: true } })
    refuses({ ...add, seat: seat(on.org) }, 'invalid', {}, on)
  })

  test('member.remove queues a removal, and only in a challenge', () => {
    const on = world()
    const remove: Action = { type: 'member.remove', member: eve.id }
    expect(reasonOf(run(on, [remove], { kind: 'challenge' }))).toBe('executed')
    expect(on.changes).toMatchObject([{ change: { type: 'remove', member: eve.id } }])
    refuses(remove, 'invalid', { kind: 'challenge' }, on)
    refuses(remove, 'capability', { kind: 'membership' })
    refuses({ type: 'schedule.at', clock: NOW + 1, actions: [remove] }, 'capability')
    refuses({ type: 'member.remove', member: id('nobody') }, 'stale', { kind: 'challenge' })
  })

  test('member.leave is a person’s own decision', () => {
    expect(reasonOf(run(world(), [{ type: 'member.leave', member: ann.id }]))).toBe('executed')
    refuses({ type: 'member.leave', member: bob.id }, 'invalid')
  })

  test('somebody stays', () => {
    const on = world()
    for (const member of [bob, eve]) on.members.set(member.id, { ...member, state: 'left' })
    refuses({ type: 'member.remove', member: ann.id }, 'invalid', { kind: 'challenge' }, on)
  })
})

describe('domains', () => {
  test('domain.create, with rules under which topics end', () => {
    const on = world()
    expect(reasonOf(run(on, [{ type: 'domain.create', names, parent: general, parameters: rules }]))).toBe(
      'executed',
    )
    expect(on.domains.values().filter(domain => domain.names === names)).toMatchObject([
      { parent: general, isEntrenched: false },
    ])
    refuses(
      { type: 'domain.create', names, parent: undefined, parameters: { ...rules, activeSlots: 0 } },
      'invalid',
    )
    refuses({ type: 'domain.create', names: [], parent: undefined, parameters: rules }, 'invalid')
    refuses(
      { type: 'domain.create', names: [...names, ...names], parent: undefined, parameters: rules },
      'invalid',
    )
  })

  test('a topic that makes two domains makes two', () => {
    const on = world()
    const create: Action = { type: 'domain.create', names, parent: undefined, parameters: rules }
    run(on, [create, create])
    run(on, [create])
    expect(on.domains.size).toBe(6)
  })

  test('domain.rename expects the old names', () => {
    const on = world()
    const old = [{ language: 'en', text: 'general' }]
    expect(reasonOf(run(on, [{ type: 'domain.rename', domain: general, names, expect: old }]))).toBe(
      'executed',
    )
    expect(on.domains.get(general)?.names).toBe(names)
    refuses({ type: 'domain.rename', domain: general, names, expect: old }, 'stale', {}, on)
  })

  test('domain.setParameters and domain.setSlots expect the old rules', () => {
    const on = world()
    const parameters = { ...rules, quorum: 100 }
    const change: Action = { type: 'domain.setParameters', domain: general, parameters, expect: rules }
    expect(reasonOf(run(on, [change]))).toBe('executed')
    expect(on.domains.get(general)?.parameters.quorum).toBe(100)
    refuses(change, 'stale', {}, on)
    refuses({ ...change, parameters: { ...rules, capacity: { min: 1, max: 9 } } }, 'invalid')
    refuses({ type: 'domain.setSlots', domain: general, slots: 2, expect: 9 }, 'stale')
    refuses({ type: 'domain.setSlots', domain: general, slots: 0, expect: 1 }, 'invalid')
  })

  test('merging: queued topics are queued again, active ones finish where they are, nothing new comes in', () => {
    const on = world()
    expect(reasonOf(run(on, [{ type: 'domain.merge', from: general, into: membership }]))).toBe('executed')
    expect(on.deeds).toEqual([['requeueAll', general, membership]])
    expect(on.domains.get(general)).toMatchObject({ mergedInto: membership })
    refuses({ type: 'domain.merge', from: general, into: membership }, 'stale', {}, on)
    refuses({ type: 'domain.setSlots', domain: general, slots: 2, expect: 1 }, 'invalid', {}, on)
    refuses({ type: 'domain.merge', from: membership, into: membership }, 'invalid')
  })

  test('threat 25: `constitution` cannot be removed', () => {
    refuses({ type: 'domain.merge', from: constitution, into: general }, 'invalid')
    const on = world()
    // Even where nothing marks it as entrenched.
    on.domains.set(constitution, {
      ...(on.domains.get(constitution) as never as object),
      isEntrenched: false,
    } as never)
    refuses({ type: 'domain.merge', from: constitution, into: general }, 'invalid', {}, on)
  })

  test('splitting: the named topics that are queued move to the new domain', () => {
    const on = world()
    const queued = id('queued')
    on.topics.set(queued, topicOf(queued, { state: 'queued' }))
    expect(reasonOf(run(on, [{ type: 'domain.split', domain: general, names, topics: [queued] }]))).toBe(
      'executed',
    )
    const [made] = on.domains.values().filter(domain => domain.names === names)
    expect(on.deeds).toEqual([['requeue', queued, made?.id]])
    expect(made?.parameters).toEqual(on.domains.get(general)?.parameters)
    refuses({ type: 'domain.split', domain: general, names, topics: [TOPIC] }, 'invalid')
    refuses({ type: 'domain.split', domain: membership, names, topics: [queued] }, 'invalid', {}, on)
  })
})

describe('schedules', () => {
  const at = (clock: number): Action => ({ type: 'schedule.at', clock, actions: [emit('x')] })

  test('schedule.at waits, visible, under the topic that decided it; schedule.cancel takes it back', () => {
    const on = world()
    expect(reasonOf(run(on, [at(NOW + 10)]))).toBe('executed')
    const [entry] = on.scheduled.values()
    expect(entry).toMatchObject({ topic: TOPIC, dueL: NOW + 10 })
    const cancel: Action = { type: 'schedule.cancel', entry: entry?.id as Uint8Array }
    expect(reasonOf(run(on, [cancel]))).toBe('executed')
    expect(on.scheduled.size).toBe(0)
    refuses(cancel, 'stale', {}, on)
  })

  test('not for the past, not for ever, not for nothing', () => {
    refuses(at(NOW), 'invalid')
    refuses(at(NOW + SCHEDULE_AHEAD_MAX + 1), 'invalid')
    refuses({ type: 'schedule.at', clock: NOW + 1, actions: [] }, 'invalid')
  })

  test('what was scheduled runs with the capabilities of its topic and no others', () => {
    const on = world()
    expect(reasonOf(run(on, [set('a', 1, 0)], { capabilities: ['event'] }))).toMatch(/^capability/)
    expect(on.parameters.size).toBe(0)
  })
})

describe('mandates, exceptions, attesters', () => {
  const terms: MandateTerms = {
    scope: cidOf('scope'),
    powers: ['registry'],
    term: 100,
    reportEvery: 10,
    ...ends,
  }
  const grant: Action = { type: 'mandate.grant', holder: bob.id, ...terms }
  const election = { kind: 'election' } as const

  test('mandate.grant, in an election, until its term ends', () => {
    const on = world()
    expect(reasonOf(run(on, [grant], election))).toBe('executed')
    expect(on.mandates.values()).toMatchObject([
      { holder: bob.id, termEnd: NOW + 100, reportDue: NOW + 10, isEnded: false },
    ])
    refuses(grant, 'capability', { kind: 'contract' })
  })

  test('a term is at most a year, and its first report comes within it', () => {
    refuses({ ...grant, term: TERM_MAX + 1 }, 'invalid', election)
    refuses({ ...grant, term: 0, reportEvery: 0 }, 'invalid', election)
    refuses({ ...grant, reportEvery: 101 }, 'invalid', election)
  })

  test('a condition that could never hold, or that nobody wrote, is no condition', () => {
    for (const type of ['any', 'all'] as const) {
      refuses({ ...grant, conversion: { type, of: [] } }, 'invalid', election)
      refuses({ ...grant, conversion: { type: 'not', of: { type, of: [] } } }, 'invalid', election)
    }
    refuses({ ...grant, conversion: { type: 'custom', cid: cidOf('not installed') } }, 'invalid', election)
    refuses({ ...grant, conversion: { type: 'custom', cid: id('no cid') } }, 'invalid', election)
  })

  test('the holder is an active member', () => {
    refuses({ ...grant, holder: id('nobody') }, 'stale', election)
    const on = world()
    on.members.set(bob.id, { ...bob, state: 'frozen' })
    refuses(grant, 'invalid', election, on)
  })

  test('mandate.revoke ends a mandate, once', () => {
    const on = world()
    run(on, [grant], election)
    const mandate = on.mandates.values()[0]?.id as Uint8Array
    const revoke: Action = { type: 'mandate.revoke', mandate }
    expect(reasonOf(run(on, [revoke, revoke]))).toMatch(/^invalid/)
    expect(reasonOf(run(on, [revoke]))).toBe('executed')
    expect(on.mandates.get(mandate)?.isEnded).toBe(true)
    refuses(revoke, 'stale', {}, on)
  })

  test('exception.open and exception.close', () => {
    const on = world()
    run(on, [{ type: 'exception.open', description: 'release signer', holder: 'ann', ...ends }])
    const [open] = on.exceptions.values()
    expect(open).toMatchObject({ description: 'release signer', isClosed: false })
    const close: Action = { type: 'exception.close', exception: open?.id as Uint8Array }
    expect(reasonOf(run(on, [close]))).toBe('executed')
    refuses(close, 'stale', {}, on)
  })

  test('an attester stands in the register of exceptions as long as it is one', () => {
    const on = world()
    const add: Action = { type: 'attester.add', key: id('k'), name: 'Town hall', evidenceClass: 2, ...ends }
    expect(reasonOf(run(on, [add]))).toBe('executed')
    const [attester] = on.attesters.values()
    refuses(add, 'invalid', {}, on)
    refuses({ type: 'exception.close', exception: attester?.exception as Uint8Array }, 'invalid', {}, on)
    const remove: Action = { type: 'attester.remove', attester: attester?.id as Uint8Array }
    expect(reasonOf(run(on, [remove]))).toBe('executed')
    expect(on.attesters.size).toBe(0)
    expect(on.exceptions.values()).toMatchObject([{ isClosed: true }])
    refuses(remove, 'stale', {}, on)
  })
})

describe('the rest', () => {
  test('registry.set writes and deletes, expecting the old content', () => {
    const on = world()
    const write = { type: 'registry.set', key: 'by-law', cid: cidOf('a'), expect: undefined } as const
    expect(reasonOf(run(on, [write]))).toBe('executed')
    expect(on.registry.get(utf8('by-law'))).toMatchObject({ topic: TOPIC, setL: NOW })
    refuses(write, 'stale', {}, on)
    expect(reasonOf(run(on, [{ ...write, cid: undefined, expect: write.cid }]))).toBe('executed')
    expect(on.registry.size).toBe(0)
    refuses({ ...write, cid: undefined }, 'invalid')
  })

  test('event.emit tells the world and changes nothing', () => {
    const on = world()
    run(on, [emit('hello')])
    expect(on.deeds).toEqual([['emit', 'hello', utf8('!')]])
  })

  test('protocol.upgrade waits for its nodes, one per module, from the module that runs', () => {
    const on = world()
    const upgrade = {
      type: 'protocol.upgrade',
      manifest: cidOf('m'),
      module: 'topics',
      previous: undefined,
      isUrgent: false,
    } as const
    expect(reasonOf(run(on, [upgrade]))).toBe('executed')
    expect(on.modules.get(utf8('topics'))?.pending).toMatchObject({ topic: TOPIC, decidedL: NOW, ready: [] })
    refuses(upgrade, 'invalid', {}, on)
    refuses({ ...upgrade, previous: cidOf('older') }, 'stale', {}, on)
  })

  test('contract code cannot be installed while tier 1 is off', () => {
    refuses({ type: 'contractType.install', cid: cidOf('code'), capabilities: [] }, 'invalid')
    refuses({ type: 'contractType.install', cid: id('no cid'), capabilities: [] }, 'invalid')
    refuses({ type: 'contractType.retire', cid: cidOf('code') }, 'stale')
  })
})

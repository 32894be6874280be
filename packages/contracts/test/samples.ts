/** One action of each type, each possible in `world()`, and programs drawn from them. */
import { type Action, genesisParameters, type Predicate } from '@mc/topics'
import fc from 'fast-check'
import { ann, bob, cidOf, emit, eve, general, id, membership, NOW, set } from './world.js'

const parameters = genesisParameters('seed', 'general')
const names = [
  { language: 'en', text: 'Garden' },
  { language: 'zh', text: '花园' },
]
const key = id('key of zoe')
const conversion: Predicate = {
  type: 'any',
  of: [
    { type: 'membersAtLeast', count: 50 },
    {
      type: 'all',
      of: [
        { type: 'attestersAtLeast', count: 2 },
        { type: 'not', of: { type: 'parameterAtLeast', name: 'a', value: 3 } },
        { type: 'typeInstalled', contractType: cidOf('x') },
        { type: 'clockAtLeast', clock: 2_000_000 },
      ],
    },
  ],
}
const ends = { conversion, onConvert: [emit('ended')] }

/** One of each. Some fail alone, because what they speak of is not there. */
export const SAMPLES: readonly Action[] = [
  { type: 'member.add', key, possession: key, seat: undefined, sponsor: ann.id, attestations: [id('att')] },
  { type: 'member.remove', member: eve.id },
  { type: 'member.leave', member: ann.id },
  { type: 'domain.create', names, parent: general, parameters },
  { type: 'domain.rename', domain: general, names, expect: [{ language: 'en', text: 'general' }] },
  { type: 'domain.merge', from: general, into: membership },
  { type: 'domain.split', domain: general, names, topics: [] },
  {
    type: 'domain.setParameters',
    domain: general,
    parameters: { ...parameters, quorum: 7 },
    expect: parameters,
  },
  { type: 'domain.setSlots', domain: general, slots: 4, expect: 1 },
  set('a', 5, 0),
  { type: 'schedule.at', clock: NOW + 100, actions: [emit('later'), set('b', 1, 0)] },
  { type: 'schedule.cancel', entry: id('entry') },
  {
    type: 'mandate.grant',
    holder: bob.id,
    scope: cidOf('scope'),
    powers: ['registry'],
    term: 9,
    reportEvery: 3,
    ...ends,
  },
  { type: 'mandate.revoke', mandate: id('mandate') },
  { type: 'exception.open', description: 'release signer', holder: 'ann', ...ends },
  { type: 'exception.close', exception: id('exception') },
  { type: 'attester.add', key, name: 'Town hall', evidenceClass: 2, ...ends },
  { type: 'attester.remove', attester: id('attester') },
  { type: 'contractType.install', cid: cidOf('code'), capabilities: ['event', 'registry'] },
  { type: 'contractType.retire', cid: cidOf('code') },
  { type: 'protocol.upgrade', manifest: cidOf('m'), module: 'topics', previous: undefined, isUrgent: true },
  { type: 'registry.set', key: 'by-law', cid: cidOf('text'), expect: undefined },
  emit('hello'),
]

/** Lists of actions, most of which go well. */
export const programs: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    fc.constantFrom(...SAMPLES),
    fc.constantFrom(...SAMPLES.filter(({ type }) => /add|create|open|emit|set|split|at$/.test(type))),
    fc
      .record({ name: fc.constantFrom('a', 'b'), value: fc.nat(9), expect: fc.constantFrom(0, 0, 0, 5) })
      .map(({ name, value, expect }) => set(name, value, expect)),
  ),
  { maxLength: 6 },
)

/** One example of each action, as people write it: what may be left out is left out. */
import type { Value } from '@mc/contracts'
import type { Action } from '@mc/topics'

const ID = '5f'.repeat(32)
const CID = `01551220${'5f'.repeat(32)}`
const UNTIL_MANY: Value = { type: 'membersAtLeast', count: 100 }

type Example = Readonly<Record<string, Value>>

/** The examples, without their type, by the type. Names of domains and members stand for their ids. */
export const ACTION_EXAMPLES: Readonly<Record<Action['type'], Example>> = {
  'registry.set': { key: 'roof', text: 'slate, as the roofer said' },
  'event.emit': { name: 'summer-party', text: 'on the first Sunday of July' },
  'domain.create': { names: { en: 'School', zh: '学校' }, parameters: { minActivate: 3, activeSlots: 2 } },
  'domain.rename': { domain: 'general', names: { en: 'Village', zh: '村务' } },
  'domain.setParameters': { domain: 'general', parameters: { minActivate: 3 } },
  'domain.setSlots': { domain: 'general', slots: 3 },
  'domain.merge': { from: 'school', into: 'general' },
  'domain.split': { domain: 'general', names: { en: 'Streets', zh: '道路' }, topics: [ID] },
  'member.add': { key: ID, possession: '5f'.repeat(64) },
  'member.remove': { member: 'bob' },
  'member.leave': { member: 'bob' },
  'mandate.grant': {
    holder: 'eve',
    scope: CID,
    powers: ['event'],
    term: '90d',
    reportEvery: '30d',
    conversion: UNTIL_MANY,
  },
  'mandate.revoke': { mandate: ID },
  'exception.open': {
    description: 'one person translates the texts',
    holder: 'sun',
    conversion: { type: 'clockAtLeast', clock: 31_536_000 },
  },
  'exception.close': { exception: ID },
  'attester.add': {
    key: ID,
    name: 'town-hall',
    evidenceClass: 2,
    conversion: { type: 'any', of: [UNTIL_MANY, { type: 'attestersAtLeast', count: 3 }] },
  },
  'attester.remove': { attester: ID },
  'parameter.set': { name: 'epochLength', value: 86_400 },
  'schedule.at': { clock: 604_800, actions: [{ type: 'event.emit', name: 'reminder', payload: '' }] },
  'schedule.cancel': { entry: ID },
  'contractType.install': { cid: CID, capabilities: ['registry', 'event'] },
  'contractType.retire': { cid: CID },
  'protocol.upgrade': { manifest: CID, module: 'topics', isUrgent: false },
}

/**
 * Actions as contract code writes them, checked by the codec that checks everybody's.
 */
import { DecodeError } from '@mc/protocol/wire'
import { type Action, actionsCodec } from '@mc/topics'
import {
  binary,
  integer,
  kinds,
  later,
  many,
  maybe,
  record,
  type Shape,
  ShapeMismatch,
  truth,
  words,
} from './shape.js'
import type { Value } from './value.js'

/** The actions that a value says, or why it says none. Total. */
export function actionsOf(value: Value): readonly Action[] | string {
  try {
    // Whatever is out of bounds does not survive the codec, and what does is canonical.
    return actionsCodec.decode(actionsCodec.encode(actions(value) as readonly Action[]))
  } catch (error) {
    if (error instanceof ShapeMismatch || error instanceof RangeError || error instanceof DecodeError) {
      return error.message
    }
    throw error
  }
}

const actions: Shape = value => many(action)(value)

const condition: Shape = later(() => anyCondition)

const anyCondition = kinds({
  typeInstalled: { contractType: binary },
  parameterAtLeast: { name: words, value: integer },
  membersAtLeast: { count: integer },
  attestersAtLeast: { count: integer },
  clockAtLeast: { clock: integer },
  all: { of: many(condition) },
  any: { of: many(condition) },
  not: { of: condition },
  custom: { cid: binary },
})

const conversion = { conversion: condition, onConvert: actions }

const names = many(record({ language: words, text: words }))

const seat = record({ publicKey: binary, name: words, addresses: many(words), signature: binary })

const bounds = record({ min: integer, max: integer })

const rules = record({
  activeSlots: integer,
  minActivate: integer,
  minActivatePermille: integer,
  queueMinAge: integer,
  queueTtl: integer,
  meet: bounds,
  publicity: bounds,
  capacity: bounds,
  aggregate: words,
  advance: words,
  lateAs: words,
  tie: words,
  publicityBase: integer,
  publicityNeed: bounds,
  minSupport: integer,
  minSupportByKind: many(record({ kind: words, permille: integer })),
  quorum: integer,
  statusQuo: truth,
  proposeUntil: integer,
  lateExtension: truth,
  evaluationWindow: integer,
  evaluationQuorum: integer,
  evaluationQuorumPermille: integer,
  freezeFail: words,
  freezeFailCancels: many(words),
  supportSlots: integer,
  secretCapacityMin: integer,
  gasExecution: integer,
  storageBytes: integer,
})

const action: Shape = later(() => anyAction)

const anyAction = kinds({
  'member.add': {
    key: binary,
    possession: binary,
    seat: maybe(seat),
    sponsor: maybe(binary),
    attestations: many(binary),
  },
  'member.remove': { member: binary },
  'member.leave': { member: binary },
  'domain.create': { names, parent: maybe(binary), parameters: rules },
  'domain.rename': { domain: binary, names, expect: names },
  'domain.merge': { from: binary, into: binary },
  'domain.split': { domain: binary, names, topics: many(binary) },
  'domain.setParameters': { domain: binary, parameters: rules, expect: rules },
  'domain.setSlots': { domain: binary, slots: integer, expect: integer },
  'parameter.set': { name: words, value: integer, expect: integer },
  'schedule.at': { clock: integer, actions },
  'schedule.cancel': { entry: binary },
  'mandate.grant': {
    holder: binary,
    scope: binary,
    powers: many(words),
    term: integer,
    reportEvery: integer,
    ...conversion,
  },
  'mandate.revoke': { mandate: binary },
  'exception.open': { description: words, holder: words, ...conversion },
  'exception.close': { exception: binary },
  'attester.add': { key: binary, name: words, evidenceClass: integer, ...conversion },
  'attester.remove': { attester: binary },
  'contractType.install': { cid: binary, capabilities: many(words) },
  'contractType.retire': { cid: binary },
  'protocol.upgrade': { manifest: binary, module: words, previous: maybe(binary), isUrgent: truth },
  'registry.set': { key: words, cid: maybe(binary), expect: maybe(binary) },
  'event.emit': { name: words, payload: binary },
})

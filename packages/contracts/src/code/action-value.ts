/**
 * Actions as contract code writes them, checked by the codec that checks everybody's.
 */
import { DecodeError } from '@mc/protocol/wire'
import { type Action, actionsCodec } from '@mc/topics'
import { binary, kinds, later, many, maybe, plain, record, type Shape, ShapeMismatch } from './shape.js'
import type { Value } from './value.js'

/** The actions that a value says, or why it says none. Total. */
export function actionsOf(value: Value): readonly Action[] | string {
  try {
    // Whatever has the wrong type or is out of bounds does not survive the codec, and what does is canonical.
    return actionsCodec.decode(actionsCodec.encode(actions(value) as readonly Action[]))
  } catch (error) {
    if (error instanceof ShapeMismatch || error instanceof RangeError || error instanceof DecodeError) {
      return error.message
    }
    // A number where a list should be, a list where a text should be: the codec trips over it before it writes.
    if (error instanceof TypeError) return 'a field of the wrong type'
    throw error
  }
}

const actions: Shape = value => many(action)(value)

const condition: Shape = later(() => anyCondition)

const anyCondition = kinds({
  typeInstalled: { contractType: binary },
  parameterAtLeast: { name: plain, value: plain },
  membersAtLeast: { count: plain },
  attestersAtLeast: { count: plain },
  clockAtLeast: { clock: plain },
  all: { of: many(condition) },
  any: { of: many(condition) },
  not: { of: condition },
  custom: { cid: binary },
})

const conversion = { conversion: condition, onConvert: actions }

const names = many(record({ language: plain, text: plain }))

const seat = record({ publicKey: binary, name: plain, addresses: many(plain), signature: binary })

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
  'domain.create': { names, parent: maybe(binary), parameters: plain },
  'domain.rename': { domain: binary, names, expect: names },
  'domain.merge': { from: binary, into: binary },
  'domain.split': { domain: binary, names, topics: many(binary) },
  'domain.setParameters': { domain: binary, parameters: plain, expect: plain },
  'domain.setSlots': { domain: binary, slots: plain, expect: plain },
  'parameter.set': { name: plain, value: plain, expect: plain },
  'schedule.at': { clock: plain, actions },
  'schedule.cancel': { entry: binary },
  'mandate.grant': {
    holder: binary,
    scope: binary,
    powers: many(plain),
    term: plain,
    reportEvery: plain,
    ...conversion,
  },
  'mandate.revoke': { mandate: binary },
  'exception.open': { description: plain, holder: plain, ...conversion },
  'exception.close': { exception: binary },
  'attester.add': { key: binary, name: plain, evidenceClass: plain, ...conversion },
  'attester.remove': { attester: binary },
  'contractType.install': { cid: binary, capabilities: many(plain) },
  'contractType.retire': { cid: binary },
  'protocol.upgrade': { manifest: binary, module: plain, previous: maybe(binary), isUrgent: plain },
  'registry.set': { key: plain, cid: maybe(binary), expect: maybe(binary) },
  'event.emit': { name: plain, payload: binary },
})

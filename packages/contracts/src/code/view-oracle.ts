/**
 * What contract code may read: members, domains, parameters, its topic, L and the beacon of the block.
 *
 * "No network, clock, locale; no iteration over unordered maps" (contracts, section 4): every list is in the order of its keys.
 */
import { utf8 } from '@mc/protocol/wire'
import type { OrganisationView } from '@mc/topics'
import { parameterOf } from '../actions/staleness.js'
import type { Oracle } from '../sandbox/sandbox.js'
import { binary, ShapeMismatch, toValue } from './shape.js'
import { parseValue, type Value, valueText } from './value.js'

/** Where the code runs. */
export interface Place {
  readonly topic: Uint8Array | undefined
  /** R(h) of the executing block. */
  readonly beacon: Uint8Array | undefined
}

/** Answers the questions of `view`. Total: what is not there, and what is no question, is null. */
export function viewOracle(view: OrganisationView, place: Place): Oracle {
  return question => {
    const asked = parseValue(question)
    if (!Array.isArray(asked)) return 'null'
    try {
      return valueText(answer(asked, view, place))
    } catch (error) {
      if (error instanceof ShapeMismatch) return 'null'
      throw error
    }
  }
}

function answer([what, first]: readonly Value[], view: OrganisationView, place: Place): Value {
  switch (what) {
    case 'clock':
      return view.clock
    case 'beacon':
      return toValue(place.beacon)
    case 'topic':
      return toValue(place.topic && topicOf(place.topic, view))
    case 'memberCount':
      return view.memberCount
    case 'member':
      return memberOf(idOf(first), view)
    case 'domains':
      return view.domains.values().map(({ id }) => toValue(id))
    case 'domain':
      return domainOf(idOf(first), view)
    case 'parameter':
      return parameterOf(view, textOf(first))
    case 'registry':
      return toValue(view.registry.get(utf8(textOf(first)))?.cid)
    case 'hasContractType':
      return view.contractTypes.get(idOf(first))?.isRetired === false
    case 'attesterCount':
      return view.attesters.size
    default:
      return null
  }
}

function memberOf(id: Uint8Array, view: OrganisationView): Value {
  const member = view.members.get(id)
  return member === undefined
    ? null
    : toValue({ id, state: member.state, joinedEpoch: member.joinedEpoch, sponsor: member.sponsor })
}

function domainOf(id: Uint8Array, view: OrganisationView): Value {
  const domain = view.domains.get(id)
  if (domain === undefined) return null
  const { names, parent, parameters, mergedInto, isEntrenched } = domain
  return toValue({ id, names, parent, parameters, mergedInto, isEntrenched })
}

function topicOf(id: Uint8Array, view: OrganisationView): object {
  const topic = view.topic(id)
  if (topic === undefined) return { id }
  const { domain, kind, createdL, participants, publicity } = topic
  return {
    id,
    domain,
    kind,
    createdL,
    participants,
    members: publicity?.members,
    supporters: publicity?.supporters,
  }
}

/** An identifier: no longer than a CID, so that a question cannot be made dear. */
const idOf = (value: Value | undefined): Uint8Array => {
  const id = binary(value ?? null) as Uint8Array
  if (id.length > 64) throw new ShapeMismatch('an identifier of more than 64 bytes')
  return id
}

const textOf = (value: Value | undefined): string => {
  if (typeof value !== 'string' || value.length > 128) throw new ShapeMismatch('need a short text')
  return value
}

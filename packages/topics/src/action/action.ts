/**
 * The actions of tier 0: everything that a decision can do, as data.
 *
 * Each carries in `expect` what its author saw, so that a decision which the state has overtaken fails whole.
 *
 * @see contracts.md, section 5
 */
import {
  bool,
  bytes,
  type Codec,
  codec,
  DecodeError,
  digest,
  list,
  optional,
  struct,
  text,
  type Union,
  uint,
  union,
} from '@mc/protocol/wire'
import { cid, type LocalText, plainText, titles } from '../operation/content.js'
import { type DomainParameters, domainParametersCodec } from '../organisation/domain-parameters.js'
import { type SeatRequest, seatRequestCodec } from '../organisation/seat-request.js'
import { type Capability, capability } from './capability.js'
import { type Predicate, predicateCodec } from './predicate.js'

/** How deep actions may stand in one another: a topic schedules a mandate whose end does something. */
export const ACTION_DEPTH_MAX = 3

/** Actions in one program. */
export const ACTIONS_MAX = 64

/** What decides that a mandate or an exception ends, and what then happens. */
export interface Conversion {
  readonly conversion: Predicate
  readonly onConvert: readonly Action[]
}

/** What an elected person is given. */
export interface MandateTerms extends Conversion {
  readonly scope: Uint8Array
  readonly powers: readonly Capability[]
  /** Seconds of L from the grant on. */
  readonly term: number
  readonly reportEvery: number
}

/** One declarative step. */
export type Action =
  | {
      readonly type: 'member.add'
      readonly key: Uint8Array
      readonly possession: Uint8Array
      readonly seat: SeatRequest | undefined
      readonly sponsor: Uint8Array | undefined
      readonly attestations: readonly Uint8Array[]
    }
  | { readonly type: 'member.remove'; readonly member: Uint8Array }
  | { readonly type: 'member.leave'; readonly member: Uint8Array }
  | {
      readonly type: 'domain.create'
      readonly names: readonly LocalText[]
      readonly parent: Uint8Array | undefined
      readonly parameters: DomainParameters
    }
  | {
      readonly type: 'domain.rename'
      readonly domain: Uint8Array
      readonly names: readonly LocalText[]
      readonly expect: readonly LocalText[]
    }
  | { readonly type: 'domain.merge'; readonly from: Uint8Array; readonly into: Uint8Array }
  | {
      readonly type: 'domain.split'
      readonly domain: Uint8Array
      readonly names: readonly LocalText[]
      readonly topics: readonly Uint8Array[]
    }
  | {
      readonly type: 'domain.setParameters'
      readonly domain: Uint8Array
      readonly parameters: DomainParameters
      readonly expect: DomainParameters
    }
  | {
      readonly type: 'domain.setSlots'
      readonly domain: Uint8Array
      readonly slots: number
      readonly expect: number
    }
  | { readonly type: 'parameter.set'; readonly name: string; readonly value: number; readonly expect: number }
  | { readonly type: 'schedule.at'; readonly clock: number; readonly actions: readonly Action[] }
  | { readonly type: 'schedule.cancel'; readonly entry: Uint8Array }
  | ({ readonly type: 'mandate.grant'; readonly holder: Uint8Array } & MandateTerms)
  | { readonly type: 'mandate.revoke'; readonly mandate: Uint8Array }
  | ({
      readonly type: 'exception.open'
      readonly description: string
      readonly holder: string
    } & Conversion)
  | { readonly type: 'exception.close'; readonly exception: Uint8Array }
  | ({
      readonly type: 'attester.add'
      readonly key: Uint8Array
      readonly name: string
      readonly evidenceClass: number
    } & Conversion)
  | { readonly type: 'attester.remove'; readonly attester: Uint8Array }
  | {
      readonly type: 'contractType.install'
      readonly cid: Uint8Array
      readonly capabilities: readonly Capability[]
    }
  | { readonly type: 'contractType.retire'; readonly cid: Uint8Array }
  | {
      readonly type: 'protocol.upgrade'
      readonly manifest: Uint8Array
      readonly module: string
      readonly previous: Uint8Array | undefined
      readonly isUrgent: boolean
    }
  | {
      readonly type: 'registry.set'
      readonly key: string
      readonly cid: Uint8Array | undefined
      readonly expect: Uint8Array | undefined
    }
  | { readonly type: 'event.emit'; readonly name: string; readonly payload: Uint8Array }

const word = text({ bytesMax: 64 })

const none: Codec<never> = codec<never>(
  () => {
    throw new RangeError(`action: need at most ${ACTION_DEPTH_MAX} levels`)
  },
  () => {
    throw new DecodeError(`actions nested deeper than ${ACTION_DEPTH_MAX}`)
  },
)

const several = (inner: Codec<Action>): Codec<readonly Action[]> => list(inner, { max: ACTIONS_MAX })

const conversionFields = (actions: Codec<readonly Action[]>) =>
  ({ conversion: predicateCodec, onConvert: actions }) as const

const termFields = (actions: Codec<readonly Action[]>) =>
  ({
    scope: cid,
    powers: list(capability, { max: 11 }),
    term: uint({ max: 2 ** 40 }),
    reportEvery: uint({ max: 2 ** 40 }),
    ...conversionFields(actions),
  }) as const

const actionAt = (depth: number): Codec<Action> => {
  const inner = several(depth === 0 ? (none as Codec<Action>) : actionAt(depth - 1))
  const kinds = {
    'member.add': {
      key: digest,
      possession: bytes({ max: 128 }),
      seat: optional(seatRequestCodec),
      sponsor: optional(digest),
      attestations: list(digest, { max: 16 }),
    },
    'member.remove': { member: digest },
    'member.leave': { member: digest },
    'domain.create': { names: titles, parent: optional(digest), parameters: domainParametersCodec },
    'domain.rename': { domain: digest, names: titles, expect: titles },
    'domain.merge': { from: digest, into: digest },
    'domain.split': { domain: digest, names: titles, topics: list(digest, { max: 256 }) },
    'domain.setParameters': {
      domain: digest,
      parameters: domainParametersCodec,
      expect: domainParametersCodec,
    },
    'domain.setSlots': { domain: digest, slots: uint(), expect: uint() },
    'parameter.set': { name: word, value: uint(), expect: uint() },
    'schedule.at': { clock: uint(), actions: inner },
    'schedule.cancel': { entry: digest },
    'mandate.grant': { holder: digest, ...termFields(inner) },
    'mandate.revoke': { mandate: digest },
    'exception.open': { description: plainText(1_024), holder: plainText(256), ...conversionFields(inner) },
    'exception.close': { exception: digest },
    'attester.add': { key: digest, name: word, evidenceClass: uint({ max: 3 }), ...conversionFields(inner) },
    'attester.remove': { attester: digest },
    'contractType.install': { cid, capabilities: list(capability, { max: 11 }) },
    'contractType.retire': { cid },
    'protocol.upgrade': { manifest: cid, module: word, previous: optional(cid), isUrgent: bool },
    'registry.set': { key: text({ bytesMax: 128 }), cid: optional(cid), expect: optional(cid) },
    'event.emit': { name: word, payload: bytes({ max: 4_096 }) },
  } as const
  return union(kinds) as Codec<Union<typeof kinds>> as Codec<Action>
}

/** The canonical bytes of an action. */
export const actionCodec: Codec<Action> = actionAt(ACTION_DEPTH_MAX - 1)

/** The canonical bytes of a list of actions. */
export const actionsCodec: Codec<readonly Action[]> = several(actionCodec)

/** The canonical bytes of what an elected person is given, as a candidate signs it. */
export const mandateTermsCodec: Codec<MandateTerms> = struct(termFields(actionsCodec))

/** The capability that an action needs. */
export function capabilityOf(action: Action): Capability {
  return action.type.slice(0, action.type.indexOf('.')) as Capability
}

/**
 * Powers that are not democratic yet: mandates, exceptions, attesters; and what has been decided for later.
 */
import { bool, type Codec, digest, list, optional, struct, text, uint } from '@mc/protocol/wire'
import { type Action, actionsCodec, type Conversion } from '../action/action.js'
import { type Capability, capability } from '../action/capability.js'
import { predicateCodec } from '../action/predicate.js'
import { cid, plainText } from '../operation/content.js'

/** What an elected person holds, until when, and what gives it back. */
export interface Mandate extends Conversion {
  readonly id: Uint8Array
  readonly holder: Uint8Array
  readonly scope: Uint8Array
  readonly powers: readonly Capability[]
  readonly termEnd: number
  /** Seconds of L between reports; 0 for none. */
  readonly reportEvery: number
  readonly reportDue: number
  readonly reportsMissed: number
  readonly isEnded: boolean
}

/** A process that is not democratic, and the condition that ends it. */
export interface Exception extends Conversion {
  readonly id: Uint8Array
  readonly description: string
  readonly holder: string
  readonly isClosed: boolean
}

/** Somebody whose word about people counts as evidence of a class 0–3. */
export interface Attester {
  readonly id: Uint8Array
  readonly key: Uint8Array
  readonly name: string
  readonly evidenceClass: number
  /** Its entry in the exceptions register. */
  readonly exception: Uint8Array
}

/** A type of contract. Retired ones run for what was proposed before. */
export interface ContractType {
  readonly cid: Uint8Array
  readonly capabilities: readonly Capability[]
  readonly isRetired: boolean
}

/** A module of the protocol's own code: which one runs, and which one should. */
export interface ProtocolModule {
  readonly name: string
  readonly current: Uint8Array | undefined
  readonly pending: PendingUpgrade | undefined
  readonly probation: Probation | undefined
}

/** A new module on trial: the old one is kept, and seats say if it fails. */
export interface Probation {
  readonly previous: Uint8Array | undefined
  readonly sinceEpoch: number
  /** Keys of the seats that found a fault. */
  readonly faults: readonly Uint8Array[]
}

/** An upgrade that has been decided and waits for its nodes. */
export interface PendingUpgrade {
  readonly topic: Uint8Array
  readonly manifest: Uint8Array
  readonly isUrgent: boolean
  readonly decidedL: number
  readonly ready: readonly UpgradeReady[]
}

/** A seat that says its node is ready for an upgrade. */
export interface UpgradeReady {
  readonly publicKey: Uint8Array
  readonly migratedRoot: Uint8Array
}

/** Actions that a topic has decided for a later time. */
export interface Scheduled {
  readonly id: Uint8Array
  readonly topic: Uint8Array
  readonly dueL: number
  readonly actions: readonly Action[]
}

const conversion = { conversion: predicateCodec, onConvert: actionsCodec } as const

/** The canonical bytes of a mandate. */
export const mandateCodec: Codec<Mandate> = struct({
  id: digest,
  holder: digest,
  scope: cid,
  powers: list(capability, { max: 11 }),
  termEnd: uint(),
  reportEvery: uint(),
  reportDue: uint(),
  reportsMissed: uint(),
  isEnded: bool,
  ...conversion,
})

/** The canonical bytes of an exception. */
export const exceptionCodec: Codec<Exception> = struct({
  id: digest,
  description: plainText(1_024),
  holder: plainText(256),
  isClosed: bool,
  ...conversion,
})

/** The canonical bytes of an attester. */
export const attesterCodec: Codec<Attester> = struct({
  id: digest,
  key: digest,
  name: text({ bytesMax: 64 }),
  evidenceClass: uint({ max: 3 }),
  exception: digest,
})

/** The canonical bytes of a contract type. */
export const contractTypeCodec: Codec<ContractType> = struct({
  cid,
  capabilities: list(capability, { max: 11 }),
  isRetired: bool,
})

const pendingUpgrade: Codec<PendingUpgrade> = struct({
  topic: digest,
  manifest: cid,
  isUrgent: bool,
  decidedL: uint(),
  ready: list(struct({ publicKey: digest, migratedRoot: digest }), { max: 255 }),
})

/** The canonical bytes of a module. */
export const protocolModuleCodec: Codec<ProtocolModule> = struct({
  name: text({ bytesMax: 64 }),
  current: optional(cid),
  pending: optional(pendingUpgrade),
  probation: optional(
    struct({ previous: optional(cid), sinceEpoch: uint(), faults: list(digest, { max: 255 }) }),
  ),
})

/** The canonical bytes of what was decided for later. */
export const scheduledCodec: Codec<Scheduled> = struct({
  id: digest,
  topic: digest,
  dueL: uint(),
  actions: actionsCodec,
})

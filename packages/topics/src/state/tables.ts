/** The tables of the state, each with its prefix in the authenticated map. A prefix is never used again for anything else. */
import { type Codec, digest, struct, text, uint } from '@mc/protocol/wire'
import { cid } from '../operation/content.js'
import { type Domain, domainCodec } from '../organisation/domain.js'
import { type Member, memberCodec } from '../organisation/member.js'
import { type MembershipChange, membershipChangeCodec } from '../organisation/membership-change.js'
import {
  type Attester,
  attesterCodec,
  type ContractType,
  contractTypeCodec,
  type Exception,
  exceptionCodec,
  type Mandate,
  mandateCodec,
  type ProtocolModule,
  protocolModuleCodec,
  type Scheduled,
  scheduledCodec,
} from '../organisation/office.js'
import type { Parameter, RegistryEntry } from '../organisation/organisation.js'
import {
  type Ballot,
  ballotCodec,
  type Evaluation,
  evaluationCodec,
  type FreezeCase,
  type Freezer,
  freezeCaseCodec,
  freezerCodec,
  type Meeting,
  meetingCodec,
  type Participant,
  type Proposal,
  participantCodec,
  proposalCodec,
} from '../topic/parts.js'
import { type SplitReceipt, splitReceiptCodec } from '../topic/split-receipt.js'
import { type Topic, topicCodec } from '../topic/topic.js'
import {
  type Actor,
  type Attestation,
  actorCodec,
  attestationCodec,
  type Ledgerwise,
  ledgerwiseCodec,
  type SentClock,
  sentClockCodec,
  type UsedEvidence,
  usedEvidenceCodec,
  type Vouch,
  vouchCodec,
} from './bookkeeping.js'
import { Table } from './table.js'

const parameterCodec: Codec<Parameter> = struct({ name: text({ bytesMax: 64 }), value: uint() })

const registryCodec: Codec<RegistryEntry> = struct({
  key: text({ bytesMax: 128 }),
  cid,
  topic: digest,
  setL: uint(),
})

/** The prefix of each table's keys. */
export const PREFIXES = {
  ledgerwise: 0x00,
  members: 0x01,
  domains: 0x02,
  parameters: 0x03,
  mandates: 0x04,
  exceptions: 0x05,
  attesters: 0x06,
  contractTypes: 0x07,
  modules: 0x08,
  registry: 0x09,
  scheduled: 0x0a,
  changes: 0x0b,
  topics: 0x10,
  participants: 0x11,
  meetings: 0x12,
  proposals: 0x13,
  ballots: 0x14,
  cases: 0x15,
  freezers: 0x16,
  evaluations: 0x17,
  splits: 0x18,
  actors: 0x20,
  vouches: 0x21,
  attestations: 0x22,
  dedupTags: 0x23,
  evidence: 0x24,
  clocks: 0x25,
} as const

/** All tables of a state. */
export interface Tables {
  readonly ledgerwise: Table<Ledgerwise>
  readonly members: Table<Member>
  readonly domains: Table<Domain>
  readonly parameters: Table<Parameter>
  readonly mandates: Table<Mandate>
  readonly exceptions: Table<Exception>
  readonly attesters: Table<Attester>
  readonly contractTypes: Table<ContractType>
  readonly modules: Table<ProtocolModule>
  readonly registry: Table<RegistryEntry>
  readonly scheduled: Table<Scheduled>
  readonly changes: Table<MembershipChange>
  readonly topics: Table<Topic>
  readonly participants: Table<Participant>
  readonly meetings: Table<Meeting>
  readonly proposals: Table<Proposal>
  readonly ballots: Table<Ballot>
  readonly cases: Table<FreezeCase>
  readonly freezers: Table<Freezer>
  readonly evaluations: Table<Evaluation>
  /** By topic and u32 round. */
  readonly splits: Table<SplitReceipt>
  readonly actors: Table<Actor>
  readonly vouches: Table<Vouch>
  readonly attestations: Table<Attestation>
  readonly dedupTags: Table<Uint8Array>
  readonly evidence: Table<UsedEvidence>
  readonly clocks: Table<SentClock>
}

const codecs: { readonly [K in keyof Tables]: Tables[K] extends Table<infer T> ? Codec<T> : never } = {
  ledgerwise: ledgerwiseCodec,
  members: memberCodec,
  domains: domainCodec,
  parameters: parameterCodec,
  mandates: mandateCodec,
  exceptions: exceptionCodec,
  attesters: attesterCodec,
  contractTypes: contractTypeCodec,
  modules: protocolModuleCodec,
  registry: registryCodec,
  scheduled: scheduledCodec,
  changes: membershipChangeCodec,
  topics: topicCodec,
  participants: participantCodec,
  meetings: meetingCodec,
  proposals: proposalCodec,
  ballots: ballotCodec,
  cases: freezeCaseCodec,
  freezers: freezerCodec,
  evaluations: evaluationCodec,
  splits: splitReceiptCodec,
  actors: actorCodec,
  vouches: vouchCodec,
  attestations: attestationCodec,
  dedupTags: digest,
  evidence: usedEvidenceCodec,
  clocks: sentClockCodec,
}

/** Empty tables. */
export function emptyTables(): Tables {
  const names = Object.keys(PREFIXES) as (keyof Tables)[]
  return Object.fromEntries(
    names.map(name => [name, new Table(name, PREFIXES[name], codecs[name] as Codec<unknown>)]),
  ) as unknown as Tables
}

/** The tables that an execution may change: what a draft journals. */
export const DRAFT_TABLES: readonly (keyof Tables)[] = [
  'ledgerwise',
  'members',
  'domains',
  'parameters',
  'mandates',
  'exceptions',
  'attesters',
  'contractTypes',
  'modules',
  'registry',
  'scheduled',
  'changes',
  'topics',
]

/** A name made of two ids. */
export function pair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length)
  both.set(left)
  both.set(right, left.length)
  return both
}

/**
 * Where things stand in the authenticated map, so that a light client can read a proven value.
 *
 * A key is one byte for the table and the entry's own key; the value is the entry's encoding.
 */
import { digestKey } from '@mc/crypto'
import { type Codec, utf8 } from '@mc/protocol/wire'
import { u32 } from '../machine/partition.js'
import { type Domain, domainCodec } from '../organisation/domain.js'
import { type Member, memberCodec } from '../organisation/member.js'
import {
  type Ballot,
  ballotCodec,
  type FreezeCase,
  freezeCaseCodec,
  type Meeting,
  meetingCodec,
  type Participant,
  type Proposal,
  participantCodec,
  proposalCodec,
} from '../topic/parts.js'
import { type SplitReceipt, splitReceiptCodec } from '../topic/split-receipt.js'
import { type Topic, topicCodec } from '../topic/topic.js'
import { tableKey } from './row.js'
import { PREFIXES, pair } from './tables.js'

const keyIn = (table: keyof typeof PREFIXES, key: Uint8Array): Uint8Array =>
  tableKey(PREFIXES[table], digestKey(key))

/** The keys of the map. */
export const stateKeys = {
  member: (id: Uint8Array): Uint8Array => keyIn('members', id),
  domain: (id: Uint8Array): Uint8Array => keyIn('domains', id),
  parameter: (name: string): Uint8Array => keyIn('parameters', utf8(name)),
  mandate: (id: Uint8Array): Uint8Array => keyIn('mandates', id),
  exception: (id: Uint8Array): Uint8Array => keyIn('exceptions', id),
  registry: (key: string): Uint8Array => keyIn('registry', utf8(key)),
  topic: (id: Uint8Array): Uint8Array => keyIn('topics', id),
  participant: (topic: Uint8Array, tag: Uint8Array): Uint8Array => keyIn('participants', pair(topic, tag)),
  meeting: (id: Uint8Array): Uint8Array => keyIn('meetings', id),
  proposal: (id: Uint8Array): Uint8Array => keyIn('proposals', id),
  ballot: (meeting: Uint8Array, tag: Uint8Array): Uint8Array => keyIn('ballots', pair(meeting, tag)),
  freezeCase: (id: Uint8Array): Uint8Array => keyIn('cases', id),
  split: (topic: Uint8Array, round: number): Uint8Array => keyIn('splits', pair(topic, u32(round))),
}

/** The codecs of what stands under these keys. */
export const stateCodecs: {
  readonly member: Codec<Member>
  readonly domain: Codec<Domain>
  readonly topic: Codec<Topic>
  readonly participant: Codec<Participant>
  readonly meeting: Codec<Meeting>
  readonly proposal: Codec<Proposal>
  readonly ballot: Codec<Ballot>
  readonly freezeCase: Codec<FreezeCase>
  readonly split: Codec<SplitReceipt>
} = {
  member: memberCodec,
  domain: domainCodec,
  topic: topicCodec,
  participant: participantCodec,
  meeting: meetingCodec,
  proposal: proposalCodec,
  ballot: ballotCodec,
  freezeCase: freezeCaseCodec,
  split: splitReceiptCodec,
}

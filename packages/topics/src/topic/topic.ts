/**
 * A topic, and where it stands.
 *
 * @see topics.md, sections 6 and 8
 */
import { bool, type Codec, digest, list, optional, struct, text, uint, union } from '@mc/protocol/wire'
import { EVIDENCE_MAX } from '../operation/body.js'
import { TITLE_BYTES_MAX } from '../operation/content.js'
import { oneOf, type Privacy, privacy, type TopicKind, topicKind } from '../organisation/topic-kind.js'

/** The states, in the order of the wire; those from `scheduled` on are after the decision, those from `executed` on are final. */
export const TOPIC_STATES = [
  'queued',
  'splitting',
  'meeting',
  'publicity',
  'frozen',
  'scheduled',
  'executed',
  'execFailed',
  'expired',
  'withdrawn',
  'lapsed',
  'cancelled',
] as const

/** Where a topic stands. */
export type TopicState = (typeof TOPIC_STATES)[number]

/** A round: what the participants' expectations came to when it began, fixed until it ends. */
export interface Round {
  /** From 1. */
  readonly number: number
  /** W_r in seconds, and c_r in persons. */
  readonly window: number
  readonly capacity: number
  /** Meetings, g; 0 until they are drawn. */
  readonly meetings: number
  readonly openedL: number
  readonly deadline: number
  readonly isExtended: boolean
  /** N when it began. */
  readonly members: number
}

/** Publicity: how long it is, why, and what of it is left while the topic is frozen. */
export interface Publicity {
  readonly members: number
  readonly supporters: number
  /** P̄ and Pneed. */
  readonly expected: number
  readonly needed: number
  readonly end: number
  readonly remaining: number
}

/** A step that waits for the beacon of block `at`. */
export interface Draw {
  readonly purpose: 'split' | 'tie'
  readonly at: number
}

/** A topic. Participants, meetings, proposals, ballots and freeze cases are entries of their own. */
export interface Topic {
  readonly id: Uint8Array
  readonly domain: Uint8Array
  readonly kind: TopicKind
  readonly privacy: Privacy
  readonly title: string
  /** The operation that opened it, which carries the text. */
  readonly operation: Uint8Array
  readonly creator: Uint8Array | undefined
  readonly state: TopicState
  readonly createdL: number
  readonly createdEpoch: number
  /** When it leaves the queue unheard. */
  readonly expiresL: number
  /** e0: the membership epoch whose keys count in it. */
  readonly ringEpoch: number
  /** Revision of the ring that a pseudonym must have been proven against to act in this round. */
  readonly provenFrom: number
  /** n. */
  readonly participants: number
  /** The member that is challenged, or the mandate that is recalled: then "remove" and "keep" are the candidates. */
  readonly target: Uint8Array | undefined
  readonly evidence: readonly Uint8Array[]
  /** The operation of the target's defence. */
  readonly defence: Uint8Array | undefined
  readonly round: Round | undefined
  readonly draw: Draw | undefined
  readonly winner: Uint8Array | undefined
  readonly publicity: Publicity | undefined
  /** Freeze cases so far, members that want another one, and the open case. */
  readonly freezeCount: number
  readonly gathered: number
  readonly freezeCase: Uint8Array | undefined
  /** Its place among the things that were executed or scheduled, and what came of it. */
  readonly result: TopicResult | undefined
}

/** What came of a topic. */
export type TopicResult =
  /** Ended without a decision, or with one to leave things as they are. */
  | { readonly type: 'ended'; readonly reason: string }
  | { readonly type: 'executed'; readonly gas: number }
  | { readonly type: 'failed'; readonly gas: number; readonly reason: string }
  /** Waits for `open` membership changes or upgrades. */
  | { readonly type: 'waiting'; readonly gas: number; readonly open: number }

const results = {
  ended: { reason: text({ bytesMax: 256 }) },
  executed: { gas: uint() },
  failed: { gas: uint(), reason: text({ bytesMax: 1_024 }) },
  waiting: { gas: uint(), open: uint() },
} as const

const round: Codec<Round> = struct({
  number: uint(),
  window: uint(),
  capacity: uint(),
  meetings: uint(),
  openedL: uint(),
  deadline: uint(),
  isExtended: bool,
  members: uint(),
})

const publicity: Codec<Publicity> = struct({
  members: uint(),
  supporters: uint(),
  expected: uint(),
  needed: uint(),
  end: uint(),
  remaining: uint(),
})

/** The canonical bytes of a topic. */
export const topicCodec: Codec<Topic> = struct({
  id: digest,
  domain: digest,
  kind: topicKind,
  privacy,
  // What `createTopic` refuses does not come to stand here.
  title: text({ bytesMax: TITLE_BYTES_MAX }),
  operation: digest,
  creator: optional(digest),
  state: oneOf(TOPIC_STATES),
  createdL: uint(),
  createdEpoch: uint(),
  expiresL: uint(),
  ringEpoch: uint(),
  provenFrom: uint(),
  participants: uint(),
  target: optional(digest),
  evidence: list(digest, { max: EVIDENCE_MAX }),
  defence: optional(digest),
  round: optional(round),
  draw: optional(struct({ purpose: oneOf(['split', 'tie']), at: uint() })),
  winner: optional(digest),
  publicity: optional(publicity),
  freezeCount: uint(),
  gathered: uint(),
  freezeCase: optional(digest),
  result: optional(union(results)),
})

/** Whether nothing can happen to it any more. */
export const isFinal = ({ state }: Topic): boolean => TOPIC_STATES.indexOf(state) >= FIRST_FINAL

/** Whether it may still be joined: before publicity. */
export const isJoinable = ({ state }: Topic): boolean =>
  state === 'queued' || state === 'splitting' || state === 'meeting'

const FIRST_FINAL = TOPIC_STATES.indexOf('executed')

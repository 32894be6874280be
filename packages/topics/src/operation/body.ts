/**
 * What an operation asks for: a closed union.
 *
 * @see topics.md, section 14
 */
import { type MutualSignatures, type MutualVouch, SHOWN_MAX } from '@mc/identity'
import {
  bool,
  bytes,
  type Codec,
  digest,
  fixedBytes,
  list,
  optional,
  struct,
  type Union,
  u8,
  uint,
  union,
} from '@mc/protocol/wire'
import { type MandateTerms, mandateTermsCodec } from '../action/action.js'
import { type SeatRequest, seatRequestCodec } from '../organisation/seat-request.js'
import { oneOf, type Privacy, privacy, type TopicKind, topicKind } from '../organisation/topic-kind.js'
import { COMMENT_BYTES_MAX, type Content, cid, content, plainText, title } from './content.js'
import { type Program, programCodec } from './program.js'

/** Proposals in a meeting, at most; so a ballot names no more. */
export const PROPOSALS_MAX = 200

/** Evidence that a challenge names, at most. */
export const EVIDENCE_MAX = 16

/** What a participant expects: window of a meeting and of publicity in seconds, size of a meeting in persons. */
export interface JoinParams {
  readonly meet: number
  readonly publicity: number
  readonly capacity: number
}

/** What a candidate agrees to. */
export interface Candidacy {
  readonly holder: Uint8Array
  readonly terms: MandateTerms
  /** Made by the candidate's key over the topic and the terms. */
  readonly signature: Uint8Array
}

/** The canonical bytes of what a participant expects. */
export const joinParamsCodec: Codec<JoinParams> = struct({
  meet: uint({ max: 2 ** 40 }),
  publicity: uint({ max: 2 ** 40 }),
  capacity: uint({ max: 2 ** 32 }),
})

/** The canonical bytes of a candidacy. */
export const candidacyCodec: Codec<Candidacy> = struct({
  holder: digest,
  terms: mandateTermsCodec,
  signature: fixedBytes(64),
})

const kinds = {
  /** Opens a topic in the queue of a domain. `creator` is the creator's tag in it. */
  createTopic: {
    domain: digest,
    kind: topicKind,
    privacy,
    title,
    text: content,
    creator: digest,
    params: joinParamsCodec,
    target: optional(digest),
    evidence: list(digest, { max: EVIDENCE_MAX }),
  },
  join: { topic: digest, params: joinParamsCodec },
  updateJoin: { topic: digest, params: joinParamsCodec },
  leave: { topic: digest },
  withdraw: { topic: digest },
  /** Shows again that the holder of a pseudonym is still a member. */
  renew: { topic: digest },
  propose: {
    meeting: digest,
    text: content,
    program: optional(programCodec),
    parent: optional(digest),
    candidacy: optional(candidacyCodec),
  },
  withdrawProposal: { proposal: digest },
  comment: { topic: digest, text: plainText(COMMENT_BYTES_MAX) },
  /** Replaces the voter's ballot: the candidates approved, ascending; none means "present, approving none". */
  vote: { meeting: digest, approvals: list(digest, { max: PROPOSALS_MAX + 2 }) },
  freeze: { topic: digest },
  evaluate: { freezeCase: digest, choice: oneOf(['resume', 'cancel']) },
  /** What the target of a challenge says to it. */
  defend: { topic: digest, text: content },
  vouch: {
    keyA: digest,
    keyB: digest,
    openedNonce: digest,
    answerNonce: digest,
    shown: list(digest, { max: 2 * SHOWN_MAX }),
    byA: fixedBytes(64),
    byB: fixedBytes(64),
  },
  attest: {
    attester: digest,
    subject: digest,
    commitment: digest,
    dedupTag: optional(digest),
    evidenceClass: u8({ max: 3 }),
    fromL: uint(),
    toL: uint(),
    attesterSignature: fixedBytes(64),
    subjectSignature: fixedBytes(64),
  },
  rotateKey: { key: digest, possession: bytes({ max: 128 }) },
  setGuardians: { guardians: list(digest, { max: 16 }) },
  recover: { member: digest, key: digest, possession: bytes({ max: 128 }) },
  vetoRecovery: {},
  /** Moves the member's seat to another node. */
  setSeat: {
    seat: optional(seatRequestCodec),
  },
  depart: {},
  report: { mandate: digest, text: content },
  /** The node of this seat has caught up and can take part. */
  ready: {},
  upgradeReady: { manifest: cid, buildMatched: bool, testsPassed: bool, migratedRoot: digest },
  upgradeFault: { manifest: cid, reason: plainText(1_024) },
  clock: { time: uint() },
} as const

/** What an operation asks for. */
export type Body =
  /** Opens a topic in the queue of a domain. `creator` is the creator's tag in it, `target` who is challenged. */
  | {
      readonly type: 'createTopic'
      readonly domain: Uint8Array
      readonly kind: TopicKind
      readonly privacy: Privacy
      readonly title: string
      readonly text: Content
      readonly creator: Uint8Array
      readonly params: JoinParams
      readonly target: Uint8Array | undefined
      readonly evidence: readonly Uint8Array[]
    }
  | { readonly type: 'join'; readonly topic: Uint8Array; readonly params: JoinParams }
  | { readonly type: 'updateJoin'; readonly topic: Uint8Array; readonly params: JoinParams }
  | { readonly type: 'leave'; readonly topic: Uint8Array }
  | { readonly type: 'withdraw'; readonly topic: Uint8Array }
  /** Shows again that the holder of a pseudonym is still a member. */
  | { readonly type: 'renew'; readonly topic: Uint8Array }
  /** `parent` is the candidate that a proposal of a later round amends. */
  | {
      readonly type: 'propose'
      readonly meeting: Uint8Array
      readonly text: Content
      readonly program: Program | undefined
      readonly parent: Uint8Array | undefined
      readonly candidacy: Candidacy | undefined
    }
  | { readonly type: 'withdrawProposal'; readonly proposal: Uint8Array }
  | { readonly type: 'comment'; readonly topic: Uint8Array; readonly text: string }
  /** Replaces the voter's ballot: the candidates approved, ascending; none means "present, approving none". */
  | { readonly type: 'vote'; readonly meeting: Uint8Array; readonly approvals: readonly Uint8Array[] }
  | { readonly type: 'freeze'; readonly topic: Uint8Array }
  | { readonly type: 'evaluate'; readonly freezeCase: Uint8Array; readonly choice: 'resume' | 'cancel' }
  /** What the target of a challenge says to it. */
  | { readonly type: 'defend'; readonly topic: Uint8Array; readonly text: Content }
  /** What two people signed who met and vouch for each other; the poster is one of them. */
  | ({ readonly type: 'vouch' } & MutualVouch & MutualSignatures)
  | {
      readonly type: 'attest'
      readonly attester: Uint8Array
      readonly subject: Uint8Array
      readonly commitment: Uint8Array
      readonly dedupTag: Uint8Array | undefined
      readonly evidenceClass: number
      readonly fromL: number
      readonly toL: number
      readonly attesterSignature: Uint8Array
      readonly subjectSignature: Uint8Array
    }
  | { readonly type: 'rotateKey'; readonly key: Uint8Array; readonly possession: Uint8Array }
  | { readonly type: 'setGuardians'; readonly guardians: readonly Uint8Array[] }
  | {
      readonly type: 'recover'
      readonly member: Uint8Array
      readonly key: Uint8Array
      readonly possession: Uint8Array
    }
  | { readonly type: 'vetoRecovery' }
  /** Moves the member's seat to another node, or gives it up. */
  | { readonly type: 'setSeat'; readonly seat: SeatRequest | undefined }
  | { readonly type: 'depart' }
  | { readonly type: 'report'; readonly mandate: Uint8Array; readonly text: Content }
  /** The node of this seat has caught up and can take part. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'upgradeReady'
      readonly manifest: Uint8Array
      readonly buildMatched: boolean
      readonly testsPassed: boolean
      readonly migratedRoot: Uint8Array
    }
  | { readonly type: 'upgradeFault'; readonly manifest: Uint8Array; readonly reason: string }
  | { readonly type: 'clock'; readonly time: number }

/** The names of what an operation can ask for. */
export type BodyType = Body['type']

/** One kind of body. */
export type BodyOf<T extends BodyType> = Extract<Body, { readonly type: T }>

/** The canonical bytes of what an operation asks for. */
export const bodyCodec: Codec<Body> = union(kinds) as Codec<Union<typeof kinds>> as Codec<Body>

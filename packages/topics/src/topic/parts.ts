/** Participants, meetings, proposals, ballots and freeze cases: what belongs to a topic. */
import { bool, type Codec, digest, list, optional, struct, uint } from '@mc/protocol/wire'
import {
  type Candidacy,
  candidacyCodec,
  type JoinParams,
  joinParamsCodec,
  PROPOSALS_MAX,
} from '../operation/body.js'
import { type Program, programCodec } from '../operation/program.js'
import { oneOf } from '../organisation/topic-kind.js'

/** Somebody's part in a topic. */
export interface Participant {
  readonly topic: Uint8Array
  readonly tag: Uint8Array
  /** Clamped to the bounds of the domain. */
  readonly params: JoinParams
  /** The first round whose split deals it. */
  readonly fromRound: number
  /** Revision of the ring that its tag was last proven against. */
  readonly proven: number
  /** The block whose beacon says where it goes. */
  readonly placeAt: number | undefined
  /** The block whose beacon placed it, if it came late. */
  readonly placedAt: number | undefined
  /** The meeting it votes in, and its place there. */
  readonly meeting: Uint8Array | undefined
  readonly seat: number
  /** The meeting of its last ballot. */
  readonly lastBallot: Uint8Array | undefined
}

/** How many approvals a candidate had. */
export interface Tally {
  readonly proposal: Uint8Array
  readonly approvals: number
}

/** A meeting of a round. */
export interface Meeting {
  readonly id: Uint8Array
  readonly topic: Uint8Array
  readonly round: number
  readonly index: number
  /** Voters it has, and seats it has given: who is removed leaves a gap. */
  readonly voters: number
  readonly seats: number
  /** In the order in which they came in. */
  readonly candidates: readonly Uint8Array[]
  readonly isClosed: boolean
  readonly winner: Uint8Array | undefined
  /** When it is closed: ballots cast, and approvals of each candidate. */
  readonly ballots: number
  readonly tally: readonly Tally[]
}

/** The candidates that nobody proposes: a challenge has the first two, a final may have the third. */
export const BUILT_IN = ['remove', 'keep', 'statusQuo'] as const
/** A candidate that nobody proposes. */
export type BuiltIn = (typeof BUILT_IN)[number]

/** A proposal. Nothing in it ever changes but that it is withdrawn. */
export interface Proposal {
  /** The id of the operation that made it; of a built-in one, a hash of topic and name. */
  readonly id: Uint8Array
  readonly topic: Uint8Array
  readonly meeting: Uint8Array | undefined
  readonly author: Uint8Array | undefined
  /** How many operations had been accepted before it. */
  readonly order: number
  readonly program: Program | undefined
  readonly parent: Uint8Array | undefined
  readonly candidacy: Candidacy | undefined
  readonly builtIn: BuiltIn | undefined
}

/** A ballot: the candidates approved, ascending. The tag is the participant's, or the key image of a secret ballot. */
export interface Ballot {
  readonly meeting: Uint8Array
  readonly tag: Uint8Array
  readonly approvals: readonly Uint8Array[]
}

/** How a freeze case ended. */
export const CASE_OUTCOMES = ['open', 'resumed', 'cancelled', 'failedResumed', 'failedCancelled'] as const
/** How a freeze case ended. */
export type CaseOutcome = (typeof CASE_OUTCOMES)[number]

/** A freeze and its evaluation. */
export interface FreezeCase {
  readonly id: Uint8Array
  readonly topic: Uint8Array
  /** It is the k-th of its topic. */
  readonly k: number
  readonly openL: number
  readonly deadline: number
  readonly isExtended: boolean
  readonly freezers: number
  readonly resume: number
  readonly cancel: number
  readonly outcome: CaseOutcome
  /** Its judgements are under tags that nobody can tell whose they are; fixed when it opens. */
  readonly isAnonymous: boolean
  /** The membership epoch whose keys count in it. */
  readonly ringEpoch: number
}

/** A member's wish to freeze a topic: gathered until there are enough, then part of a case. */
export interface Freezer {
  readonly topic: Uint8Array
  readonly member: Uint8Array
  readonly freezeCase: Uint8Array | undefined
}

/** A member's judgement of a freeze; `member` is its tag in the case where judgements are anonymous. */
export interface Evaluation {
  readonly freezeCase: Uint8Array
  readonly member: Uint8Array
  readonly choice: 'resume' | 'cancel'
}

/** The canonical bytes of a participant. */
export const participantCodec: Codec<Participant> = struct({
  topic: digest,
  tag: digest,
  params: joinParamsCodec,
  fromRound: uint(),
  proven: uint(),
  placeAt: optional(uint()),
  placedAt: optional(uint()),
  meeting: optional(digest),
  seat: uint(),
  lastBallot: optional(digest),
})

/** The canonical bytes of a meeting. */
export const meetingCodec: Codec<Meeting> = struct({
  id: digest,
  topic: digest,
  round: uint(),
  index: uint(),
  voters: uint(),
  seats: uint(),
  candidates: list(digest, { max: 16_384 }),
  isClosed: bool,
  winner: optional(digest),
  ballots: uint(),
  tally: list(struct({ proposal: digest, approvals: uint() }), { max: 16_384 }),
})

/** The canonical bytes of a proposal. */
export const proposalCodec: Codec<Proposal> = struct({
  id: digest,
  topic: digest,
  meeting: optional(digest),
  author: optional(digest),
  order: uint(),
  program: optional(programCodec),
  parent: optional(digest),
  candidacy: optional(candidacyCodec),
  builtIn: optional(oneOf(BUILT_IN)),
})

/** The canonical bytes of a ballot. */
export const ballotCodec: Codec<Ballot> = struct({
  meeting: digest,
  tag: digest,
  approvals: list(digest, { max: PROPOSALS_MAX + 2 }),
})

/** The canonical bytes of a freeze case. */
export const freezeCaseCodec: Codec<FreezeCase> = struct({
  id: digest,
  topic: digest,
  k: uint(),
  openL: uint(),
  deadline: uint(),
  isExtended: bool,
  freezers: uint(),
  resume: uint(),
  cancel: uint(),
  outcome: oneOf(CASE_OUTCOMES),
  isAnonymous: bool,
  ringEpoch: uint(),
})

/** The canonical bytes of a wish to freeze. */
export const freezerCodec: Codec<Freezer> = struct({
  topic: digest,
  member: digest,
  freezeCase: optional(digest),
})

/** The canonical bytes of a judgement. */
export const evaluationCodec: Codec<Evaluation> = struct({
  freezeCase: digest,
  member: digest,
  choice: oneOf(['resume', 'cancel']),
})

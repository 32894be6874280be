/**
 * Work for another thread as bytes: what a ring costs is done where nobody waits for it.
 */
import {
  bool,
  bytes,
  type Codec,
  fixedBytes,
  list,
  mapped,
  optional,
  struct,
  uint,
  union,
} from '@mc/protocol/wire'
import type { RingName } from '../ring/ring.js'
import type { RateClass, Scope } from '../scope.js'

/** A ring as it travels: its name and its keys one after the other. */
export interface RingOfJob {
  readonly name: RingName
  readonly keys: Uint8Array
}

/** One claim of a batch over one ring. */
export interface ClaimOfJob {
  readonly org: Uint8Array
  readonly scope: Scope
  readonly tag: Uint8Array
  readonly message: Uint8Array
  readonly proof: Uint8Array
}

/** One ballot of a batch over one ring of voters. */
export interface BallotOfJob {
  readonly org: Uint8Array
  readonly topicId: Uint8Array
  readonly meetingId: Uint8Array
  readonly keyImage: Uint8Array
  readonly ballot: Uint8Array
  readonly version: number
  readonly proof: Uint8Array
}

/** One signature of a batch. */
export interface SignatureOfJob {
  readonly org: Uint8Array
  /** None for the generator, under which members sign. */
  readonly base: Scope | undefined
  readonly key: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** One piece of work. */
export type ProofJob =
  | {
      readonly type: 'prove-membership'
      readonly ring: RingOfJob
      readonly org: Uint8Array
      readonly scope: Scope
      readonly message: Uint8Array
      readonly secretKey: Uint8Array
      /** 32 fresh random bytes. */
      readonly seed: Uint8Array
    }
  | {
      readonly type: 'verify-memberships'
      readonly ring: RingOfJob
      readonly claims: readonly ClaimOfJob[]
    }
  | {
      readonly type: 'prove-ballot'
      readonly ring: RingOfJob
      readonly org: Uint8Array
      readonly topicId: Uint8Array
      readonly meetingId: Uint8Array
      readonly ballot: Uint8Array
      readonly version: number
      readonly secretKey: Uint8Array
      readonly seed: Uint8Array
    }
  | { readonly type: 'verify-ballots'; readonly ring: RingOfJob; readonly ballots: readonly BallotOfJob[] }
  | { readonly type: 'verify-signatures'; readonly signatures: readonly SignatureOfJob[] }

/** What comes back. */
export type ProofResult =
  | { readonly type: 'proof'; readonly tag: Uint8Array; readonly proof: Uint8Array }
  | { readonly type: 'verdicts'; readonly holds: readonly boolean[] }
  /** The job cannot be done: a ring that is none, a key that is not in it. */
  | { readonly type: 'impossible'; readonly why: Uint8Array }

/** Longest message or ballot of a job. */
export const JOB_MESSAGE_BYTES_MAX = 65_536

/** Longest proof of a job: what no operation exceeds. */
export const JOB_PROOF_BYTES_MAX = 4_096

/** Most claims of one job. */
export const JOB_CLAIMS_MAX = 1_024

const id = fixedBytes(32)
const number = uint({ max: 0xffff_ffff })
const message = bytes({ max: JOB_MESSAGE_BYTES_MAX })
const proof = bytes({ max: JOB_PROOF_BYTES_MAX })

const RATE_CLASSES: readonly RateClass[] = ['create']

const rateClass: Codec<RateClass> = mapped(uint({ max: RATE_CLASSES.length - 1 }), {
  to: at => RATE_CLASSES[at] as RateClass,
  from: name => RATE_CLASSES.indexOf(name),
})

const scope: Codec<Scope> = union({
  topic: { topicId: id },
  ballot: { meetingId: id },
  rate: { rateClass, period: number, slot: number },
  meet: { nonce: id },
  evaluation: { caseId: id },
})

/** The bytes of a ring. */
export const ringOfJobCodec: Codec<RingOfJob> = struct({
  name: union({ members: { epoch: number, cohort: number }, meeting: { meetingId: id } }) as Codec<RingName>,
  keys: bytes({ max: 65_536 }),
})

/** The bytes of a job. */
export const proofJobCodec: Codec<ProofJob> = union({
  'prove-membership': { ring: ringOfJobCodec, org: id, scope, message, secretKey: id, seed: id },
  'verify-memberships': {
    ring: ringOfJobCodec,
    claims: list(struct({ org: id, scope, tag: id, message, proof }), { max: JOB_CLAIMS_MAX }),
  },
  'prove-ballot': {
    ring: ringOfJobCodec,
    org: id,
    topicId: id,
    meetingId: id,
    ballot: message,
    version: number,
    secretKey: id,
    seed: id,
  },
  'verify-ballots': {
    ring: ringOfJobCodec,
    ballots: list(
      struct({
        org: id,
        topicId: id,
        meetingId: id,
        keyImage: id,
        ballot: message,
        version: number,
        proof,
      }),
      { max: JOB_CLAIMS_MAX },
    ),
  },
  'verify-signatures': {
    signatures: list(
      struct({ org: id, base: optional(scope), key: id, message, signature: fixedBytes(64) }),
      { max: JOB_CLAIMS_MAX },
    ),
  },
})

/** The bytes of a result. */
export const proofResultCodec: Codec<ProofResult> = union({
  proof: { tag: id, proof },
  verdicts: { holds: list(bool, { max: JOB_CLAIMS_MAX }) },
  impossible: { why: bytes({ max: 256 }) },
})

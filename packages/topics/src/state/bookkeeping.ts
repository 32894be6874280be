/** What the machine remembers besides topics: signers, vouches, attestations, and where the blocks stand. */
import { type Codec, digest, list, optional, struct, u8, uint } from '@mc/protocol/wire'
import { BUCKET_CLASSES, type BucketClass } from '../machine/bucket.js'
import { oneOf } from '../organisation/topic-kind.js'

/** What a signer may still do: its next sequence number, and its buckets. */
export interface Actor {
  readonly seq: number
  readonly buckets: readonly { readonly of: BucketClass; readonly tokens: number; readonly last: number }[]
  /** The membership epoch in which it last said that it is ready. */
  readonly readyEpoch: number
}

/** The canonical bytes of what a signer may still do. */
export const actorCodec: Codec<Actor> = struct({
  seq: uint(),
  buckets: list(
    struct({ of: oneOf(BUCKET_CLASSES as readonly BucketClass[]), tokens: uint(), last: uint() }),
    {
      max: BUCKET_CLASSES.length,
    },
  ),
  readyEpoch: uint(),
})

/** That a member says somebody is a person. */
export interface Vouch {
  readonly sponsor: Uint8Array
  readonly subject: Uint8Array
  readonly statement: Uint8Array
  readonly vouchedL: number
}

/** The canonical bytes of a vouch. */
export const vouchCodec: Codec<Vouch> = struct({
  sponsor: digest,
  subject: digest,
  statement: digest,
  vouchedL: uint(),
})

/** That an attester has seen evidence about somebody. */
export interface Attestation {
  readonly id: Uint8Array
  readonly attester: Uint8Array
  readonly subject: Uint8Array
  readonly commitment: Uint8Array
  readonly dedupTag: Uint8Array | undefined
  readonly evidenceClass: number
  readonly fromL: number
  readonly toL: number
}

/** The canonical bytes of an attestation. */
export const attestationCodec: Codec<Attestation> = struct({
  id: digest,
  attester: digest,
  subject: digest,
  commitment: digest,
  dedupTag: optional(digest),
  evidenceClass: u8({ max: 3 }),
  fromL: uint(),
  toL: uint(),
})

/** Revisions of the ring of members: see `rings.ts`. */
export interface RingRevisions {
  readonly revision: number
  /** Oldest revision that a new proof may be made over: nobody in it has left or frozen itself since. */
  readonly proveFloor: number
  /** The revision since which nobody has gone: pseudonyms proven before must prove again in the next round. */
  readonly renewFloor: number
}

/** Where the blocks stand. */
export interface Ledgerwise {
  /** The last block, its L in ms, and its beacon. */
  readonly epoch: number
  readonly clockMs: number
  readonly beacon: Uint8Array
  /** Operations accepted since the genesis. */
  readonly accepted: number
  readonly membershipEpoch: number
  readonly boundaryL: number
  readonly rings: RingRevisions
  /** The week of rate tokens, and the membership epoch whose keys count in it. */
  readonly week: number
  readonly weekEpoch: number
  /** Numbers given to membership changes so far, and to things that are scheduled. */
  readonly changes: number
  readonly schedules: number
}

/** The canonical bytes of where the blocks stand. */
export const ledgerwiseCodec: Codec<Ledgerwise> = struct({
  epoch: uint(),
  clockMs: uint(),
  beacon: digest,
  accepted: uint(),
  membershipEpoch: uint(),
  boundaryL: uint(),
  rings: struct({ revision: uint(), proveFloor: uint(), renewFloor: uint() }),
  week: uint(),
  weekEpoch: uint(),
  changes: uint(),
  schedules: uint(),
})

/** Evidence that a challenge has used, and when: not again for 30 days. */
export interface UsedEvidence {
  readonly evidence: Uint8Array
  readonly usedL: number
}

/** The canonical bytes of used evidence. */
export const usedEvidenceCodec: Codec<UsedEvidence> = struct({ evidence: digest, usedL: uint() })

/** A clock that a member sent by way of somebody else. */
export interface SentClock {
  readonly publicKey: Uint8Array
  readonly time: number
}

/** The canonical bytes of a sent clock. */
export const sentClockCodec: Codec<SentClock> = struct({ publicKey: digest, time: uint() })

/** Who comes and who goes: decided by topics, carried out at epoch boundaries, in order and under caps. */
import { type Codec, digest, optional, struct, uint, union } from '@mc/protocol/wire'
import { type Member, memberCodec } from './member.js'

const kinds = {
  /** Its `joinedEpoch`, `inSince` and the beginning of its key are set when it comes in. */
  add: { member: memberCodec },
  remove: { member: digest },
  leave: { member: digest },
} as const

/** What is to be done at a boundary. */
export type ChangeKind =
  | { readonly type: 'add'; readonly member: Member }
  | { readonly type: 'remove'; readonly member: Uint8Array }
  | { readonly type: 'leave'; readonly member: Uint8Array }

/** A change in the queue; `topic` is the one that decided it, and stays Scheduled until it is done. */
export interface MembershipChange {
  readonly number: number
  readonly topic: Uint8Array | undefined
  readonly change: ChangeKind
}

/** The canonical bytes of a change. */
export const membershipChangeCodec: Codec<MembershipChange> = struct({
  number: uint(),
  topic: optional(digest),
  change: union(kinds),
})

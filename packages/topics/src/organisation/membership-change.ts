/** Who comes and who goes: decided by topics, carried out at epoch boundaries, in order and under caps. */
import { type Codec, digest, optional, struct, uint, union } from '@mc/protocol/wire'
import { type Member, memberCodec } from './member.js'

const kinds = {
  add: { member: memberCodec },
  remove: { member: digest },
  leave: { member: digest },
  seat: { member: digest },
} as const

/** What is to be done at a boundary. */
export type ChangeKind =
  /** `joinedEpoch`, `inSince` and the beginning of the key are set when it comes in. */
  | { readonly type: 'add'; readonly member: Member }
  | { readonly type: 'remove'; readonly member: Uint8Array }
  | { readonly type: 'leave'; readonly member: Uint8Array }
  /** Done when the member's node is in the configuration. The machine queues it itself. */
  | { readonly type: 'seat'; readonly member: Uint8Array }

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

/** People of the organisation, and the seats that they have in the consensus. */
import { bool, type Codec, digest, list, optional, struct, text, uint } from '@mc/protocol/wire'
import { oneOf } from './topic-kind.js'

/** A member acts, waits out a freeze of its own, or has gone. */
export const MEMBER_STATES = ['active', 'frozen', 'left', 'removed'] as const
/** A member acts, waits out a freeze of its own, or has gone. */
export type MemberState = (typeof MEMBER_STATES)[number]

/** A key, and from which membership epoch on it is the member's. */
export interface KeyEpoch {
  readonly key: Uint8Array
  readonly from: number
}

/** Where a member takes part in the consensus: its node's key, name and addresses. */
export interface Seat {
  readonly publicKey: Uint8Array
  readonly name: string
  readonly addresses: readonly string[]
  /** Its node has said that it is ready. */
  readonly isReady: boolean
}

/** A person of the organisation. */
export interface Member {
  /** H('mc/member/v1', first key): it stays when the key changes. */
  readonly id: Uint8Array
  /** The keys X, oldest first; the last one signs. */
  readonly keys: readonly KeyEpoch[]
  readonly seat: Seat | undefined
  readonly state: MemberState
  readonly joinedEpoch: number
  /** Open freeze cases that it is a freezer of. */
  readonly frozenBy: readonly Uint8Array[]
  readonly sponsor: Uint8Array | undefined
  readonly guardians: readonly Uint8Array[]
  /** Revisions of the rings since which it is in, and out. */
  readonly inSince: number
  readonly recovery: Recovery | undefined
}

/** A lost key that guardians ask to replace: it happens at `dueL` unless the old key says no. */
export interface Recovery {
  readonly key: Uint8Array
  readonly supporters: readonly Uint8Array[]
  readonly dueL: number | undefined
}

/** Keys that a member may have had. */
export const MEMBER_KEYS_MAX = 64

const seat: Codec<Seat> = struct({
  publicKey: digest,
  name: text({ bytesMax: 64 }),
  addresses: list(text({ bytesMax: 256 }), { max: 8 }),
  isReady: bool,
})

/** The canonical bytes of a member. */
export const memberCodec: Codec<Member> = struct({
  id: digest,
  keys: list(struct({ key: digest, from: uint() }), { max: MEMBER_KEYS_MAX }),
  seat: optional(seat),
  state: oneOf(MEMBER_STATES),
  joinedEpoch: uint(),
  frozenBy: list(digest, { max: 256 }),
  sponsor: optional(digest),
  guardians: list(digest, { max: 16 }),
  inSince: uint(),
  recovery: optional(struct({ key: digest, supporters: list(digest, { max: 64 }), dueL: optional(uint()) })),
})

/** The key that signs for a member now. */
export const currentKey = ({ keys }: Member): Uint8Array => (keys.at(-1) as KeyEpoch).key

/** The one key that counts in the ring of membership epoch `epoch`: the one active then, else the first one after. */
export function keyAt({ keys }: Member, epoch: number): Uint8Array {
  const active = keys.findLast(({ from }) => from <= epoch)
  return (active ?? (keys[0] as KeyEpoch)).key
}

/** Active or frozen: who counts in N. */
export const isPresent = ({ state }: Member): boolean => state === 'active' || state === 'frozen'

/**
 * What a node runs in one configuration: a replica that votes, or a follower that does not.
 */
import type { Ledger } from '@mc/ledger'
import type { PeerIndex } from '@mc/protocol'
import type { StoredBlock } from './chain.js'
import type { Hello } from './peer-messages.js'
import type { Submission } from './proposing.js'
import type { StandingState } from './standing.js'
import type { Turn } from './turn.js'

/** What a participant tells about itself. */
export interface ParticipantStatus {
  /** `following`: takes no part in the agreement, as it is no member, or cannot be one. */
  readonly state: StandingState | 'following'
  readonly nextEpoch: number
  readonly pending: number
  readonly catchingUp: boolean
  readonly quarantinedUntil: number | undefined
}

/** The synchronous heart of a node in one configuration. Peers are its members, by index. */
export interface Participant<State> {
  readonly ledger: Ledger<State>
  readonly status: ParticipantStatus
  /** Another configuration has taken force: it only answers until its node has moved on. */
  readonly isOver: boolean
  /** How members that are in a later configuration greeted us there. */
  readonly ahead: ReadonlyMap<PeerIndex, Hello>
  /** Operations of ours that a new segment of the log, and a new configuration, must go on remembering. */
  readonly pendingOwn: readonly Uint8Array[]
  /** Blocks of the running turn: on the ledger already, and not taken with a turn yet. */
  readonly untaken: readonly StoredBlock[]
  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean
  /** Whether we may have spoken in `epoch` or above, the first of another configuration, without knowing what. */
  isUnsureFrom(epoch: number): boolean
  /** Takes an operation from a person: it is logged, and waits until it is on the ledger. */
  submit(bytes: Uint8Array): Submission
  /** Somebody who is no member asks us to propose these. */
  take(operations: readonly Uint8Array[]): void
  /** What the state needs and was missing is here: goes on with what waits for it. */
  resume(): void
  /** A link came up. */
  connected(peer: PeerIndex): void
  /** A link went down. */
  disconnected(peer: PeerIndex): void
  /** The clock moved. */
  tick(): void
  /** A frame of a member. */
  receive(from: PeerIndex, frame: Uint8Array): void
  /** A member greeted us here before we were here. */
  greeted(from: PeerIndex, hello: Hello): void
  /** What has been caused since the last call. */
  takeTurn(): Turn
}

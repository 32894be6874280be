/**
 * What a replica is made of, and what its parts share.
 */
import type { AtomicBroadcast, IndexSource } from '@mc/abc'
import type { Configuration, Ledger, LedgerCrypto } from '@mc/ledger'
import type { Committee, Domain } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { Replay } from '../log/journal.js'
import type { Ahead } from './ahead.js'
import type { PeerBudgets } from './peer-budgets.js'
import type { PeerMessage } from './peer-messages.js'
import type { Turn } from './turn.js'

/** How much one proposal and the mempool may hold. */
export interface ReplicaLimits {
  readonly operationBytesMax: number
  readonly proposalBytesMax: number
  readonly proposalOperationsMax: number
  readonly mempoolBytesMax: number
  readonly mempoolOperationsMax: number
}

/** What whoever takes blocks in one configuration is made of, whether it votes there or not. */
export interface IntakeOptions<State> {
  readonly ledger: Ledger<State>
  /** The one configuration that it lives in: the one that agrees on the ledger's next block. */
  readonly configuration: Configuration
  readonly crypto: LedgerCrypto
  readonly secretKey: Uint8Array
  readonly limits: ReplicaLimits
  /** Begins dear checks of operations before they are met; without it they are made where they are met. */
  readonly ahead?: Ahead | undefined
  /** Whether all content is here that the state needs; until it is, no block is applied. */
  readonly isComplete?: (() => boolean) | undefined
  /** What members say to each other; that of the limits unless told otherwise. */
  readonly messages?: Codec<PeerMessage>
  /** The clock of this machine, in ms since 1970. */
  readonly now: () => number
}

/** What a replica is made of. */
export interface ReplicaOptions<State> extends IntakeOptions<State> {
  readonly atomicBroadcast: AtomicBroadcast<never>
  /** Parameters that the atomic broadcast was built with. */
  readonly epochs: { readonly epochsAhead: number; readonly depth: number; readonly epochsKept: number }
  /** Chance, if proposals are chosen by it; without it operations are assigned to members. */
  readonly atRandom?: IndexSource | undefined
  /** Fingerprint of the suite; members with another one are refused. */
  readonly suite: string
  readonly committee: Committee
  readonly domain: Domain
  readonly replay: Replay
}

/** What the parts of a replica or a follower share. */
export interface IntakeContext<State> {
  readonly options: IntakeOptions<State>
  /** Whether another configuration has taken force: nothing is agreed on here any more. */
  readonly isOver: () => boolean
  readonly budgets: PeerBudgets
  /** Where the running turn collects what is caused. */
  readonly turn: () => Turn
}

/** What the parts of a replica share. */
export interface ReplicaContext<State> extends IntakeContext<State> {
  readonly options: ReplicaOptions<State>
  /** Digest of the configuration. */
  readonly digest: Uint8Array
}

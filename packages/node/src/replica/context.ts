/**
 * What a replica is made of, and what its parts share.
 */
import type { AtomicBroadcast } from '@mc/abc'
import type { Configuration, Ledger, LedgerCrypto } from '@mc/ledger'
import type { Committee, Domain } from '@mc/protocol'
import type { Replay } from '../log/journal.js'
import type { Ahead } from './ahead.js'
import type { PeerBudgets } from './peer-budgets.js'
import type { Turn } from './turn.js'

/** How much one proposal and the mempool may hold. */
export interface ReplicaLimits {
  readonly operationBytesMax: number
  readonly proposalBytesMax: number
  readonly proposalOperationsMax: number
  readonly mempoolBytesMax: number
  readonly mempoolOperationsMax: number
}

/** What a replica is made of. */
export interface ReplicaOptions<State> {
  readonly atomicBroadcast: AtomicBroadcast<never>
  /** Parameters that the atomic broadcast was built with. */
  readonly epochs: { readonly epochsAhead: number; readonly depth: number; readonly epochsKept: number }
  /** Fingerprint of the suite; members with another one are refused. */
  readonly suite: string
  readonly ledger: Ledger<State>
  /** The one configuration that it votes in: the one that agrees on the ledger's next block. */
  readonly configuration: Configuration
  readonly committee: Committee
  readonly domain: Domain
  readonly crypto: LedgerCrypto
  readonly secretKey: Uint8Array
  readonly limits: ReplicaLimits
  readonly replay: Replay
  /** Begins dear checks of operations before they are met; without it they are made where they are met. */
  readonly ahead?: Ahead | undefined
  /** The clock of this machine, in ms since 1970. */
  readonly now: () => number
}

/** What the parts of a replica share. */
export interface ReplicaContext<State> {
  readonly options: ReplicaOptions<State>
  /** Digest of the configuration. */
  readonly digest: Uint8Array
  /** Whether another configuration has taken force: nothing is agreed on here any more. */
  readonly isOver: () => boolean
  readonly budgets: PeerBudgets
  /** Where the running turn collects what is caused. */
  readonly turn: () => Turn
}

/**
 * What a node needs of a suite of protocols.
 */
import type { AtomicBroadcast } from '@mc/abc'
import type { BitSource } from '@mc/coin'
import type { Sha256 } from '@mc/crypto'

/** What a node gives to whoever builds its suite. */
export interface SuiteParts {
  /** Fresh bits that survive a restart. */
  readonly rng: BitSource
  readonly sha256: Sha256
  readonly payloadBytesMax: number
  readonly depth: number
}

/** A suite as a node runs it. */
export interface NodeSuite {
  readonly name: string
  /** Members with another fingerprint are refused. */
  readonly fingerprint: string
  readonly atomicBroadcast: AtomicBroadcast<never>
  readonly epochs: { readonly epochsAhead: number; readonly depth: number; readonly epochsKept: number }
  /** How many epochs above its tip a member may speak in. */
  readonly epochsTaken: number
}

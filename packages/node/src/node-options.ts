/**
 * What a node is made of, and how much it may hold.
 */
import { OPERATION_OVERHEAD_BYTES } from '@mc/abc'
import type { CryptoProvider } from '@mc/crypto'
import { type Configuration, type Genesis, OPERATION_BYTES_MAX } from '@mc/ledger'
import { DEFAULT_LIMITS, type Transport } from '@mc/network'
import type { SuiteKeys } from '@mc/presets'
import type { MachineParts, NodeMachine } from './machine.js'
import type { ReplicaLimits } from './replica/context.js'
import { selectionBytesMax } from './replica/proposing.js'
import type { SuiteMaker } from './suite.js'

/** What operations a node takes: signed by people, or opaque bytes in measurements. */
export type OperationKind =
  | { readonly kind: 'signed' }
  | { readonly kind: 'opaque'; readonly bytesMax: number }

/** What a node is made of. */
export interface NodeOptions {
  /** Where the log and the store live. One process at a time. */
  readonly directory: string
  readonly genesis: Genesis
  /** Our Ed25519 secret key, 32 bytes. */
  readonly secretKey: Uint8Array
  readonly crypto: CryptoProvider
  /** Who runs one suite only ignores the parts' configuration: a network that runs another one is refused. */
  readonly suite: SuiteMaker
  /** Our hold on the keys of a configuration that names a key set; nothing if we have none. */
  readonly keys?: (configuration: Configuration) => Promise<SuiteKeys | undefined>
  readonly transport: Transport
  readonly operations?: OperationKind
  /** The state machine; one that keeps records unless told otherwise. */
  // biome-ignore lint/suspicious/noExplicitAny: states of all kinds
  readonly machine?: (parts: MachineParts) => NodeMachine<any>
  /** All members must share those of proposals and operations. */
  readonly limits?: Partial<ReplicaLimits>
  /** Whether the log waits for the disk; off only for measurements that say so. */
  readonly fsync?: boolean
  /** Size at which a segment of the log is closed, in bytes; 64 MiB by default. */
  readonly segmentBytesMax?: number
  /** How often deadlines are looked at, in ms; 250 by default. */
  readonly tickMs?: number
  /** The clock, in ms since 1970. */
  readonly now?: () => number
}

/** Bytes of one proposal unless told otherwise; enough for thousands of comments. Fewer in networks of more than seven. */
export const DEFAULT_REPLICA_LIMITS: ReplicaLimits = {
  operationBytesMax: OPERATION_BYTES_MAX,
  proposalBytesMax: 2 * 1024 * 1024,
  proposalOperationsMax: 4_096,
  mempoolBytesMax: 64 * 1024 * 1024,
  mempoolOperationsMax: 200_000,
}

/** Bytes of a frame that are kept free beside the payloads of a block. */
const FRAME_MARGIN_BYTES = 1024 * 1024

/** The limits that a node was given, whoever its members are. */
export function chosenLimits({ limits = {}, operations }: NodeOptions): ReplicaLimits {
  const merged = { ...DEFAULT_REPLICA_LIMITS, ...limits }
  return operations?.kind === 'opaque' ? { ...merged, operationBytesMax: operations.bytesMax } : merged
}

/**
 * The limits of a node in a configuration.
 *
 * A block holds a proposal of each member at most, and has to fit a frame when somebody misses it: the more members, the less a
 * proposal holds.
 *
 * @throws RangeError if n proposals of the chosen size are more than a frame at the genesis, or one does not hold an operation.
 */
export function replicaLimits(options: NodeOptions, { index, members }: Configuration): ReplicaLimits {
  const chosen = chosenLimits(options)
  const n = members.length
  const most = Math.floor((DEFAULT_LIMITS.frameBytesMax - FRAME_MARGIN_BYTES) / n)
  const wanted = options.limits?.proposalBytesMax
  if (wanted !== undefined && wanted > most && index === options.genesis.configuration.index) {
    throw new RangeError(`proposalBytesMax: need at most ${most} among ${n} members, got ${wanted}`)
  }
  const limits = { ...chosen, proposalBytesMax: Math.min(chosen.proposalBytesMax, most) }
  if (selectionBytesMax(limits) < limits.operationBytesMax + OPERATION_OVERHEAD_BYTES) {
    throw new RangeError(`proposalBytesMax: ${limits.proposalBytesMax} bytes do not hold one operation`)
  }
  return limits
}

/**
 * One cell of the comparison of systems: one system, size, batch and fault, measured once.
 */

/** Which system in which situation. */
export interface AbcCell {
  readonly preset: string
  readonly n: number
  /** Transactions that each member proposes in each epoch. */
  readonly batch: number
  readonly txBytes: number
  readonly transport: 'memory' | 'libp2p'
  readonly faults: string
  readonly seconds: number
  readonly repeat: number
}

/** The parts of the work of an epoch. */
export const WORK = ['broadcast', 'agreement', 'coin', 'other', 'codec'] as const

/** One of them. */
export type Work = (typeof WORK)[number]

/** What was counted over a few epochs in which nothing depends on time: the same on every machine. */
export interface CountedEpochs {
  readonly epochs: number
  /** By correct members to others, before any of them share a frame. */
  readonly messagesPerEpoch: number
  readonly bytesPerEpoch: number
  /** The longest chain of messages until the first epoch is over, its broadcasts included. */
  readonly steps: number
  readonly messagesByWork: Readonly<Record<Work, number>>
  readonly bytesByWork: Readonly<Record<Work, number>>
}

/** What was measured. */
export interface AbcFigures {
  readonly f: number
  readonly fingerprint: string
  /** Where it ran, in words that a table can hold. */
  readonly ran: string
  /** What is not as it was asked for. */
  readonly note?: string
  readonly epochs: number
  readonly seconds: number
  readonly committedTx: number
  readonly txPerSecond: number
  /** Of n proposals, how many an epoch took in. */
  readonly proposalsPerEpoch: number
  /** Epochs that took in nothing. */
  readonly emptyEpochs: number
  /** In memory: from the first member's proposal to the (n − f)-th member's batch. In nodes: from submit to block at one member. */
  readonly latencyMs: { readonly median: number; readonly p99: number; readonly samples: number }
  readonly latencyOf: 'epoch' | 'transaction'
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly messagesPerEpoch: number
  readonly bytesPerEpoch: number
  /** Milliseconds of processor time per epoch by part; only in one process. */
  readonly workMsPerEpoch?: Readonly<Record<Work, number>>
  readonly counted?: CountedEpochs
  /** All members gave the same batches. */
  readonly agrees: boolean
}

/** Names a cell; a finished one is not run again. */
export const abcCellKey = ({
  preset,
  n,
  batch,
  txBytes,
  transport,
  faults,
  seconds,
  repeat,
}: AbcCell): string =>
  `abc ${preset} n=${n} batch=${batch}x${txBytes} ${transport} faults=${faults} seconds=${seconds} repeat=${repeat}`

/**
 * When the state is written down, so that a restart has little to do again.
 */

/** A restart applies at most about so many blocks again; each costs it the signatures in it. */
const BLOCKS_MAX = 32

/** So many new operations are written at once, so that no checkpoint is a large write. */
const OPERATIONS_MAX = 16_384

/** How far a ledger has come. */
export interface LedgerExtent {
  readonly blocks: number
  readonly operations: number
}

/** Compares how far the ledger is with how far it was at the last checkpoint. */
export class CheckpointPace {
  #last: LedgerExtent

  /** What is written down already. */
  constructor(written: LedgerExtent) {
    this.#last = written
  }

  /** How many blocks are in the last checkpoint. */
  get blocks(): number {
    return this.#last.blocks
  }

  /** Whether enough has come since the last checkpoint. */
  isDue({ blocks, operations }: LedgerExtent): boolean {
    return blocks - this.#last.blocks >= BLOCKS_MAX || operations - this.#last.operations >= OPERATIONS_MAX
  }

  /** A checkpoint was begun. */
  begun(extent: LedgerExtent): void {
    this.#last = extent
  }
}

/**
 * Operations that people handed in to a node that proposes nothing: they wait here, and are passed on, until they are on the ledger.
 */
import { digestKey } from '@mc/crypto'
import type { Ledger } from '@mc/ledger'
import type { ReplicaLimits } from './context.js'
import { FORWARDED_MAX } from './peer-messages.js'
import { FULL, PENDING, type Submission } from './proposing.js'

/** Bytes of operations that go in one message, unless one is larger: a guest may send no long frames. */
const CHUNK_BYTES_MAX = 128 * 1024

/** Messages of operations that leave at once. */
const CHUNKS_MAX = 8

/** Operations that wait, oldest first, at most as many as a mempool holds. */
export class HandedIn<State> {
  readonly #ledger: Ledger<State>
  readonly #limits: ReplicaLimits
  readonly #waiting = new Map<string, Uint8Array>()
  #bytes = 0

  constructor(ledger: Ledger<State>, limits: ReplicaLimits, earlier: readonly Uint8Array[]) {
    this.#ledger = ledger
    this.#limits = limits
    for (const bytes of earlier) this.add(bytes.slice())
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** All that wait, oldest first. */
  get all(): readonly Uint8Array[] {
    return [...this.#waiting.values()]
  }

  /** Whether the operation with this key waits. */
  has(key: string): boolean {
    return this.#waiting.has(key)
  }

  /** Takes an operation, unless the state refuses it or there is no room. */
  add(bytes: Uint8Array): Submission {
    const id = this.#ledger.machine.operationId(bytes)
    const key = digestKey(id)
    const refusal = this.#ledger.admit(bytes)
    if (refusal !== undefined) return { taken: false, id, refusal }
    if (this.#waiting.has(key)) return { taken: false, id, refusal: PENDING }
    const { mempoolBytesMax, mempoolOperationsMax } = this.#limits
    if (this.#waiting.size >= mempoolOperationsMax || this.#bytes + bytes.length > mempoolBytesMax)
      return { taken: false, id, refusal: FULL }
    this.#waiting.set(key, bytes)
    this.#bytes += bytes.length
    return { taken: true, id }
  }

  /** These are in a block, accepted or not. */
  remove(keys: readonly string[]): void {
    for (const key of keys) {
      this.#bytes -= this.#waiting.get(key)?.length ?? 0
      this.#waiting.delete(key)
    }
  }

  /** The first of these operations, in messages of a bounded size. */
  chunks(operations: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
    const chunks: Uint8Array[][] = []
    let bytes = 0
    for (const operation of operations) {
      const last = chunks.at(-1)
      bytes += operation.length
      if (last !== undefined && bytes <= CHUNK_BYTES_MAX && last.length < FORWARDED_MAX) last.push(operation)
      else {
        if (chunks.length >= CHUNKS_MAX) break
        chunks.push([operation])
        bytes = operation.length
      }
    }
    return chunks
  }
}

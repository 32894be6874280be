/**
 * Hands operations in through all nodes at once, and watches until each is on the ledger.
 */
import type { BlockEventJson, SubmissionJson } from '@mc/node/client'
import type { ApiClient } from '../client/api-client.js'
import { CommandError, FAILED, INTERRUPTED } from '../terminal/failure.js'
import type { BadLine, FileOperation } from './operations-file.js'

/** What became of the operations. */
export interface SubmissionResult {
  readonly submitted: number
  /** On the ledger now, whenever they came. */
  readonly committed: number
  /** Of these, on the ledger before. */
  readonly already: number
  readonly refused: readonly BadLine[]
  /** Submit to commit at the same node, ascending, in ms. */
  readonly latenciesMs: readonly number[]
}

/** How far it has come. */
export interface SubmissionProgress {
  /** On the ledger or refused. */
  readonly done: number
  readonly submitted: number
  readonly epochs: number
  readonly latencyMs: number | undefined
}

/** Operations and bytes in one request. */
const REQUEST_OPERATIONS_MAX = 64
const REQUEST_CHARACTERS_MAX = 512 * 1024

/** How often a node that is full is asked again, in ms, and how long nothing may move before we give up. */
const FULL_MS = 200
const STANDSTILL_MS_MAX = 60_000

/** After so long without news, pending operations are asked for one by one. */
const QUIET_MS = 3_000

/** Rules of refusals that are no failure: the operation is there already, or waits already. */
const ALREADY = 'ledger/duplicate-operation'
const PENDING = 'node/already-pending'
const FULL = 'node/mempool-full'

interface Waiting {
  readonly operation: FileOperation
  readonly node: number
  readonly at: number
}

/** Submits a list of operations once. */
export class Submission {
  readonly #clients: readonly ApiClient[]
  readonly #onProgress: (progress: SubmissionProgress) => void
  readonly #waiting = new Map<string, Waiting>()
  readonly #refused: BadLine[] = []
  readonly #latenciesMs: number[] = []
  readonly #epochs = new Set<number>()
  readonly #stop = new AbortController()
  #queue: readonly FileOperation[] = []
  #next = 0
  #submitted = 0
  #committed = 0
  #already = 0
  #movedAt = performance.now()

  constructor(clients: readonly ApiClient[], onProgress: (progress: SubmissionProgress) => void) {
    this.#clients = clients
    this.#onProgress = onProgress
  }

  /** Gives up what is not done: `run` rejects soon. */
  cancel(): void {
    this.#stop.abort()
  }

  /** Hands everything in; resolves when each is on the ledger or refused. @throws CommandError at a standstill. */
  async run(operations: readonly FileOperation[]): Promise<SubmissionResult> {
    this.#queue = operations
    const watches = this.#clients.map((client, node) => this.#watch(client, node))
    try {
      // Whoever is not heard yet would be missed.
      await Promise.all(watches.map(({ isHeard }) => isHeard))
      await Promise.all(this.#clients.map((client, node) => this.#feed(client, node)))
      await this.#settled()
    } finally {
      this.#stop.abort()
      await Promise.all(watches.map(({ ended }) => ended))
    }
    return {
      submitted: this.#submitted,
      committed: this.#committed,
      already: this.#already,
      refused: this.#refused.sort((left, right) => left.line - right.line),
      latenciesMs: this.#latenciesMs.sort((left, right) => left - right),
    }
  }

  // One request at a time for each node: whoever is faster takes more.
  async #feed(client: ApiClient, node: number): Promise<void> {
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      this.#submitted += batch.length
      await this.#hand(client, node, batch)
    }
  }

  #take(): readonly FileOperation[] {
    const start = this.#next
    // Small shares at first, so that a short list goes through all nodes, too.
    const share = Math.ceil((this.#queue.length - start) / (4 * this.#clients.length))
    const end = Math.min(this.#queue.length, start + Math.min(REQUEST_OPERATIONS_MAX, Math.max(1, share)))
    let characters = 0
    while (this.#next < end) {
      characters += this.#queue[this.#next]?.text.length ?? 0
      if (characters > REQUEST_CHARACTERS_MAX && this.#next > start) break
      this.#next += 1
    }
    return this.#queue.slice(start, this.#next)
  }

  async #hand(client: ApiClient, node: number, batch: readonly FileOperation[]): Promise<void> {
    for (let rest = batch; rest.length > 0; ) {
      const at = performance.now()
      for (const operation of rest) this.#waiting.set(operation.id, { operation, node, at })
      const { items } = await client.submit(rest.map(({ text }) => text))
      const full = rest.filter((operation, index) => this.#answered(operation, items[index]))
      rest = full
      if (full.length > 0) await pause(FULL_MS)
      this.#requireMovement()
    }
  }

  /** Takes the answer to one operation; true if it has to be handed in again. */
  #answered(operation: FileOperation, item: SubmissionJson | undefined): boolean {
    const { id, line } = operation
    if (item?.taken === true) return false
    const { rule = 'api/failed', message = 'no answer', field } = item?.refusal ?? {}
    // What waits already came from an earlier request of ours or of somebody else: it will come.
    if (rule === PENDING) return false
    if (rule === FULL) return true
    // Between the request and its answer a block may have brought it.
    if (!this.#waiting.delete(id)) return false
    this.#movedAt = performance.now()
    if (rule === ALREADY) {
      this.#already += 1
      this.#committed += 1
    } else this.#refused.push({ line, rule, message, ...(field === undefined ? {} : { field }) })
    return false
  }

  /** Listens to one node until the end. */
  #watch(
    client: ApiClient,
    node: number,
  ): { readonly isHeard: Promise<void>; readonly ended: Promise<void> } {
    let heard: () => void = () => {}
    const isHeard = new Promise<void>(resolve => {
      heard = resolve
    })
    return { isHeard, ended: this.#listen(client, node, heard) }
  }

  /** A connection that is lost is made again; what was missed is asked for when it stays quiet. */
  async #listen(client: ApiClient, node: number, heard: () => void): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        for await (const event of client.events(signal)) {
          heard()
          if (event.type === 'block') this.#onBlock(event.block, node)
        }
      } catch {
        heard()
      }
      if (!signal.aborted) await pause(FULL_MS)
    }
  }

  #onBlock({ epoch, ids = [] }: BlockEventJson, node: number): void {
    const now = performance.now()
    this.#epochs.add(epoch)
    for (const id of ids) {
      const waiting = this.#waiting.get(id)
      if (waiting === undefined || waiting.node !== node) continue
      this.#latenciesMs.push(now - waiting.at)
      this.#commit(id)
    }
    this.#tell()
  }

  #commit(id: string): void {
    this.#waiting.delete(id)
    this.#committed += 1
    this.#movedAt = performance.now()
  }

  async #settled(): Promise<void> {
    while (this.#waiting.size > 0) {
      this.#requireMovement()
      if (performance.now() - this.#movedAt > QUIET_MS) await this.#askForPending()
      await pause(20)
    }
    this.#tell()
  }

  async #askForPending(): Promise<void> {
    for (const [id, { node }] of [...this.#waiting].slice(0, REQUEST_OPERATIONS_MAX)) {
      const answer = await this.#clients[node]?.operation(id).catch(() => undefined)
      const isThere = answer?.pending === false && 'position' in answer
      if (isThere && this.#waiting.has(id)) this.#commit(id)
    }
  }

  #requireMovement(): void {
    if (this.#stop.signal.aborted)
      throw new CommandError('interrupted', 'interrupted before all was done', { exitCode: INTERRUPTED })
    if (performance.now() - this.#movedAt < STANDSTILL_MS_MAX) return
    const text = `${this.#waiting.size} operations were not agreed on within ${STANDSTILL_MS_MAX / 1_000} s`
    throw new CommandError('network/standstill', text, { exitCode: FAILED })
  }

  #tell(): void {
    this.#onProgress({
      done: this.#committed + this.#refused.length,
      submitted: this.#submitted,
      epochs: this.#epochs.size,
      latencyMs: this.#latenciesMs.at(-1),
    })
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

/**
 * One node under load: it keeps its own batch of distinct transactions waiting, and measures what becomes of them.
 */
import { randomFillSync } from 'node:crypto'
import { digestKey } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { AppliedBlock, Genesis } from '@mc/ledger'
import type { Transport } from '@mc/network'
import { Node } from '@mc/node'
import { benchSuite } from './bench-suite.js'

/** How a node is loaded. */
export interface BenchNodeOptions {
  readonly index: number
  readonly directory: string
  readonly genesis: Genesis
  readonly secretKey: Uint8Array
  readonly transport: Transport
  readonly txBytes: number
  /** Own transactions that one proposal holds at most. */
  readonly batch: number
  /** Own transactions that wait at any time. */
  readonly waiting: number
  readonly fsync: boolean
}

/** What one node measured between `mark` and `report`. */
export interface BenchNodeReport {
  readonly index: number
  readonly epochs: number
  /** Distinct transactions on the ledger, of all members. */
  readonly committed: number
  /** Of these, payload bytes of transactions. */
  readonly committedBytes: number
  /** Milliseconds since the mark when the last block came. */
  readonly lastBlockMs: number
  /** From submit at this node to the block at this node, own transactions, in ms. */
  readonly latenciesMs: readonly number[]
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly messages: number
  readonly frames: number
  readonly bytes: number
  readonly proposals: number
  readonly faults: Readonly<Record<string, number>>
  readonly tip: { readonly epoch: number; readonly cid: string; readonly stateRoot: string } | undefined
}

/** Latencies kept for the percentiles: every one up to this many, then evenly spread ones. */
const SAMPLES_MAX = 20_000

/** Random bytes that transactions are cut from: drawing fresh ones for each would be measured too. */
const RANDOM_BYTES = 2 ** 20

/** A node that loads itself. */
export class BenchNode {
  readonly #node: Node
  readonly #options: BenchNodeOptions
  readonly #submittedAt = new Map<string, number>()
  readonly #faults: Record<string, number> = {}
  readonly #cids = new Map<number, string>()
  readonly #random = randomFillSync(new Uint8Array(RANDOM_BYTES))
  #counter = 0
  #isLoading = true
  #measure = freshMeasure()

  private constructor(node: Node, options: BenchNodeOptions) {
    this.#node = node
    this.#options = options
  }

  static async start(options: BenchNodeOptions): Promise<BenchNode> {
    const { directory, genesis, secretKey, transport, txBytes, batch, fsync } = options
    const node = await Node.start({
      directory,
      genesis,
      secretKey,
      crypto,
      suite: benchSuite(genesis.configuration.suite, genesis.configuration.members.length, options.index),
      transport,
      operations: { kind: 'opaque', bytesMax: txBytes },
      limits: {
        proposalOperationsMax: batch,
        proposalBytesMax: Math.max(65_536, batch * (txBytes + 8) + 4_096),
        mempoolOperationsMax: 16 * batch + 1_024,
        mempoolBytesMax: (16 * batch + 1_024) * (txBytes + 64),
      },
      fsync,
    })
    const bench = new BenchNode(node, options)
    node.events.on('block', applied => bench.#onBlock(applied))
    node.events.on('fault', ({ rule }) => {
      bench.#faults[rule] = (bench.#faults[rule] ?? 0) + 1
    })
    return bench
  }

  get node(): Node {
    return this.#node
  }

  /** Begins to keep the mempool full. */
  load(): void {
    this.#topUp(this.#options.waiting)
  }

  /** No new transactions from now on. */
  unload(): void {
    this.#isLoading = false
  }

  /** Begins to measure anew: what came before was warming up. */
  mark(): void {
    const { messages, frames, bytes } = this.#node.sent
    this.#measure = { ...freshMeasure(), messages, frames, bytes }
  }

  /** What was measured since the mark. */
  report(): BenchNodeReport {
    const { at, cpu, latenciesMs, messages, frames, bytes, ...counts } = this.#measure
    const used = process.cpuUsage(cpu)
    const { tip, stateRoot } = this.#node.status
    return {
      ...counts,
      index: this.#options.index,
      latenciesMs,
      lastBlockMs: counts.lastBlockMs === 0 ? performance.now() - at : counts.lastBlockMs,
      cpuSeconds: (used.user + used.system) / 1e6,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      messages: this.#node.sent.messages - messages,
      frames: this.#node.sent.frames - frames,
      bytes: this.#node.sent.bytes - bytes,
      faults: this.#faults,
      tip: tip && { epoch: tip.epoch, cid: tip.cid, stateRoot },
    }
  }

  /** The name of the block of an epoch, if it has come. */
  cid(epoch: number): string | undefined {
    return this.#cids.get(epoch)
  }

  async stop(): Promise<void> {
    await this.#node.stop()
  }

  #onBlock({ block, cid, receipts }: AppliedBlock): void {
    const now = performance.now()
    const measure = this.#measure
    this.#cids.set(block.epoch, String(cid))
    measure.epochs += 1
    measure.proposals += block.payloads.length
    measure.lastBlockMs = now - measure.at
    let own = 0
    for (const receipt of receipts) {
      if (!receipt.accepted) continue
      measure.committed += 1
      measure.committedBytes += this.#options.txBytes
      const key = digestKey(receipt.id)
      const submittedAt = this.#submittedAt.get(key)
      if (submittedAt === undefined) continue
      own += 1
      this.#submittedAt.delete(key)
      if (measure.latenciesMs.length < SAMPLES_MAX) measure.latenciesMs.push(now - submittedAt)
    }
    this.#topUp(own)
  }

  #topUp(count: number): void {
    if (!this.#isLoading || count === 0) return
    const { machine } = this.#node.ledger
    const now = performance.now()
    const transactions = Array.from({ length: count }, () => this.#transaction())
    for (const transaction of transactions)
      this.#submittedAt.set(digestKey(machine.operationId(transaction)), now)
    void this.#node.submit(transactions).catch(() => {})
  }

  /** A distinct transaction: member, counter, then random bytes, so that nothing compresses and no two are the same. */
  #transaction(): Uint8Array {
    const { txBytes, index } = this.#options
    const bytes = Buffer.allocUnsafeSlow(txBytes)
    const from = (this.#counter * 61) % (RANDOM_BYTES - txBytes)
    bytes.set(this.#random.subarray(from, from + txBytes))
    this.#counter += 1
    bytes.writeUInt16BE(index, 0)
    bytes.writeUIntBE(this.#counter, 2, 6)
    return bytes
  }
}

function freshMeasure() {
  return {
    at: performance.now(),
    cpu: process.cpuUsage(),
    epochs: 0,
    committed: 0,
    committedBytes: 0,
    lastBlockMs: 0,
    proposals: 0,
    messages: 0,
    frames: 0,
    bytes: 0,
    latenciesMs: [] as number[],
  }
}

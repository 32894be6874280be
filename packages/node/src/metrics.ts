/**
 * What a node counts, in the text format of Prometheus. Each node has a registry of its own.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { digestKey } from '@mc/crypto'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Node } from './node.js'

/** Operations whose way to the ledger is timed at once; more are not timed. */
const TIMED_MAX = 100_000

/** The metrics of one node. */
export class NodeMetrics {
  readonly registry: Registry = new Registry()
  readonly #submittedAt = new Map<string, number>()
  readonly #latency: Histogram
  readonly #refusedHere: Counter

  /** @param logDirectory where the write-ahead log lives, for its size. */
  constructor(node: Node, logDirectory: string) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#latency = new Histogram({
      name: 'mc_commit_latency_seconds',
      help: 'From taking an operation here to its block here.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    })
    this.#refusedHere = new Counter({
      name: 'mc_operations_refused_total',
      help: 'Operations refused here, by rule.',
      labelNames: ['rule'],
      registers,
    })
    this.#count(node)
    this.#gauges(node)
    this.#gauge('mc_log_bytes', 'Bytes of the write-ahead log on disk.', () => bytesIn(logDirectory))
  }

  /** An operation comes in: its way is timed from now. True if it was not on its way already. */
  begin(id: Uint8Array): boolean {
    const key = digestKey(id)
    if (this.#submittedAt.has(key) || this.#submittedAt.size >= TIMED_MAX) return false
    this.#submittedAt.set(key, performance.now())
    return true
  }

  /** An operation that came in was not taken after all. */
  forget(id: Uint8Array): void {
    this.#submittedAt.delete(digestKey(id))
  }

  /** An operation was refused. */
  refused(rule: string): void {
    this.#refusedHere.inc({ rule })
  }

  #count(node: Node): void {
    const registers = [this.registry]
    const committed = new Counter({
      name: 'mc_operations_committed_total',
      help: 'Operations that came on the ledger since this process began.',
      registers,
    })
    const epochs = new Counter({
      name: 'mc_blocks_total',
      help: 'Blocks since this process began.',
      registers,
    })
    const faults = new Counter({
      name: 'mc_faults_total',
      help: 'What peers did wrong, by rule.',
      labelNames: ['rule'],
      registers,
    })
    node.events.on('fault', ({ rule }) => faults.inc({ rule }))
    node.events.on('block', ({ receipts }) => {
      epochs.inc()
      for (const { id, accepted } of receipts) {
        if (accepted) committed.inc()
        this.#time(id)
      }
    })
  }

  #time(id: Uint8Array): void {
    const key = digestKey(id)
    const at = this.#submittedAt.get(key)
    if (at === undefined) return
    this.#submittedAt.delete(key)
    this.#latency.observe((performance.now() - at) / 1_000)
  }

  #gauges(node: Node): void {
    const peers = (field: 'bytesIn' | 'bytesOut' | 'bufferedBytes' | 'reconnects'): number =>
      node.transport.stats().peers.reduce((sum, peer) => sum + peer[field], 0)
    this.#gauge('mc_next_epoch', 'The epoch of the next block.', () => node.status.nextEpoch)
    this.#gauge('mc_operations', 'Operations on the ledger.', () => node.status.operations)
    this.#gauge('mc_operations_pending', 'Operations that wait here.', () => node.status.pending)
    this.#gauge('mc_voting', '1 if this node votes.', () => Number(node.status.state === 'voting'))
    this.#gauge('mc_peers_connected', 'Members connected.', () => node.status.peersConnected)
    this.#gauge('mc_members', 'Members of the network.', () => node.status.members)
    this.#gauge('mc_sent_messages', 'Messages sent so far.', () => node.sent.messages)
    this.#gauge('mc_sent_frames', 'Frames sent so far.', () => node.sent.frames)
    this.#gauge('mc_sent_bytes', 'Bytes sent to members so far.', () => peers('bytesOut'))
    this.#gauge('mc_received_bytes', 'Bytes received from members so far.', () => peers('bytesIn'))
    this.#gauge('mc_buffered_bytes', 'Bytes that wait for members to read.', () => peers('bufferedBytes'))
    this.#gauge('mc_reconnects', 'Connections after the first one, all members.', () => peers('reconnects'))
    this.#gauge('mc_strangers_refused', 'Connections of non-members refused.', () => {
      return node.transport.stats().strangersRefused
    })
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read())
      },
    })
  }
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  const sizes = await Promise.all(
    names.map(name =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

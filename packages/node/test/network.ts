/**
 * A network of nodes in memory, with real logs and stores in a directory of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestKey } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { Genesis } from '@mc/ledger'
import { type MemoryNetwork, memoryNetwork } from '@mc/network'
import { type NamedFault, Node, type NodeOptions, nodeSuite } from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { hex } from '@mc/protocol/wire'

export class TestNetwork {
  readonly genesis: Genesis
  readonly network: MemoryNetwork = memoryNetwork()
  readonly nodes: (Node | undefined)[] = []
  readonly faults: NamedFault[][]
  readonly failures: Error[] = []
  readonly directory: string
  readonly #secretKeys: readonly Uint8Array[]

  private constructor(directory: string, n: number, depth: number) {
    this.directory = directory
    this.#secretKeys = Array.from({ length: n }, (_, index) => new Uint8Array(32).fill(index + 1))
    const members = this.#secretKeys.map((secretKey, index) => {
      const publicKey = crypto.ed25519.publicKey(secretKey)
      return { name: `member ${index}`, publicKey, addresses: [hex(publicKey)] }
    })
    const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth, members }
    this.genesis = { name: 'test', time: 0, configuration }
    this.faults = members.map(() => [])
  }

  static async make({
    n = 4,
    depth = 1,
  }: {
    readonly n?: number
    readonly depth?: number
  } = {}): Promise<TestNetwork> {
    return new TestNetwork(await mkdtemp(join(tmpdir(), 'mc-node-')), n, depth)
  }

  secretKey(index: number): Uint8Array {
    return this.#secretKeys[index] as Uint8Array
  }

  key(index: number): string {
    return hex(crypto.ed25519.publicKey(this.secretKey(index)))
  }

  directoryOf(index: number): string {
    return join(this.directory, String(index))
  }

  options(index: number, more: Partial<NodeOptions> = {}): NodeOptions {
    return {
      directory: this.directoryOf(index),
      genesis: this.genesis,
      secretKey: this.secretKey(index),
      crypto,
      suite: parts => nodeSuite(waterbearQsQ(parts)),
      transport: this.network.transport(this.key(index)),
      operations: { kind: 'opaque', bytesMax: 1_024 },
      ...more,
    }
  }

  async start(index: number, more: Partial<NodeOptions> = {}): Promise<Node> {
    const node = await Node.start(this.options(index, more))
    node.events.on('fault', fault => this.faults[index]?.push(fault))
    node.events.on('failure', error => this.failures.push(error))
    this.nodes[index] = node
    return node
  }

  async startAll(more: Partial<NodeOptions> = {}): Promise<readonly Node[]> {
    return Promise.all(this.#secretKeys.map((_, index) => this.start(index, more)))
  }

  async stop(index: number): Promise<void> {
    await this.nodes[index]?.stop()
    this.nodes[index] = undefined
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map(node => node?.stop()))
    await rm(this.directory, { recursive: true, force: true })
  }
}

export const operations = (name: string, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, at) => Buffer.from(`${name} ${at}`))

/** Whether a node has an operation on its ledger. */
export function isKnown({ ledger }: Node, operation: Uint8Array): boolean {
  return ledger.machine.isKnown(ledger.state, digestKey(ledger.machine.operationId(operation)))
}

/** Resolves once a node has all these operations on its ledger. */
export function known(node: Node, wanted: readonly Uint8Array[]): Promise<void> {
  return new Promise(resolve => {
    const check = (): void => {
      if (!wanted.every(operation => isKnown(node, operation))) return
      node.events.off('block', check)
      resolve()
    }
    node.events.on('block', check)
    check()
  })
}

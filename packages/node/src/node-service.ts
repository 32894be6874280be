/**
 * A node as people run it: its data directory, libp2p, the API, metrics and a log, started and stopped together.
 */
import { join } from 'node:path'
import type { CryptoProvider } from '@mc/crypto'
import { libp2pTransport } from '@mc/network'
import type { Logger } from 'pino'
import { Api } from './api/api.js'
import { type DataDirectory, readDataDirectory } from './directory/data-directory.js'
import { DirectoryLock } from './directory/directory-lock.js'
import { requireFreePorts } from './directory/ports.js'
import type { LogLevel } from './log-level.js'
import { logNode, openLog } from './log-output.js'
import type { NodeRules } from './machine.js'
import { NodeMetrics } from './metrics.js'
import { Node, type NodeOptions } from './node.js'
import { LedgerReader } from './reader.js'
import type { SuiteMaker } from './suite.js'

/** What a service is made of. */
export interface NodeServiceOptions {
  readonly directory: string
  readonly crypto: CryptoProvider
  /** The factory of the system with the name that a configuration gives. @throws RangeError if there is none. */
  readonly suiteNamed: (name: string) => SuiteMaker
  /** Our hold on the keys of a configuration that names a key set. */
  readonly keys?: NodeOptions['keys']
  /** The rules that a genesis names; without it, networks that keep records are all that runs. @throws RangeError */
  readonly rulesNamed?: (name: string, directory: string) => Promise<NodeRules>
  readonly logLevel?: LogLevel
  /** Where the log goes; standard error by default. */
  readonly logFile?: string
  /** The node cannot go on; the service is to be stopped. */
  readonly onFailure?: (error: Error) => void
}

/** Nodes that may follow a node without being members: joiners, leavers, observers. */
const GUESTS_MAX = 16

interface Parts {
  readonly lock: DirectoryLock
  readonly log: Logger
  readonly node: Node
  readonly api: Api
  readonly rules: NodeRules | undefined
}

/** A running service. */
export class NodeService {
  readonly node: Node
  readonly api: Api
  readonly log: Logger
  readonly #lock: DirectoryLock
  readonly #rules: NodeRules | undefined
  #leave: (() => Promise<void>) | undefined
  #stopping: Promise<void> | undefined

  private constructor({ lock, log, node, api, rules }: Parts) {
    this.#lock = lock
    this.#rules = rules
    this.log = log
    this.node = node
    this.api = api
  }

  /**
   * Starts everything, or nothing.
   *
   * @throws DirectoryError, PortTakenError, or an Error of the node, each with what to do about it.
   */
  static async start(options: NodeServiceOptions): Promise<NodeService> {
    const directory = await readDataDirectory(options.directory)
    const lock = await DirectoryLock.take(directory.path)
    try {
      await requireFreePorts(directory)
      const log = await openLog(options.logLevel ?? 'info', options.logFile)
      const named = directory.genesis.rules?.machine
      const rules = named && (await options.rulesNamed?.(named, directory.path))
      const node = await startNode(directory, options, rules || undefined)
      const api = await startApi(directory, node, log, rules || undefined)
      const service = new NodeService({ lock, log, node, api, rules: rules || undefined })
      service.#begin(options)
      return service
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** Stops what was started, in order. Twice is the same as once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  #begin({ onFailure }: NodeServiceOptions): void {
    const { name, member, members, suiteName } = this.node.status
    logNode(this.node, this.log)
    this.#leave = this.#rules?.attend?.(this.node)
    this.node.events.on('failure', error => onFailure?.(error))
    this.log.info({ network: name, member, members, suite: suiteName, api: this.api.url }, 'started')
  }

  async #stop(): Promise<void> {
    await this.api.stop()
    await this.#leave?.()
    await this.node.stop()
    this.#rules?.stop?.()
    this.log.info('stopped')
    await this.#lock.release()
  }
}

function startNode(
  { path, genesis, secretKey, settings }: DataDirectory,
  options: NodeServiceOptions,
  rules: NodeRules | undefined,
): Promise<Node> {
  const keys = rules?.keys ?? options.keys
  return Node.start({
    directory: path,
    genesis,
    secretKey,
    crypto: options.crypto,
    suite: parts => options.suiteNamed(parts.configuration.suite)(parts),
    ...(keys && { keys }),
    transport: libp2pTransport({ secretKey, listen: settings.listen, guestsMax: GUESTS_MAX }),
    ...(rules && { machine: rules.machine, ...(rules.limits && { limits: rules.limits }) }),
  })
}

async function startApi(
  { path, settings, apiToken }: DataDirectory,
  node: Node,
  log: Logger,
  rules: NodeRules | undefined,
): Promise<Api> {
  try {
    const metrics = new NodeMetrics(node, join(path, 'log'))
    return await Api.start({
      node,
      reader: new LedgerReader(node, rules?.limits),
      routes: rules?.routes,
      metrics,
      log,
      token: apiToken,
      ...settings.api,
    })
  } catch (error) {
    await node.stop()
    throw error
  }
}

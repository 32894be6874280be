/**
 * The processes of a network on this machine: one for each member, started together, stopped together.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { DirectoryLock, type LogLevel, readDataDirectory, requireFreePorts } from '@mc/node/client'
import { ApiClient } from '../client/api-client.js'
import { CommandError, FAILED } from '../terminal/failure.js'
import type { NetworkDirectory } from './founding.js'
import type { FromMember, ToMember } from './member-messages.js'
import { NODE_PROCESS_FLAGS, nodeProcessEnvironment } from './node-process.js'

/** Milliseconds that a process has to stop by itself. */
const STOP_MS_MAX = 10_000

/** Milliseconds until all members must run on keys that they generated: large committees deal for a while. */
const KEYS_MS_MAX = 300_000

/** Milliseconds until all members must be connected and vote. */
const READY_MS_MAX = 60_000

/** A running network. */
export class RunningNetwork {
  readonly clients: readonly ApiClient[]
  /** Rejects with the reason once a member ends although nobody stopped it. */
  readonly ended: Promise<never>
  readonly #children: readonly ChildProcess[]
  readonly #lock: DirectoryLock
  #isStopping = false

  private constructor(clients: readonly ApiClient[], children: readonly ChildProcess[], lock: DirectoryLock) {
    this.clients = clients
    this.#children = children
    this.#lock = lock
    this.ended = this.#firstEnd()
    // Whoever waits for it hears of it; nobody has to.
    this.ended.catch(() => {})
  }

  /**
   * Starts a process for each member.
   *
   * @throws DirectoryError if the directory is in use, or the error of the first member that cannot start.
   */
  static async start({ directory, members }: NetworkDirectory, logLevel: LogLevel): Promise<RunningNetwork> {
    const lock = await DirectoryLock.take(directory)
    const tokens = await prepared(members, lock)
    const children = members.map(path => memberProcess(path, logLevel))
    try {
      const urls = await Promise.all(children.map(readyUrl))
      const clients = urls.map((url, at) => new ApiClient({ url, token: tokens[at] as string }))
      return new RunningNetwork(clients, children, lock)
    } catch (error) {
      await Promise.all(children.map(stopped))
      await lock.release()
      throw error
    }
  }

  /** Waits until every member votes and sees all others. */
  async ready(): Promise<void> {
    const until = performance.now() + READY_MS_MAX
    for (;;) {
      const statuses = await Promise.all(this.clients.map(client => client.status()))
      const isReady = statuses.every(one => one.state === 'voting' && one.peersConnected === one.members - 1)
      if (isReady) return
      if (performance.now() > until) {
        const states = statuses.map(({ state, peersConnected }) => `${state}, ${peersConnected} connected`)
        throw new CommandError(
          'network/not-ready',
          `the members did not find together: ${states.join('; ')}`,
          {
            exitCode: FAILED,
          },
        )
      }
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  /** Waits until every member runs this system. */
  async running(suite: string): Promise<void> {
    const until = performance.now() + KEYS_MS_MAX
    for (;;) {
      const names = await Promise.all(this.clients.map(client => client.status().then(one => one.suiteName)))
      if (names.every(name => name === suite)) return
      if (performance.now() > until) {
        const text = `the members generated no keys for ${suite}: they run ${names.join(', ')}`
        throw new CommandError('network/no-keys', text, { exitCode: FAILED })
      }
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  /** Stops every process and lets the directory go. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#children.map(stopped))
    await this.#lock.release()
  }

  #firstEnd(): Promise<never> {
    return new Promise((_, reject) => {
      for (const [index, child] of this.#children.entries()) {
        let reason = ''
        child.on('message', (message: FromMember) => {
          if (message.type === 'failed') reason = `: ${message.message}`
        })
        child.once('exit', code => {
          if (this.#isStopping) return
          const text = `the process of node-${index} ended (${code ?? 'killed'})${reason}`
          reject(new CommandError('network/member-ended', text, { exitCode: FAILED }))
        })
      }
    })
  }
}

/** Looks at every member before the first one is started: what is wrong is known at once. */
async function prepared(members: readonly string[], lock: DirectoryLock): Promise<readonly string[]> {
  try {
    const directories = await Promise.all(members.map(path => readDataDirectory(path)))
    for (const directory of directories) await requireFreePorts(directory)
    return directories.map(({ apiToken }) => apiToken)
  } catch (error) {
    await lock.release()
    throw error
  }
}

function readyUrl(child: ChildProcess, index: number): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromMember) => {
      if (message.type === 'ready') resolve(message.url)
      else {
        const { rule, message: text, field } = message
        reject(Object.assign(new Error(`node-${index}: ${text}`), { rule, field }))
      }
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`the process of node-${index} ended (${code ?? 'killed'})`)))
  })
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise(resolve => child.once('exit', resolve))
  if (child.connected) child.send({ type: 'stop' } satisfies ToMember)
  else child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  await exited
  clearTimeout(timer)
}

/** Standard output stays ours; what a dying process has to say reaches standard error. */
function memberProcess(path: string, logLevel: LogLevel): ChildProcess {
  const entry = new URL('network/member-process.js', import.meta.url)
  return fork(entry, [path, logLevel], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...NODE_PROCESS_FLAGS],
    env: nodeProcessEnvironment(),
  })
}

/** Members of a network that generates its keys, as processes on this machine: started, killed, asked. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from '@mc/node'
import { build } from 'tsup'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** What a member says of itself. */
export interface MemberStatus {
  readonly state: string
  readonly stateRoot: string
  readonly nextEpoch: number
  readonly suiteName: string
  readonly configuration: { readonly suite: string; readonly index: number; readonly keySet?: string }
  readonly faults: readonly string[]
  readonly cpuMs: number
}

/** Waits until `done`, asking again and again. */
export async function until(what: string, done: () => Promise<boolean>, msMax = 120_000): Promise<void> {
  const end = performance.now() + msMax
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${msMax} ms`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

export class KeyedProcesses {
  readonly failures: string[] = []
  readonly #children: (ChildProcess | undefined)[] = []
  readonly #directory: string
  readonly #program: string
  readonly #plan: object
  readonly #lies: number | undefined
  #asked = 0

  private constructor(directory: string, program: string, plan: object, lies: number | undefined) {
    this.#directory = directory
    this.#program = program
    this.#plan = plan
    this.#lies = lies
  }

  static async make(setting: {
    readonly suite: string
    readonly n: number
    readonly lies?: number
  }): Promise<KeyedProcesses> {
    const { suite, n, lies } = setting
    const directory = await mkdtemp(join(tmpdir(), 'mc-keyed-'))
    const plan = { ports: await findFreePorts(n), suite, time: Date.now() }
    return new KeyedProcesses(directory, await program(), plan, lies)
  }

  async start(index: number): Promise<void> {
    const plan = {
      ...this.#plan,
      index,
      directory: join(this.#directory, String(index)),
      lies: index === this.#lies,
    }
    const child = fork(this.#program, [JSON.stringify(plan)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#children[index] = child
    child.on('message', ({ type, message }: { readonly type: string; readonly message: string }) => {
      if (type === 'failure') this.failures.push(message)
    })
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', code => reject(new Error(`member ${index} ended (${code})`)))
    })
  }

  async kill(index: number): Promise<void> {
    const child = this.#children[index] as ChildProcess
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  ask<Answer>(index: number, question: object): Promise<Answer> {
    const child = this.#children[index] as ChildProcess
    this.#asked += 1
    const id = this.#asked
    return new Promise(resolve => {
      const listen = (message: { readonly id: number; readonly answer: Answer }): void => {
        if (message.id !== id) return
        child.off('message', listen)
        resolve(message.answer)
      }
      child.on('message', listen)
      child.send({ ...question, id })
    })
  }

  status(index: number): Promise<MemberStatus> {
    return this.ask(index, { type: 'status' })
  }

  /** Waits until these members vote in a suite. */
  async vote(suite: string, members: readonly number[]): Promise<void> {
    await until(`members vote in ${suite}`, async () => {
      const all = await Promise.all(members.map(member => this.status(member)))
      return all.every(({ state, suiteName }) => state === 'voting' && suiteName === suite)
    })
  }

  /** Hands texts to one member, and waits until these have them. */
  async agree(by: number, members: readonly number[], texts: readonly string[]): Promise<void> {
    await this.ask(by, { type: 'submit', texts })
    await until(`members have what member ${by} submitted`, async () => {
      const missing = await Promise.all(
        members.map(member => this.ask<string[]>(member, { type: 'missing', texts })),
      )
      return missing.every(({ length }) => length === 0)
    })
  }

  async close(): Promise<void> {
    for (const child of this.#children) child?.kill('SIGKILL')
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 })
    await rm(join(this.#program, '..'), { recursive: true, force: true })
  }
}

/** The member's program in one file, from sources: nothing has to be built. */
async function program(): Promise<string> {
  const outDir = here(`../../../node_modules/.cache/keyed/${process.pid}`)
  await build({
    entry: [here('member.mjs')],
    config: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    splitting: false,
    clean: false,
    silent: true,
    noExternal: [/^(?!classic-level$|@chainsafe|@subspace)[^.]/],
    external: ['classic-level', /^@chainsafe\/blst/, /^@subspace/],
    esbuildOptions: options => {
      options.conditions = ['@mc/source', 'node', 'import']
    },
    banner: {
      js: "import { createRequire as requireHere } from 'node:module'; const require = requireHere(import.meta.url);",
    },
  })
  return `${outDir}/member.mjs`
}

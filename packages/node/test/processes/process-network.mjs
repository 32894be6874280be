/** Members as processes on this machine: started, killed, asked. */
import { fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from '@mc/node'
import { Witness } from '../utterances.mjs'
import { memberProgram } from './member-program.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

/** Waits until `done`, asking again and again; throws after `msMax`. */
export async function until(done, what, msMax = 120_000) {
  const end = performance.now() + msMax
  for (;;) {
    if (await done()) return
    if (performance.now() > end) throw new Error(`${what}: not within ${msMax} ms`)
    await sleep(50)
  }
}

/** One process, and the questions it has not answered yet. */
class Member {
  asked = 0

  constructor(child) {
    this.child = child
    this.startedAt = performance.now()
    this.questions = new Map()
    this.failures = []
    this.voting = new Promise(resolve => {
      this.onVoting = resolve
    })
    this.ready = new Promise((resolve, reject) => {
      this.onReady = resolve
      child.once('exit', code => reject(new Error(`a member ended before it was ready (${code})`)))
    })
    this.ready.catch(() => {})
    this.ended = new Promise(resolve => child.once('exit', resolve))
    child.on('message', message => this.onMessage(message))
    child.once('exit', () => {
      for (const { reject } of this.questions.values()) reject(new Error('killed'))
    })
  }

  onMessage({ type, id, answer, message }) {
    if (type === 'ready') this.onReady()
    else if (type === 'voting') this.onVoting(performance.now() - this.startedAt)
    else if (type === 'failure') this.failures.push(message)
    else {
      this.questions.get(id)?.resolve(answer)
      this.questions.delete(id)
    }
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      this.asked += 1
      const id = this.asked
      if (!this.child.connected) return reject(new Error('killed'))
      this.questions.set(id, { resolve, reject })
      this.child.send({ ...question, id }, error => error && reject(new Error('killed')))
    })
  }
}

export class ProcessNetwork {
  members = []
  failures = []

  constructor({ directory, ports, members, isRecorded, program }) {
    this.directory = directory
    this.ports = ports
    this.n = members
    this.isRecorded = isRecorded
    this.program = program
  }

  /**
   * A network whose members write down what they hear, if `isRecorded`: then all of them have to be honest. The first `n` nodes
   * are its members at the genesis.
   */
  static async make({ n = 4, others = 0, isRecorded }) {
    const directory = await mkdtemp(join(tmpdir(), 'mc-processes-'))
    const program = await memberProgram()
    const ports = await findFreePorts(n + others)
    return new ProcessNetwork({ directory, ports, members: n, isRecorded, program })
  }

  async start(index) {
    const plan = {
      directory: join(this.directory, String(index)),
      index,
      ports: this.ports,
      n: this.n,
      record: this.isRecorded ? join(this.directory, `heard-by-${index}`) : undefined,
    }
    const member = new Member(
      fork(this.program, [JSON.stringify(plan)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
    this.members[index] = member
    await member.ready
    return member
  }

  async startAll(indices = this.ports.map((_, index) => index)) {
    await Promise.all(indices.map(index => this.start(index)))
    await Promise.all(indices.map(index => this.members[index].voting))
  }

  /** Starts the hostile member; it floods once it is told to. */
  startHostile(index) {
    const plan = { index, ports: this.ports }
    return fork(here('hostile.mjs'), [JSON.stringify(plan)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  }

  async kill(index) {
    const member = this.members[index]
    this.failures.push(...member.failures)
    this.members[index] = undefined
    member.child.kill('SIGKILL')
    await member.ended
  }

  get up() {
    return this.members.flatMap((member, index) => (member === undefined ? [] : [index]))
  }

  ask(index, question) {
    return this.members[index]?.ask(question) ?? Promise.reject(new Error('killed'))
  }

  status(index) {
    return this.ask(index, { type: 'status' })
  }

  missing(index, texts) {
    return this.ask(index, { type: 'missing', texts })
  }

  /** Waits until all members that are up have all these operations. */
  async haveAll(texts, msMax) {
    for (const index of this.up) {
      let missing = texts
      await until(
        async () => {
          missing = await this.missing(index, missing)
          return missing.length === 0
        },
        `member ${index} has all operations`,
        msMax,
      )
    }
  }

  /** Whether all members that are up have the same state, once they rest. */
  async sameState() {
    const statuses = await Promise.all(this.up.map(index => this.status(index)))
    return new Set(statuses.map(({ stateRoot, nextEpoch }) => `${nextEpoch} ${stateRoot}`)).size === 1
  }

  /** What the members have heard of each other, all lives together. */
  async witness() {
    const witness = new Witness()
    for (const index of this.ports.keys()) {
      const text = await readFile(join(this.directory, `heard-by-${index}`), 'utf8').catch(() => '')
      // The last line of a life may be cut off.
      for (const line of text.split('\n')) {
        const match = /^(\d+: \S+) ([0-9a-f]{16}|[0-9a-f]{64})$/.exec(line)
        if (match !== null) witness.note(match[1], match[2])
      }
    }
    return witness
  }

  async close() {
    for (const index of this.up) await this.kill(index)
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 })
    await rm(dirname(this.program), { recursive: true, force: true })
  }
}

/** Hands operations to members that are up, all the time; remembers what was acknowledged. */
export class Load {
  acknowledged = []
  #isRunning = true
  #done

  constructor(network, { name, everyMs, count, members }) {
    this.#done = this.#run(network, name, everyMs, count, members)
  }

  async #run(network, name, everyMs, count, members) {
    for (let at = 0; this.#isRunning; at += 1) {
      const up = members ?? network.up
      const texts = Array.from({ length: count }, (_, item) => `${name} ${at}/${item}`)
      if (up.length > 0) {
        network
          .ask(up[at % up.length], { type: 'submit', texts })
          .then(taken => {
            if (!Array.isArray(taken)) return
            this.acknowledged.push(...texts.filter((_, item) => taken[item]))
          })
          .catch(() => {})
      }
      await sleep(everyMs)
    }
  }

  async stop() {
    this.#isRunning = false
    await this.#done
    await sleep(100)
  }
}

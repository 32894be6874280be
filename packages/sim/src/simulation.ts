/**
 * One run: members, what is pending between them, and who watches.
 */
import {
  type Committee,
  committee,
  type Fault,
  type Outgoing,
  type PeerIndex,
  type Protocol,
  type ProtocolDefinition,
  type Step,
} from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { type PuppetStrings, puppet } from './adversaries/puppet.js'
import type { Adversary } from './adversary.js'
import { CorrectMember } from './correct-member.js'
import { CorruptMember } from './corrupt-member.js'
import { CrashingMember } from './crashing-member.js'
import { type Delivery, delivery, inputEvent, type SimEvent } from './event.js'
import { type Instance, instantiate } from './instance.js'
import type { Host, Member } from './member.js'
import { type Random, seededRandom } from './random.js'
import type { Cost, ObservedFault, Run, RunState, Violation } from './run.js'
import { RunHash } from './run-hash.js'
import type { Queue, Schedule } from './schedule.js'
import { contentAware } from './schedules/content-aware.js'
import { randomOrder } from './schedules/orders.js'
import type { SimulateOptions } from './simulate.js'
import { Tally } from './tally.js'
import { Trace } from './trace.js'
import { Watchers } from './watchers.js'

/** A run in progress; `run` is called once. */
export class Simulation<Params extends { readonly committee: Committee }, Input, Message, Output>
  implements Host<Input, Message, Output>, RunState<Input, Message, Output>
{
  readonly n: number
  readonly f: number
  readonly encoded: boolean
  readonly correct: readonly PeerIndex[]
  readonly inputs: Input[][]
  readonly outputs: Output[][]
  quiescent = false
  readonly #options: SimulateOptions<Params, Input, Message, Output>
  readonly #random: Random
  readonly #latency: Random
  readonly #committees: readonly Committee[]
  #codec: Codec<Message> | undefined
  readonly #queue: Queue<SimEvent<Input, Message>>
  readonly #members: readonly Member<Input, Message>[]
  readonly #observers: readonly Member<Input, Message>[]
  /** What is on its way, for adversaries that look; undefined if none does. */
  readonly #visible: Map<number, Delivery<Message>> | undefined
  readonly #trace: Trace
  readonly #watchers: Watchers<Input, Message, Output>
  readonly #violations: Violation[] = []
  readonly #tally: Tally
  readonly #hash = new RunHash()
  readonly #scheduleName: string
  /** Of the protocol, once a definition was made. */
  #name = ''
  /** How many outputs the copies in bad hands gave, per member. */
  readonly #copyOutputs = new Map<PeerIndex, number>()
  #nextId = 0
  #events = 0
  #nowMs = 0
  readonly #isByzantine: readonly boolean[]

  constructor(options: SimulateOptions<Params, Input, Message, Output>) {
    const { n, seed, byzantine = {} } = options
    this.#options = options
    const schedule = scheduleOf<Input, Message>(options.schedule)
    this.#scheduleName = schedule.name
    this.#random = seededRandom(seed)
    this.#latency = this.#random.fork('latency')
    this.#committees = Array.from({ length: n }, (_, self) => committee(committeeOptions(options, self)))
    this.n = n
    this.f = this.committee(0 as PeerIndex).f
    this.encoded = options.encoded ?? false
    const { peers } = this.committee(0 as PeerIndex)
    this.#isByzantine = peers.map(peer => byzantine[peer] !== undefined)
    this.correct = peers.filter(peer => !this.#isByzantine[peer])
    this.#checkByzantine(byzantine)
    this.inputs = peers.map(() => [])
    this.outputs = peers.map(() => [])
    this.#tally = new Tally(n)
    this.#trace = new Trace(options.traceLines ?? 20)
    this.#queue = schedule.create<SimEvent<Input, Message>>({
      n,
      random: this.#random.fork('schedule'),
      count: kind => this.count(kind),
    })
    this.#members = peers.map(peer => this.#member(peer))
    this.#observers = this.#members.filter(member => member instanceof CorruptMember && member.observing)
    this.#visible = this.#observers.length > 0 ? new Map() : undefined
    this.#watchers = new Watchers(options.invariants ?? [], this, (invariant, detail) =>
      this.#violations.push({ invariant, detail, line: this.line }),
    )
  }

  /** What this run is, in one line to paste. */
  get line(): string {
    const { seed, byzantine = {}, encoded } = this.#options
    const cast = Object.entries(byzantine).map(
      ([index, adversary]) => `${index}:${adversaryOf(adversary).name}`,
    )
    return [
      `seed=${seed} n=${this.n} f=${this.f} protocol=${this.#name} schedule=${this.#scheduleName}`,
      ...(cast.length > 0 ? [`byz=${cast.join(',')}`] : []),
      ...(encoded ? ['encoded'] : []),
      ...(this.#options.crashes ? ['crashes'] : []),
    ].join(' ')
  }

  get faults(): readonly ObservedFault[] {
    return this.#tally.faults
  }

  get cost(): Cost {
    return this.#tally.cost
  }

  isCorrect(index: number): boolean {
    return this.#isByzantine[index] === false
  }

  instance(index: number): Protocol<Input, Message> | undefined {
    const member = this.#members[index]
    return member instanceof CorrectMember || member instanceof CrashingMember
      ? member.instance.protocol
      : undefined
  }

  run(): Run<Input, Message, Output> {
    for (const { self } of this.#committees) {
      const input = this.#options.inputs(self)
      if (input !== undefined) this.#give(self, input)
    }
    const max = this.#options.deliveriesMax ?? 1_000_000
    while (this.#violations.length === 0 && this.#events < max) {
      const event = this.#queue.next() ?? this.#wakeIdle()
      if (event === undefined) {
        this.quiescent = true
        break
      }
      this.#happen(event)
    }
    if (this.#violations.length === 0) this.#watchers.end()
    return this.#outcome()
  }

  get codec(): Codec<Message> {
    if (this.#codec === undefined) this.#define(0 as PeerIndex, this.#random.fork('codec'))
    return this.#codec as Codec<Message>
  }

  committee(index: PeerIndex): Committee {
    return this.#committees[index] as Committee
  }

  post(from: PeerIndex, to: PeerIndex | 'all', message: Message, encoding: Uint8Array | undefined): void {
    if (to !== 'all') {
      this.#postOne(from, to, message, encoding)
      return
    }
    for (let peer = 0; peer < this.n; peer += 1) {
      if (peer !== from) this.#postOne(from, peer as PeerIndex, message, encoding)
    }
  }

  settle(index: PeerIndex, step: Step<Message, Output>): void {
    for (const outgoing of step.messages) {
      const bytes = this.encoded ? this.codec.encode(outgoing.message) : undefined
      this.#charge(outgoing, bytes)
      this.post(index, outgoing.to, outgoing.message, bytes)
    }
    for (const fault of step.faults) this.#blame(index, fault)
    for (const output of step.outputs) this.#output(index, output)
  }

  given(index: PeerIndex, input: Input): void {
    this.inputs[index]?.push(input)
    this.#options.onInput?.({ ...this.#hook(index), input })
  }

  copyOutput(index: PeerIndex, output: Output): void {
    const before = this.#copyOutputs.get(index) ?? 0
    this.#copyOutputs.set(index, before + 1)
    this.#options.onOutput?.({ ...this.#hook(index), output, position: before })
  }

  threw(index: PeerIndex, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#violations.push({
      invariant: 'handlers-are-total',
      detail: `member ${index}: ${detail}`,
      line: this.line,
    })
  }

  create(index: PeerIndex, random: Random): Instance<Input, Message, Output> {
    const seen = this.committee(index)
    const params = this.#options.params?.(seen) ?? ({ committee: seen } as Params)
    return instantiate(this.#define(index, random), params)
  }

  sendLogged(
    index: PeerIndex,
    outgoing: Outgoing<Message>,
    bytes: Uint8Array,
    time: 'first' | 'again',
  ): void {
    this.#watchers.sent(index, outgoing, bytes)
    if (time === 'again') this.count('resent')
    else this.#charge(outgoing, bytes)
    this.post(index, outgoing.to, outgoing.message, bytes)
  }

  restarted(index: PeerIndex, lost: string | undefined): void {
    this.#watchers.restarted(index, lost)
    this.#options.onRestart?.(this.#hook(index))
  }

  requeue(event: SimEvent<Input, Message>): void {
    this.#enqueue(event)
    if (event.type === 'message') this.#visible?.set(event.id, event)
  }

  powerCut(): void {
    for (const member of this.#members) {
      if (member instanceof CrashingMember && !member.spent) member.crash('power-cut')
    }
  }

  note(text: string): void {
    this.#trace.add(`! ${text}`)
  }

  pending(): Iterable<Delivery<Message>> {
    return this.#visible?.values() ?? []
  }

  count(kind: string): void {
    this.#tally.count(kind)
  }

  #member(index: PeerIndex): Member<Input, Message> {
    const { byzantine = {}, crashes } = this.#options
    const own = this.#random.fork(`node ${index}`)
    const adversary = byzantine[index]
    if (adversary !== undefined) {
      return new CorruptMember(
        index,
        adversaryOf(adversary),
        this.#random.fork(`adversary ${index}`),
        own,
        this,
      )
    }
    if (crashes === undefined) return new CorrectMember(index, own, this)
    return new CrashingMember(index, this.#random.fork(`crashes ${index}`), own, crashes, this)
  }

  #define(index: PeerIndex, random: Random): ProtocolDefinition<Params, Input, Message, Output> {
    const definition = this.#options.protocol({ index, random })
    this.#name = definition.name
    this.#codec ??= definition.codec({ n: this.n })
    return definition
  }

  #charge({ to, message }: Outgoing<Message>, bytes: Uint8Array | undefined): void {
    const copies = to === 'all' ? this.n - 1 : 1
    const size = this.encoded && bytes !== undefined ? bytes.length : 0
    const { round } = this.#options
    this.#tally.sent(copies, size, round === undefined ? 0 : (round(message) ?? 0))
  }

  #checkByzantine(byzantine: Readonly<Record<number, unknown>>): void {
    const named = Object.keys(byzantine).map(Number)
    if (named.some(index => this.#isByzantine[index] === undefined)) {
      throw new RangeError(`simulate: need Byzantine members below n=${this.n}, got ${named.join(', ')}`)
    }
    if (named.length > this.f && !this.#options.unsafe) {
      throw new RangeError(`simulate: need at most f=${this.f} Byzantine members, got ${named.length}`)
    }
  }

  #give(index: PeerIndex, input: Input): void {
    const depth = this.#members[index]?.depth ?? 0
    this.#enqueue(inputEvent(this.#nextId++, index, input, depth, this.#arrival()))
  }

  #postOne(from: PeerIndex, to: PeerIndex, message: Message, encoding: Uint8Array | undefined): void {
    const depth = (this.#members[from] as Member<Input, Message>).depth + 1
    const bytes = this.encoded ? encoding : undefined
    const event = delivery(this.#nextId++, from, to, message, bytes, encoding, depth, this.#arrival())
    this.#enqueue(event)
    if (this.#visible === undefined) return
    this.#visible.set(event.id, event)
    if (!this.#isByzantine[from])
      for (const observer of this.#observers) observer.observe?.({ what: 'sent', event })
  }

  #enqueue(event: SimEvent<Input, Message>): void {
    this.#queue.add(event, this.#nowMs)
  }

  /** Messages take 1 to 100 ms unless the schedule knows better. */
  #arrival(): number {
    return this.#nowMs + 1 + this.#latency.u32() * (99 / 2 ** 32)
  }

  #happen(event: SimEvent<Input, Message>): void {
    this.#events += 1
    if (event.atMs > this.#nowMs) this.#nowMs = event.atMs
    this.#trace.add(event)
    this.#hash.add(event)
    if (event.type === 'message') this.#arriving(event)
    const member = this.#members[event.to] as Member<Input, Message>
    member.take(event)
  }

  #arriving(event: Delivery<Message>): void {
    this.#tally.arrived(event)
    if (this.#visible === undefined) return
    this.#visible.delete(event.id)
    if (!this.#isByzantine[event.to]) {
      for (const observer of this.#observers) observer.observe?.({ what: 'delivered', event })
    }
  }

  /** Nothing is pending: whoever waited for that may send now. */
  #wakeIdle(): SimEvent<Input, Message> | undefined {
    for (const member of this.#members) member.idle?.()
    return this.#queue.next()
  }

  #blame(by: PeerIndex, fault: Fault): void {
    this.#tally.blame(by, fault)
    this.#watchers.fault(by, fault)
  }

  #output(index: PeerIndex, output: Output): void {
    const outputs = this.outputs[index] as Output[]
    outputs.push(output)
    this.#tally.output((this.#members[index] as Member<Input, Message>).depth)
    this.#watchers.output(index, output, outputs.length - 1)
    this.#options.onOutput?.({ ...this.#hook(index), output, position: outputs.length - 1 })
  }

  #hook(index: PeerIndex): {
    readonly index: PeerIndex
    readonly correct: boolean
    give(input: Input, at?: number): void
  } {
    return {
      index,
      correct: this.isCorrect(index),
      give: (input, at = index) => this.#give(at as PeerIndex, input),
    }
  }

  #outcome(): Run<Input, Message, Output> {
    return {
      n: this.n,
      f: this.f,
      correct: this.correct,
      isCorrect: index => this.isCorrect(index),
      inputs: this.inputs,
      outputs: this.outputs,
      faults: this.faults,
      cost: this.cost,
      quiescent: this.quiescent,
      instance: index => this.instance(index),
      line: this.line,
      violations: this.#violations,
      trace: this.#trace.lines(),
      traceHash: this.#hash.digest([this.outputs, this.faults, this.cost, this.#nowMs]),
      injected: this.#tally.injected,
      virtualMs: this.#nowMs,
    }
  }
}

const scheduleOf = <Input, Message>(
  schedule: Schedule<Input, Message> | ((event: SimEvent<Input, Message>) => number) = randomOrder(),
): Schedule<Input, Message> => (typeof schedule === 'function' ? contentAware(schedule) : schedule)

const adversaryOf = <Input, Message>(
  adversary: Adversary<Input, Message> | PuppetStrings<Input, Message>,
): Adversary<Input, Message> => (typeof adversary === 'function' ? puppet(adversary) : adversary)

const committeeOptions = ({ n, f }: { readonly n: number; readonly f?: number }, self: number) =>
  f === undefined ? { n, self } : { n, f, self }

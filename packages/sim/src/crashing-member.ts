import { InvariantViolation, type Outgoing, type PeerIndex, type Step } from '@mc/protocol'
import { undecodable } from './correct-member.js'
import { CRASH_POINTS, type CrashOptions, type CrashPoint } from './crashes.js'
import { DrawLog } from './draw-log.js'
import type { Delivery, SimEvent } from './event.js'
import type { Instance } from './instance.js'
import { arrived, type Host, type Member } from './member.js'
import type { Random } from './random.js'
import { sameValue } from './same-value.js'
import { simulatedDisk } from './simulated-disk.js'
import { checksum, type Turn, type TurnCause, TurnLog } from './turn-log.js'

/**
 * A member that follows the protocol, loses power now and then, and comes back with what its log kept.
 *
 * Each turn: handle, append to the log, sync, send. On restart the log is played into a fresh instance, whose messages must
 * be those that were sent before.
 */
export class CrashingMember<Input, Message, Output> implements Member<Input, Message> {
  instance: Instance<Input, Message, Output>
  depth = 0
  readonly #index: PeerIndex
  readonly #host: Host<Input, Message, Output>
  readonly #options: CrashOptions
  readonly #random: Random
  readonly #draws: DrawLog
  readonly #log: TurnLog
  readonly #crashDisk: () => void
  readonly #inputs: Input[] = []
  /** Fingerprints of all that was sent, in order, each once however often it was sent again. */
  #sent: number[] = []
  #outputs: Output[] = []
  /** How many turns had all their effects. */
  #settledTurns = 1
  #turns = 0
  #crashes = 0
  /** What arrived while the power was off, and how much of it brings the member back; undefined while it runs. */
  #down: { readonly waiting: SimEvent<Input, Message>[]; readonly until: number } | undefined

  constructor(
    index: PeerIndex,
    random: Random,
    own: Random,
    options: CrashOptions,
    host: Host<Input, Message, Output>,
  ) {
    this.#index = index
    this.#host = host
    this.#options = options
    this.#random = random
    this.#draws = new DrawLog(own)
    const newDisk = options.disk ?? ((seed, count) => simulatedDisk(seed, { count }))
    const disk = newDisk(random.fork('disk'), kind => host.count(kind))
    this.#crashDisk = () => disk.crash()
    this.#log = new TurnLog(disk)
    this.instance = host.create(index, this.#draws.random())
    this.#begin(this.#draws.take().draws)
  }

  take(event: SimEvent<Input, Message>): void {
    if (this.#down !== undefined) {
      this.#down.waiting.push(event)
      if (this.#down.waiting.length >= this.#down.until) this.#restart()
      return
    }
    if (event.depth > this.depth) this.depth = event.depth
    if (event.type === 'input') this.#turn(event, this.#causeOfInput(event.input), undefined)
    else this.#receive(event)
  }

  /** Whether it has crashed as often as it may at random. */
  get spent(): boolean {
    return this.#crashes >= (this.#options.max ?? 10)
  }

  /** Nothing else is pending. */
  idle(): void {
    if (this.#down !== undefined) this.#restart()
  }

  /** The power fails; `unfinished` was not acknowledged, so it will be delivered again. */
  crash(why: string, unfinished?: SimEvent<Input, Message>): void {
    if (this.#down !== undefined) return
    this.#crashes += 1
    this.#host.count(`crash-${why}`)
    this.#host.note(`${this.#index} crashes: ${why}`)
    this.#crashDisk()
    this.#down = {
      waiting: unfinished === undefined ? [] : [unfinished],
      until: this.#random.below((this.#options.downMax ?? 20) + 1),
    }
  }

  #causeOfInput(input: Input): TurnCause {
    const known = this.#inputs.indexOf(input)
    if (known >= 0) return { type: 'input', number: known }
    this.#inputs.push(input)
    return { type: 'input', number: this.#inputs.length - 1 }
  }

  /** A message is a turn, unless its bytes say nothing, and then nothing has to be remembered. */
  #receive(event: Delivery<Message>): void {
    const { codec } = this.#host
    const arrival = arrived(codec, event)
    if ('undecodable' in arrival) {
      this.#host.settle(this.#index, undecodable(event.from, arrival.undecodable))
      return
    }
    const { message } = arrival
    const bytes = event.encoding ?? codec.encode(message)
    this.#turn(event, { type: 'message', from: event.from, bytes }, message)
  }

  // handle → append → sync → send, and the power may fail between any two of them.
  #turn(event: SimEvent<Input, Message>, cause: TurnCause, message: Message | undefined): void {
    const point = this.#crashPoint()
    const step = this.#handle(cause, message)
    if (step === undefined) return
    const { draws } = this.#draws.take()
    if (point !== 'before-append') this.#log.append({ cause, draws })
    const unsynced = point === 'before-append' || point === 'before-sync'
    if (!unsynced) this.#log.sync()
    if (point === 'mid-send') this.#send(step.messages.slice(0, this.#random.below(step.messages.length + 1)))
    if (point === undefined || point === 'after-send') this.#settle(cause, step)
    if (point !== undefined) this.crash(point, unsynced ? event : undefined)
    else if (this.#random.chance(this.#options.powerCutProbability ?? 0)) this.#host.powerCut()
  }

  #crashPoint(): CrashPoint | undefined {
    const planned = this.#options.plan?.(this.#index, this.#turns)
    this.#turns += 1
    if (planned !== undefined || this.spent) return planned
    return this.#random.chance(this.#options.probability ?? 0) ? this.#random.pick(CRASH_POINTS) : undefined
  }

  /** Lives through a turn: for the first time with the message that arrived, later with what the log says. */
  #handle(cause: TurnCause, message?: Message): Step<Message, Output> | undefined {
    try {
      return this.#run(cause, message)
    } catch (error) {
      if (cause.type === 'input' && !(error instanceof InvariantViolation)) throw error
      this.#host.threw(this.#index, error)
      return undefined
    }
  }

  #run(cause: TurnCause, message: Message | undefined): Step<Message, Output> {
    const { driven } = this.instance
    if (cause.type === 'created') return EMPTY
    if (cause.type === 'input') return driven.input(this.#inputs[cause.number] as Input)
    return driven.message(cause.from, message ?? this.#host.codec.decode(cause.bytes))
  }

  #settle(cause: TurnCause, step: Step<Message, Output>): void {
    this.#send(step.messages)
    this.#outputs.push(...step.outputs)
    this.#settledTurns += 1
    this.#show(cause, step)
  }

  /** Everything but the messages. */
  #show(cause: TurnCause, step: Step<Message, Output>): void {
    this.#host.settle(this.#index, { messages: EMPTY.messages, outputs: step.outputs, faults: step.faults })
    if (cause.type === 'input') this.#host.given(this.#index, this.#inputs[cause.number] as Input)
  }

  #send(messages: readonly Outgoing<Message>[]): void {
    for (const outgoing of messages) {
      const bytes = this.#host.codec.encode(outgoing.message)
      this.#sent.push(fingerprint(outgoing, bytes))
      this.#host.sendLogged(this.#index, outgoing, bytes, 'first')
    }
  }

  #restart(): void {
    const waiting = this.#down?.waiting ?? []
    this.#down = undefined
    const turns = this.#log.recover()
    this.#host.count('restart')
    this.#host.note(`${this.#index} restarts with ${turns.length} turns`)
    const past = new Past(this.#sent, this.#outputs, this.#settledTurns)
    const lost = past.contradictedBy(this.#replay(turns, past))
    this.#host.restarted(this.#index, lost)
    for (const event of waiting) if (!this.#survived(event, turns, past)) this.#host.requeue(event)
  }

  /** An input that was logged although nobody was told so must not be given twice. A message may well arrive twice. */
  #survived(event: SimEvent<Input, Message>, turns: readonly Turn[], past: Past<Output>): boolean {
    const last = turns.at(-1)?.cause
    return (
      event.type === 'input' &&
      turns.length > past.turns &&
      last?.type === 'input' &&
      this.#inputs[last.number] === event.input
    )
  }

  /** Plays the log into a fresh instance, sends what it says, and shows the turns that had not been shown. */
  #replay([created, ...turns]: readonly Turn[], past: Past<Output>): Relived<Output> {
    this.#sent = []
    this.#outputs = []
    this.#settledTurns = 1
    this.#draws.replay(created?.draws ?? [])
    this.instance = this.#host.create(this.#index, this.#draws.random())
    const { draws, unused } = this.#draws.take()
    if (created === undefined) this.#begin(draws)
    let unusedDraws = unused
    for (const turn of turns) {
      this.#draws.replay(turn.draws)
      const step = this.#handle(turn.cause)
      unusedDraws += this.#draws.take().unused
      if (step !== undefined) this.#relive(turn.cause, step, past)
    }
    return { sent: [...this.#sent], outputs: [...this.#outputs], unusedDraws }
  }

  #relive(cause: TurnCause, step: Step<Message, Output>, past: Past<Output>): void {
    this.#sendAgain(step.messages, past.sent.length)
    this.#outputs.push(...step.outputs)
    this.#settledTurns += 1
    if (this.#settledTurns > past.turns) this.#show(cause, step)
  }

  #begin(draws: readonly number[]): void {
    this.#log.append({ cause: { type: 'created' }, draws })
    this.#log.sync()
  }

  #sendAgain(messages: readonly Outgoing<Message>[], sentBefore: number): void {
    for (const outgoing of messages) {
      const bytes = this.#host.codec.encode(outgoing.message)
      const again = this.#sent.length < sentBefore
      this.#sent.push(fingerprint(outgoing, bytes))
      if (!again) this.#host.sendLogged(this.#index, outgoing, bytes, 'first')
      else if (this.#options.resend !== false) this.#host.sendLogged(this.#index, outgoing, bytes, 'again')
    }
  }
}

const EMPTY: Step<never, never> = { messages: [], outputs: [], faults: [] }

const fingerprint = ({ to }: Outgoing<unknown>, bytes: Uint8Array): number =>
  checksum(bytes) * 0x10000 + (to === 'all' ? 0xffff : to)

/** What a log re-created. */
interface Relived<Output> {
  readonly sent: readonly number[]
  readonly outputs: readonly Output[]
  readonly unusedDraws: number
}

/** What a member had shown to others before it crashed. */
class Past<Output> {
  readonly sent: readonly number[]
  readonly outputs: readonly Output[]
  readonly turns: number

  constructor(sent: readonly number[], outputs: readonly Output[], turns: number) {
    this.sent = sent
    this.outputs = outputs
    this.turns = turns
  }

  /** What of it the member now contradicts or has forgotten, in words. */
  contradictedBy({ sent, outputs, unusedDraws }: Relived<Output>): string | undefined {
    const differs = this.sent.findIndex((known, at) => known !== sent[at])
    if (differs >= sent.length)
      return `re-created ${sent.length} of the ${this.sent.length} messages it had sent`
    if (differs >= 0) return `re-created another message ${differs} than it had sent`
    if (unusedDraws > 0) return `drew ${unusedDraws} random numbers fewer than before`
    const output = this.outputs.findIndex((known, at) => !sameValue(known, outputs[at]))
    return output >= 0 ? `re-created another output ${output} than it had given` : undefined
  }
}

/**
 * Members that crash and links that break: what was on its way is lost, who comes back replays its log, who is too far behind
 * copies blocks from others.
 *
 * Links fail as real ones do: everything in flight is lost, what is sent meanwhile too, and both ends hear `connected` when the
 * link is up again. In the end everything heals.
 */
import {
  type Committee,
  committee,
  type Driven,
  drive,
  type Epoch,
  epoch,
  faultsTolerated,
  type PeerIndex,
  peer,
  type Step,
} from '@mc/protocol'
import { type Codec, hex } from '@mc/protocol/wire'
import { type Random, seededRandom } from '@mc/sim'
import type { AtomicBroadcast, AtomicBroadcastInput, AtomicBroadcastOutput } from '../atomic-broadcast.js'
import { Batches, payloadOf } from './batches.js'
import { LoggedBits } from './logged-bits.js'
import { Proposing } from './proposing.js'

/** What a flaky run is made of. */
export interface FlakyOptions<Message> {
  readonly make: (setting: { readonly rng: LoggedBits }) => AtomicBroadcast<Message>
  readonly n: number
  readonly seed: number
  readonly epochCount: number
  /** How many proposals every batch must hold among n members. */
  readonly slots: (n: number) => number
  /** The last so many members never say anything. */
  readonly silent: number
  /** Only the first member proposes by itself. */
  readonly lazy: boolean
  /** Messages that a replay of the end of a log may say anew. */
  readonly mayVary: (message: Message) => boolean
}

/** How a flaky run ended. */
export interface FlakyOutcome {
  /** What went wrong, in words; empty if all laws held. */
  readonly wrong: readonly string[]
  readonly crashes: number
  readonly lostMessages: number
  readonly catchUps: number
  /** Proposals that were delivered by a later epoch than their own. */
  readonly linked: number
}

/** Runs it: trouble at first, then none, until nothing is on its way. */
export const flakyRun = <Message>(options: FlakyOptions<Message>): FlakyOutcome =>
  new FlakyNetwork(options).run()

type Running<Message> = Driven<AtomicBroadcastInput, Message, AtomicBroadcastOutput>

type LogEntry<Message> =
  | { readonly input: AtomicBroadcastInput }
  | { readonly from: PeerIndex; readonly message: Message }

/** One correct member: what is running, and what survives a crash. */
interface Member<Message> {
  readonly self: PeerIndex
  readonly definition: AtomicBroadcast<Message>
  readonly log: LogEntry<Message>[]
  readonly said: Set<string>
  readonly proposing: Proposing
  firstEpoch: Epoch
  running: Running<Message> | undefined
  /** The epoch that it has to catch up to by blocks. */
  behind: number
}

interface InFlight {
  readonly from: PeerIndex
  readonly to: PeerIndex
  readonly bytes: Uint8Array
}

/** How long trouble lasts, for each link and epoch. */
const STEPS_PER_LINK = 25

const DELIVERIES_MAX = 400_000

class FlakyNetwork<Message> {
  readonly #options: FlakyOptions<Message>
  readonly #random: Random
  readonly #members: readonly Member<Message>[]
  readonly #codec: Codec<Message>
  readonly #batches: Batches
  #inFlight: InFlight[] = []
  /** Links that are down, as `low-high`. */
  readonly #down = new Set<string>()
  readonly #wrong: string[] = []
  #crashes = 0
  #lost = 0
  #catchUps = 0

  constructor(options: FlakyOptions<Message>) {
    const { n, silent, epochCount, seed } = options
    this.#options = options
    this.#random = seededRandom(`flaky ${n} ${seed}`)
    const correct = n - silent
    this.#members = Array.from({ length: correct }, (_, index) => this.#member(peer(index)))
    this.#codec = this.#of(peer(0)).definition.codec({ n })
    this.#batches = new Batches({
      n,
      slots: options.slots(n),
      epochCount,
      isCorrect: index => index < correct,
    })
  }

  run(): FlakyOutcome {
    for (const member of this.#members) this.#start(member)
    const { epochCount, n } = this.#options
    for (let step = 0; step < STEPS_PER_LINK * n * n * epochCount && this.#wrong.length === 0; step += 1)
      this.#trouble()
    this.#heal()
    let left = DELIVERIES_MAX
    while (this.#wrong.length === 0 && left > 0 && this.#deliverOne()) left -= 1
    const waiting = this.#batches.waiting(this.#members.map(({ self }) => self))
    if (waiting !== undefined && this.#wrong.length === 0) this.#wrong.push(waiting)
    return {
      wrong: this.#wrong,
      crashes: this.#crashes,
      lostMessages: this.#lost,
      catchUps: this.#catchUps,
      linked: this.#batches.linkedCount,
    }
  }

  #trouble(): void {
    const random = this.#random
    const [member, other] = [random.pick(this.#members), random.pick(this.#members)]
    const dice = random.below(1000)
    if (dice < 4) this.#cut(member.self, other.self)
    else if (dice < 8) this.#mendAny()
    else if (dice < 9) this.#crash(member)
    else if (dice < 20 && member.running === undefined) this.#restart(member)
    else this.#deliverOne()
  }

  #heal(): void {
    for (const member of this.#members) if (member.running === undefined) this.#restart(member)
    while (this.#down.size > 0) this.#mendAny()
  }

  #deliverOne(): boolean {
    this.#catchUp()
    if (this.#inFlight.length === 0) return false
    const at = this.#random.below(this.#inFlight.length)
    const { from, to, bytes } = this.#inFlight[at] as InFlight
    this.#inFlight[at] = this.#inFlight.at(-1) as InFlight
    this.#inFlight.pop()
    const message = this.#codec.decode(bytes)
    this.#apply(this.#of(to), { from, message })
    return true
  }

  // Whoever is behind copies what another member that runs has agreed on, and goes on from there.
  #catchUp(): void {
    for (const member of this.#members) {
      if (member.running === undefined || this.#batches.over(member.self) >= member.behind) continue
      const furthest = Math.max(
        ...this.#members.filter(({ running }) => running).map(({ self }) => this.#batches.over(self)),
      )
      if (furthest < member.behind) continue
      this.#catchUps += 1
      this.#batches.skip(member.self, furthest)
      member.proposing.over(epoch(furthest - 1))
      const links = this.#batches.linksBefore(furthest)
      const input = { type: 'advance', epoch: epoch(furthest), ...(links && { links }) } as const
      this.#apply(member, { input })
    }
  }

  #cut(a: PeerIndex, b: PeerIndex): void {
    if (a === b) return
    this.#down.add(linkOf(a, b))
    const before = this.#inFlight.length
    this.#inFlight = this.#inFlight.filter(({ from, to }) => linkOf(from, to) !== linkOf(a, b))
    this.#lost += before - this.#inFlight.length
  }

  #mendAny(): void {
    const links = [...this.#down].filter(link => endsOf(link).every(end => this.#of(end).running))
    if (links.length === 0) return
    const link = this.#random.pick(links)
    this.#down.delete(link)
    const [a, b] = endsOf(link) as [PeerIndex, PeerIndex]
    this.#apply(this.#of(a), { input: { type: 'connected', peer: b } })
    this.#apply(this.#of(b), { input: { type: 'connected', peer: a } })
  }

  #crash(member: Member<Message>): void {
    if (member.running === undefined) return
    this.#crashes += 1
    member.running = undefined
    for (const { self } of this.#members) this.#cut(member.self, self)
  }

  // The log is replayed, all of it or from the last retired epoch on. What is said then was said before, to the byte.
  #restart(member: Member<Message>): void {
    const fromStart = this.#random.bit() === 1
    const driven = fromStart ? this.#create(member, epoch(0)) : this.#resume(member)
    for (const entry of member.log) {
      const step = 'input' in entry ? driven.input(entry.input) : driven.message(entry.from, entry.message)
      for (const { message } of step.messages) {
        if (fromStart || !this.#options.mayVary(message)) this.#checkSaid(member, message)
      }
      for (const output of step.outputs) {
        if (output.type === 'batch') this.#note(this.#batches.again(member.self, output))
      }
    }
    member.running = driven
    this.#propose(member)
  }

  #checkSaid({ self, said }: Member<Message>, message: Message): void {
    const bytes = hex(this.#codec.encode(message))
    if (!said.has(bytes)) this.#wrong.push(`contradiction: member ${self} says ${bytes} only in a replay`)
  }

  #apply(member: Member<Message>, entry: LogEntry<Message>): void {
    if (member.running === undefined) return
    member.log.push(entry)
    const step =
      'input' in entry ? member.running.input(entry.input) : member.running.message(entry.from, entry.message)
    this.#settle(member, step)
    this.#propose(member)
  }

  #settle(
    member: Member<Message>,
    { messages, outputs, faults }: Step<Message, AtomicBroadcastOutput>,
  ): void {
    for (const { to, message } of messages) {
      const bytes = this.#codec.encode(message)
      member.said.add(hex(bytes))
      for (const { self } of this.#members)
        if (to === 'all' || to === self) this.#post(member.self, self, bytes)
    }
    for (const output of outputs) this.#take(member, output)
    for (const { rule, peer, detail } of faults) {
      if (peer === undefined || peer < this.#members.length) {
        this.#wrong.push(`blame: member ${member.self} blames member ${peer} of ${rule} ${detail}`)
      }
    }
  }

  #take(member: Member<Message>, output: AtomicBroadcastOutput): void {
    switch (output.type) {
      case 'batch':
        this.#note(this.#batches.output(member.self, output))
        member.proposing.batch(output)
        break
      case 'wanted':
        member.proposing.wanted(output.epoch)
        break
      case 'behind':
        member.behind = output.epoch
        break
      case 'retired':
        member.firstEpoch = output.epoch
        break
    }
  }

  #propose(member: Member<Message>): void {
    for (;;) {
      const next = member.proposing.take()
      if (next === undefined) return
      member.proposing.given(next)
      this.#apply(member, { input: member.proposing.input(next, payloadOf(member.self, next)) })
    }
  }

  #post(from: PeerIndex, to: PeerIndex, bytes: Uint8Array): void {
    if (from === to) return
    if (this.#down.has(linkOf(from, to))) this.#lost += 1
    else this.#inFlight.push({ from, to, bytes })
  }

  #note(wrong: string | undefined): void {
    if (wrong !== undefined) this.#wrong.push(wrong)
  }

  #of(index: PeerIndex): Member<Message> {
    return this.#members[index] as Member<Message>
  }

  #member(self: PeerIndex): Member<Message> {
    const { make, epochCount, lazy } = this.#options
    const definition = make({ rng: new LoggedBits(this.#random.fork(`member ${self}`)) })
    const eager = !lazy || self === 0
    return {
      self,
      definition,
      log: [],
      said: new Set(),
      proposing: new Proposing({ depth: definition.depth, epochCount, eager }),
      firstEpoch: epoch(0),
      running: undefined,
      behind: 0,
    }
  }

  #start(member: Member<Message>): void {
    member.running = this.#create(member, epoch(0))
    this.#propose(member)
  }

  #resume(member: Member<Message>): Running<Message> {
    return this.#create(member, member.firstEpoch, this.#batches.linksBefore(this.#batches.over(member.self)))
  }

  #create({ definition, self }: Member<Message>, firstEpoch: Epoch, links?: Uint8Array): Running<Message> {
    const { n } = this.#options
    const seen: Committee = committee({ n, f: faultsTolerated(n), self })
    const domain = ['flaky', this.#options.seed]
    return drive(definition, { committee: seen, domain, firstEpoch, ...(links && { links }) })
  }
}

const linkOf = (a: PeerIndex, b: PeerIndex): string => `${Math.min(a, b)}-${Math.max(a, b)}`

const endsOf = (link: string): PeerIndex[] => link.split('-').map(end => peer(Number(end)))

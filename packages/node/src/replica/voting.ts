/**
 * The voting life of a replica: who has greeted it, whether it may vote, and the agreement it votes in.
 */
import { type AtomicBroadcastOutput, epochsBounds } from '@mc/abc'
import { equalBytes } from '@mc/crypto'
import { type Epoch, fPlus1, type PeerIndex } from '@mc/protocol'
import { Consensus } from './consensus.js'
import type { ReplicaContext } from './context.js'
import type { Hello } from './peer-messages.js'
import { otherRules, rulesOf } from './rules-name.js'
import { Standing, type StandingState } from './standing.js'

/** A member greets once per link and configuration, and once more when it begins to vote. */
const HELLOS_MAX = 2

/** What voting tells its replica. */
export interface VotingOptions {
  readonly onOutput: (output: AtomicBroadcastOutput) => void
  /** From now on we vote. */
  readonly onBegin: () => void
}

/** Greets, and votes as soon as that contradicts nothing. */
export class Voting<State> {
  readonly #context: ReplicaContext<State>
  readonly #options: VotingOptions
  readonly #epochsTaken: number
  readonly #standing: Standing
  readonly #connected = new Set<PeerIndex>()
  /** Hellos of each peer on its link, as long as they are in order. */
  readonly #greeted = new Map<PeerIndex, number>()
  /** Peers in a later configuration, and how they greeted us there. */
  readonly #ahead = new Map<PeerIndex, Hello>()
  /** Peers that are no members of this network, or run another suite: nothing they say on this link is heard. */
  readonly #refused = new Set<PeerIndex>()
  #consensus: Consensus | undefined
  #quarantineLogged: number | undefined

  constructor(context: ReplicaContext<State>, options: VotingOptions) {
    const { committee, epochs, ledger, replay } = context.options
    this.#context = context
    this.#options = options
    this.#epochsTaken = epochsBounds(epochs).epochsTaken
    const isOver = ledger.nextEpoch >= replay.quarantinedUntil
    this.#quarantineLogged = isOver ? undefined : replay.quarantinedUntil
    this.#standing = new Standing({
      committee,
      logIsWhole: replay.isWhole,
      quarantinedUntil: this.#quarantineLogged,
      epochsTaken: this.#epochsTaken,
    })
  }

  get state(): StandingState {
    return this.#standing.state
  }

  get quarantinedUntil(): number | undefined {
    return this.#standing.quarantinedUntil
  }

  /** The agreement, unless we are quarantined: then we have no part in it. */
  get consensus(): Consensus | undefined {
    return this.#consensus
  }

  /** Who has greeted us, here or from a later configuration: those who can be asked for blocks. */
  get greeted(): readonly PeerIndex[] {
    return [...this.#greeted.keys(), ...this.#ahead.keys()]
  }

  /** What peers in a later configuration said first there: we may get there too. */
  get ahead(): ReadonlyMap<PeerIndex, Hello> {
    return this.#ahead
  }

  /** f + 1 members are in a later configuration: one of them is correct, so this one is over. */
  get isLeft(): boolean {
    return this.#ahead.size >= fPlus1(this.#context.options.committee)
  }

  /** Whether we may have spoken in `epoch` or above without knowing what. */
  isUnsureFrom(epoch: number): boolean {
    return this.#standing.isUnsureFrom(epoch)
  }

  /** Hears the log again; returns the epoch to propose for next, as what was proposed once is never proposed again. */
  restore(): number {
    const { ledger, replay } = this.#context.options
    if (this.state === 'quarantined') return ledger.nextEpoch
    this.#consensus = this.#newConsensus(replay.firstEpoch)
    this.#consensus.replay(replay.events)
    this.#standing.onReplayed(this.#consensus.spokenBelow)
    this.#consensus.advance(ledger.nextEpoch as Epoch)
    this.#tryBegin()
    return replay.events.reduce(
      (next, event) => (event.type === 'proposal' ? Math.max(next, event.epoch + 1) : next),
      this.#consensus.current,
    )
  }

  /** A link came up. */
  connected(peer: PeerIndex): void {
    this.#connected.add(peer)
    this.#greet(peer)
  }

  /** A link went down. */
  disconnected(peer: PeerIndex): void {
    this.#connected.delete(peer)
    this.#greeted.delete(peer)
    this.#ahead.delete(peer)
    this.#refused.delete(peer)
  }

  /** Whether this peer is of another network or suite. */
  isRefused(peer: PeerIndex): boolean {
    return this.#refused.has(peer)
  }

  /**
   * A member's hello; false if it is not one of this configuration, or not to be heard any further.
   *
   * Faults reported: `node/other-network`, `node/other-rules`, `node/other-configuration`, `node/other-suite`,
   * `node/repeated-hello`.
   */
  onHello(peer: PeerIndex, hello: Hello): boolean {
    const refusal = this.#refusalOf(hello)
    if (refusal !== undefined) {
      this.#refused.add(peer)
      this.#greeted.delete(peer)
      this.#context.turn().faults.push({ ...refusal, peer })
      return false
    }
    const { index } = this.#context.options.configuration
    if (hello.configuration > index) this.#ahead.set(peer, { ...hello, digest: hello.digest.slice() })
    // Who is in an earlier one will greet us again when it is here.
    return hello.configuration === index && !this.#context.isOver() && this.#onEqual(peer, hello)
  }

  #onEqual(peer: PeerIndex, hello: Hello): boolean {
    const hellos = (this.#greeted.get(peer) ?? 0) + 1
    if (hellos > HELLOS_MAX) {
      // Each hello makes us say again all that the peer may have missed.
      this.#context
        .turn()
        .faults.push({ rule: 'node/repeated-hello', peer, detail: `hello ${hellos} of this link` })
      return false
    }
    this.#standing.onHello(peer, hello.heardBelow)
    if (this.state === 'quarantined') this.#giveUpLog()
    this.#tryBegin()
    this.#greeted.set(peer, hellos)
    if (this.state === 'voting') this.#consensus?.connected(peer)
    return true
  }

  /** A member has no certified block that follows our last one. */
  onNothingMore(member: PeerIndex): void {
    this.#standing.onNothingMore(member, this.#context.options.ledger.nextEpoch)
    const until = this.#standing.quarantinedUntil
    if (until !== undefined && until !== this.#quarantineLogged) {
      this.#quarantineLogged = until
      this.#context.turn().log({ type: 'quarantine', epoch: until as Epoch })
    }
    this.#tryBegin()
  }

  /** The ledger has got blocks that were not agreed here. */
  advance(): void {
    if (this.#context.isOver()) return
    this.#consensus?.advance(this.#context.options.ledger.nextEpoch as Epoch)
    this.#tryBegin()
  }

  #refusalOf(hello: Hello): { readonly rule: string; readonly detail: string } | undefined {
    const { network, suite, rules, digest } = hello
    const { configuration, ledger, suite: ours } = this.#context.options
    if (!equalBytes(network, ledger.network)) {
      return { rule: 'node/other-network', detail: 'its genesis is not ours' }
    }
    if (rules !== rulesOf(ledger)) return otherRules(rules, rulesOf(ledger))
    if (hello.configuration !== configuration.index) return undefined
    if (!equalBytes(digest, this.#context.digest)) {
      const detail = `its configuration ${configuration.index} is not ours: one of us has another history`
      return { rule: 'node/other-configuration', detail }
    }
    if (suite === ours || suite === '') return undefined
    return {
      rule: 'node/other-suite',
      detail: `it runs suite ${suite}, we run ${ours}: both must run the same`,
    }
  }

  // The log turned out to be stale: what was heard again is not all that we said, so none of it is ever repeated.
  #giveUpLog(): void {
    if (this.#consensus === undefined) return
    this.#consensus = undefined
    this.#context.turn().log({ type: 'lost' })
  }

  #greet(peer: PeerIndex): void {
    const { digest, options, turn } = this.#context
    const { ledger, suite } = options
    const { network } = ledger
    const nextEpoch = ledger.nextEpoch as Epoch
    const rules = rulesOf(ledger)
    const configuration = options.configuration.index
    const heardBelow = (this.#consensus?.heardBelow(peer) ?? 0) as Epoch
    turn().send(peer, { type: 'hello', network, configuration, digest, suite, rules, nextEpoch, heardBelow })
  }

  // Our words so far go out only now: until here they were held back, however much of the log was heard again.
  #tryBegin(): void {
    const { ledger } = this.#context.options
    if (!this.#standing.begins(ledger.nextEpoch)) return
    if (this.#consensus === undefined) this.#beginAnew()
    this.#consensus?.unmute()
    for (const peer of this.#greeted.keys()) this.#consensus?.connected(peer)
    this.#options.onBegin()
  }

  // What peers sent before we listened, they send again when we greet them.
  #beginAnew(): void {
    const { ledger } = this.#context.options
    this.#consensus = this.#newConsensus(this.#firstEpoch)
    this.#consensus.advance(ledger.nextEpoch as Epoch)
    for (const peer of this.#connected) this.#greet(peer)
  }

  // A log that is replayed begins here too, and knows by the advance where to go on.
  get #firstEpoch(): number {
    return this.#context.options.configuration.firstEpoch
  }

  #newConsensus(firstEpoch: number): Consensus {
    const { budgets, options, turn } = this.#context
    const { atomicBroadcast, committee, configuration, domain, now } = options
    return new Consensus({
      atomicBroadcast,
      committee,
      domain,
      configuration: configuration.index,
      firstEpoch: firstEpoch as Epoch,
      epochsTaken: this.#epochsTaken,
      budgets,
      now,
      turn,
      onOutput: this.#options.onOutput,
    })
  }
}

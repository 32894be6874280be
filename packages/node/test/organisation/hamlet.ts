/** An organisation of some people on four nodes in this process, with a clock that a test moves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equalBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { memberKey, newMemberSecret, openRing, provePossession } from '@mc/identity'
import type { Genesis, RecordedState } from '@mc/ledger'
import { memoryNetwork } from '@mc/network'
import { Node, type NodeRules, nodeSuite } from '@mc/node'
import { type OrganisationOptions, organisationRules } from '@mc/node/organisation'
import { waterbearQ, waterbearQsQ } from '@mc/presets'
import { hex } from '@mc/protocol/wire'
import {
  Author,
  type Authored,
  type Body,
  organisationGenesisCodec,
  type Program,
  type RingAt,
  type Topic,
  type TopicKind,
  type TopicsState,
} from '@mc/topics'
import { domainNamed, identityCrypto } from './bare-village.js'
import { QUICK } from './village.js'

export const SUITES: readonly string[] = ['waterbear-qs-q', 'waterbear-q']
const REALM = 'hamlet'
const ORG: Uint8Array = crypto.sha256(Buffer.from(REALM))

interface Seat {
  readonly directory: string
  readonly secretKey: Uint8Array
  node: Node | undefined
  rules: NodeRules | undefined
  leave: (() => Promise<void>) | undefined
  readonly failures: string[]
}

export class Hamlet {
  readonly seats: readonly Seat[]
  readonly genesis: Genesis
  readonly people: readonly Author[]
  /** Who decides next: nobody opens more than two topics a week. */
  #next = 0
  readonly #network = memoryNetwork()
  #now = 0

  private constructor(seats: readonly Seat[], genesis: Genesis, people: readonly Author[]) {
    this.seats = seats
    this.genesis = genesis
    this.people = people
  }

  static async found(): Promise<Hamlet> {
    const secretKeys = Array.from({ length: 4 }, () => newMemberSecret(crypto.rng))
    const seats = await Promise.all(
      [0, 1, 2, 3].map(async () => ({
        directory: await mkdtemp(join(tmpdir(), 'mc-hamlet-')),
        secretKey: crypto.rng.bytes(32),
        node: undefined,
        rules: undefined,
        leave: undefined,
        failures: [],
      })),
    )
    const parameters = organisationGenesisCodec.encode({
      org: ORG,
      profile: 'seed',
      founders: secretKeys.map(secretKey => ({
        key: memberKey(secretKey, identityCrypto),
        possession: provePossession(ORG, secretKey, identityCrypto),
      })),
      rules: { general: QUICK, membership: QUICK, constitution: QUICK },
      parameters: { heartbeat: 1, epochLength: 60 },
    })
    const members = seats.map(({ secretKey: key }, at) => {
      const publicKey = crypto.ed25519.publicKey(key)
      return { name: `seat ${at}`, publicKey, addresses: [hex(publicKey)] }
    })
    const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
    const genesis = { name: REALM, time: 0, configuration, rules: { machine: 'topics', parameters } }
    const people = secretKeys.map(
      secretKey => new Author({ secretKey, realm: REALM, org: ORG, crypto: identityCrypto, rng: crypto.rng }),
    )
    return new Hamlet(seats, genesis, people)
  }

  async start(at: number, options: Partial<OrganisationOptions> = {}): Promise<Node> {
    const seat = this.seats[at] as Seat
    const { directory, secretKey } = seat
    seat.rules = await organisationRules({ directory, crypto, secretKey, suites: SUITES, ...options })
    seat.node = await Node.start({
      directory,
      genesis: this.genesis,
      secretKey,
      crypto,
      suite: parts => {
        const { suite } = parts.configuration
        if (suite === 'waterbear-q') return nodeSuite(waterbearQ(parts))
        return nodeSuite(waterbearQsQ(parts))
      },
      transport: this.#network.transport(hex(crypto.ed25519.publicKey(secretKey))),
      machine: seat.rules.machine,
      fsync: false,
      tickMs: 10,
      now: () => this.#now,
      ...(seat.rules.limits && { limits: seat.rules.limits }),
    })
    seat.node.events.on('failure', ({ message }) => seat.failures.push(message))
    seat.leave = seat.rules.attend?.(seat.node)
    return seat.node
  }

  async startAll(options: Partial<OrganisationOptions> = {}): Promise<void> {
    for (const at of this.seats.keys()) await this.start(at, options)
  }

  async stopSeat(at: number): Promise<void> {
    const seat = this.seats[at] as Seat
    await seat.leave?.()
    await seat.node?.stop()
    seat.rules?.stop?.()
    seat.node = undefined
  }

  async stop(): Promise<void> {
    for (const at of this.seats.keys()) await this.stopSeat(at)
    for (const { directory } of this.seats) await rm(directory, { recursive: true, force: true })
  }

  node(at = 0): Node {
    const { node } = this.seats[at] as Seat
    if (node === undefined) throw new Error(`seat ${at} is down`)
    return node
  }

  stateOf(at = 0): TopicsState {
    return (this.node(at).ledger.state as RecordedState<TopicsState>).inner
  }

  topic(id: Uint8Array): Topic {
    return this.stateOf().tables.topics.must(id)
  }

  /** Lets so many seconds pass. */
  async pass(seconds: number): Promise<void> {
    this.#now += 1_000 * seconds
    await this.until(() => (this.node().ledger.tip?.block.time ?? 0) >= this.#now, `${seconds} seconds`)
  }

  async until(done: () => boolean, what: string): Promise<void> {
    for (let rounds = 0; !done(); rounds += 1) {
      if (rounds > 4_000) throw new Error(`${what}: not reached`)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }

  /** Waits until all nodes that are up have the same blocks; gives their one state root. */
  async agree(): Promise<string> {
    const up = this.seats.filter(({ node }) => node !== undefined)
    const roots = (): Set<string> =>
      new Set(up.map(({ node }) => `${node?.status.nextEpoch} ${node?.status.stateRoot}`))
    await this.until(() => roots().size === 1, 'one state')
    return this.node().status.stateRoot
  }

  async act({ id, bytes }: Authored): Promise<void> {
    const [submission] = await this.node().submit([bytes])
    if (submission?.taken !== true) throw new Error(submission?.refusal.rule)
    const { machine } = this.node().ledger
    const key = Buffer.from(id).toString('latin1')
    await this.until(() => machine.isKnown(this.node().ledger.state, key), 'an operation')
  }

  ring(): RingAt {
    const { tables, here } = this.stateOf()
    const keys = tables.members.values().map(({ keys: own }) => own.at(-1)?.key as Uint8Array)
    const ring = openRing({ type: 'members', epoch: here.membershipEpoch, cohort: 0 }, keys, identityCrypto)
    if (ring === undefined) throw new Error('the ring does not open')
    return { ring, revision: here.rings.revision, cohort: 0 }
  }

  as(author: Author, body: Body): Authored {
    const key = `m${Buffer.from(author.member).toString('latin1')}`
    return author.asMember(this.stateOf().tables.actors.at(key)?.seq ?? 0, body)
  }

  /** Somebody decides alone, and waits until the publicity is over. */
  async decide(
    kind: TopicKind,
    domain: 'general' | 'constitution',
    program: Program,
    text = 'so be it',
  ): Promise<Uint8Array> {
    const author = this.people[this.#next % this.people.length] as Author
    this.#next += 1
    const opened = this.as(author, {
      type: 'createTopic',
      domain: domainNamed(domain),
      kind,
      privacy: 'identified',
      title: 'A decision',
      text: { type: 'inline', text: 'as follows' },
      params: { meet: 10, publicity: 10, capacity: 15 },
      target: undefined,
      evidence: [],
      creator: author.member,
    })
    await this.act(opened)
    for (let at = 0; at < 3; at += 1) await this.pass(1)
    const topics = this.stateOf().tables.topics.values()
    const topic = topics.find(({ operation }) => equalBytes(operation, opened.id))?.id as Uint8Array
    const meetings = this.stateOf().tables.meetings.values()
    const meeting = meetings.find(one => equalBytes(one.topic, topic))?.id as Uint8Array
    const words = { type: 'inline', text } as const
    const proposal = this.as(author, {
      ...{ type: 'propose', meeting, text: words, program },
      ...{ parent: undefined, candidacy: undefined },
    })
    await this.act(proposal)
    await this.act(this.as(author, { type: 'vote', meeting, approvals: [proposal.id] }))
    for (let rounds = 0; this.topic(topic).result === undefined; rounds += 1) {
      if (rounds > 90) throw new Error(`it is ${this.topic(topic).state}`)
      await this.pass(rounds < 3 ? 10 : 60)
    }
    return topic
  }
}

/** A village of people with names: what they do, and the blocks in which it comes to pass. */
import { digestKey, domainHash, equalBytes, seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import type { Scope } from '@mc/identity'
import type { Applied, Configuration, Receipt, StateEvent } from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import {
  type Action,
  type Body,
  type BodyOf,
  type DomainParameters,
  type Evidence,
  type Executor,
  type GenesisDomain,
  genesisDomainId,
  type JoinParams,
  type Meeting,
  meetingIdOf,
  memberIdOf,
  type OrganisationGenesis,
  type Participant,
  type Program,
  pair,
  type Signer,
  signedOperationCodec,
  statementCodec,
  statementIds,
  type Topic,
  type TopicsMachine,
  type TopicsState,
  topicIdOf,
  topics,
} from '@mc/topics'
import { fakeExecutor } from './fake-executor.js'
import { type FakeIdentity, fakeIdentity } from './fake-identity.js'

export const { sha256 } = nodeCrypto
export const HOUR = 3_600
export const DAY = 86_400
export const ORG: Uint8Array = sha256(utf8('a village'))
export const REALM = 'village'
export const PARAMS: JoinParams = { meet: DAY, publicity: DAY, capacity: 5 }

/** The same, remembered: thousands of histories are of the same few people. */
function remembered<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return name => {
    const value = known.get(name) ?? make(name)
    known.set(name, value)
    return value
  }
}

export const secretOf: (name: string) => Uint8Array = remembered(name => sha256(utf8(`secret of ${name}`)))
export const nodeSecretOf: (name: string) => Uint8Array = remembered(name =>
  seededRng(`node of ${name}`, sha256).bytes(32),
)
export const nodeKeyOf: (name: string) => Uint8Array = remembered(name =>
  nodeCrypto.ed25519.publicKey(nodeSecretOf(name)),
)
const people = fakeIdentity(sha256)
const keyOf = remembered(name => people.keyOf(secretOf(name)))
const idOf = remembered(name => memberIdOf(keyOf(name), sha256))
export const domainId = (name: GenesisDomain): Uint8Array => genesisDomainId(name, sha256)
export const beaconOf = (epoch: number): Uint8Array => sha256(utf8(`beacon ${epoch}`))

export interface VillageOptions {
  /** How many people, or their names. */
  readonly people?: number | readonly string[]
  /** How many of them have a node; all of the first ones. */
  readonly seats?: number
  readonly profile?: OrganisationGenesis['profile']
  readonly rules?: Partial<DomainParameters>
  readonly genesis?: Partial<OrganisationGenesis>
  readonly executor?: Executor
}

export class Village {
  readonly identity: FakeIdentity = fakeIdentity(sha256)
  readonly names: readonly string[]
  readonly machine: TopicsMachine
  state: TopicsState
  epoch = 0
  /** L in seconds. */
  clock = 0
  configuration: Configuration
  events: readonly StateEvent[] = []
  /** Everything that was put into blocks, for replays. */
  readonly history: { readonly operations: readonly Uint8Array[]; readonly clock: number }[] = []
  readonly #seqs = new Map<string, number>()

  constructor({ people = 5, seats = 4, profile = 'seed', rules, genesis, executor }: VillageOptions = {}) {
    this.names = typeof people === 'number' ? Array.from({ length: people }, (_, at) => `p${at}`) : people
    const seated = this.names.slice(0, seats)
    this.configuration = {
      index: 0,
      firstEpoch: 1,
      suite: 'test',
      depth: 1,
      members: seated.map(name => ({ name, publicKey: nodeKeyOf(name), addresses: [] })),
    }
    this.machine = topics({
      crypto: nodeCrypto,
      identity: this.identity,
      openRing: (name, keys) => this.identity.openRing(name, keys),
      executor: executor ?? fakeExecutor(sha256),
      realm: REALM,
      organisation: {
        org: ORG,
        profile,
        founders: this.names.map(name => ({
          key: this.key(name),
          possession: this.identity.sign(secretOf(name), this.key(name)),
          ...(seated.includes(name) ? { seat: { publicKey: nodeKeyOf(name), name, addresses: [] } } : {}),
        })),
        ...(rules === undefined ? {} : { rules: { general: rules, membership: rules, constitution: rules } }),
        ...genesis,
      },
    })
    this.state = this.machine.genesis()
  }

  key(name: string): Uint8Array {
    return keyOf(name)
  }

  id(name: string): Uint8Array {
    return idOf(name)
  }

  tag(name: string, topicId: Uint8Array): Uint8Array {
    return this.identity.tagOf(ORG, { type: 'topic', topicId }, secretOf(name))
  }

  member(name: string) {
    return this.state.tables.members.must(this.id(name))
  }

  /** Signs for a member. */
  by(name: string, body: Body, secret = secretOf(name)): Uint8Array {
    return this.signed({ type: 'member', id: this.id(name) }, body, message =>
      this.identity.sign(secret, message),
    )
  }

  /** Signs under the pseudonym in the topic; `prove` adds a proof of membership. */
  under(name: string, topicId: Uint8Array, body: Body, { prove = body.type === 'join' } = {}): Uint8Array {
    const signer: Signer = { type: 'pseudonym', topic: topicId, tag: this.tag(name, topicId) }
    return this.signed(
      signer,
      body,
      message => this.identity.sign(secretOf(name), message),
      message => (prove ? [this.evidence(name, message)] : []),
    )
  }

  evidence(name: string, message: Uint8Array, revision = this.state.here.rings.revision): Evidence {
    return { revision, cohort: 0, proof: this.identity.sign(secretOf(name), message) }
  }

  /** Opens a topic with an anonymous token. */
  byToken(
    name: string,
    body: Omit<BodyOf<'createTopic'>, 'creator'>,
    slot = 0,
  ): { bytes: Uint8Array; id: Uint8Array; tag: Uint8Array } {
    const period = this.state.here.week
    const scope: Scope = { type: 'rate', rateClass: 'create', period, slot }
    const tag = this.identity.tagOf(ORG, scope, secretOf(name))
    const id = topicIdOf(tag, 0, sha256)
    const bytes = this.signed(
      { type: 'token', period, slot, tag },
      { ...body, creator: this.tag(name, id) },
      message => this.identity.sign(secretOf(name), message),
      message => [this.evidence(name, message), this.evidence(name, message)],
    )
    return { bytes, id, tag }
  }

  /** The name of somebody's ballots in a meeting. */
  image(name: string, meetingId: Uint8Array): Uint8Array {
    return this.identity.tagOf(ORG, { type: 'ballot', meetingId }, secretOf(name))
  }

  /** A secret ballot. */
  ballot(name: string, meetingId: Uint8Array, approvals: readonly Uint8Array[], voters?: number): Uint8Array {
    const image = this.image(name, meetingId)
    const signer: Signer = { type: 'ballot', meeting: meetingId, image }
    const seq = this.#seqs.get(digestKey(image)) ?? 0
    return this.signed(
      signer,
      voteFor(meetingId, approvals),
      () => new Uint8Array(64),
      message => [
        {
          revision: voters ?? this.state.tables.meetings.must(meetingId).seats,
          cohort: 0,
          proof: this.identity.ballotProof(secretOf(name), message, seq),
        },
      ],
    )
  }

  /** Signs with the key of a node. */
  byNode(name: string, body: Body): Uint8Array {
    return this.signed({ type: 'consensus', publicKey: nodeKeyOf(name) }, body, message =>
      nodeCrypto.ed25519.sign(message, nodeSecretOf(name)),
    )
  }

  signed(
    signer: Signer,
    body: Body,
    sign: (message: Uint8Array) => Uint8Array,
    prove: (message: Uint8Array) => readonly Evidence[] = () => [],
    { realm = REALM, seq }: { readonly realm?: string; readonly seq?: number } = {},
  ): Uint8Array {
    const key = digestKey(Object.values(signer).at(-1) as Uint8Array)
    const number = seq ?? this.#seqs.get(key) ?? 0
    if (seq === undefined) this.#seqs.set(key, number + 1)
    const statement = statementCodec.encode({ realm, signer, seq: number, body })
    const message = statementIds(sha256)(statement)
    return signedOperationCodec.encode({ statement, proofs: prove(message), signature: sign(message) })
  }

  /** Whatever was signed last did not count: its number is used again. */
  rewind(signer: Uint8Array, by = 1): void {
    const key = digestKey(signer)
    this.#seqs.set(key, (this.#seqs.get(key) ?? by) - by)
  }

  /** The next operation of a signer has this number. */
  setSeq(signer: Uint8Array, seq: number): void {
    this.#seqs.set(digestKey(signer), seq)
  }

  /** The meeting in which a member sits, if it does. */
  meetingIdOf(id: Uint8Array, name: string): Uint8Array | undefined {
    return this.state.tables.participants.get(pair(id, this.id(name)))?.meeting
  }

  /** One block; `advance` is how much L moves on, in seconds. */
  block(operations: readonly Uint8Array[] = [], advance = 0): Applied<TopicsState> {
    this.epoch += 1
    this.clock += advance
    this.history.push({ operations, clock: this.clock })
    const applied = this.machine.apply(this.state, inputOf(this, operations, this.epoch, this.clock))
    this.state = applied.state
    this.events = applied.events ?? []
    if (applied.configuration !== undefined) this.configuration = applied.configuration
    return applied
  }

  /** One block of operations that must all be accepted. */
  do(...operations: readonly Uint8Array[]): readonly Receipt[] {
    const { receipts } = this.block(operations)
    const refused = receipts.find(one => !one.accepted)
    if (refused !== undefined && !refused.accepted) {
      throw new Error(`refused: ${refused.refusal.rule}: ${refused.refusal.detail}`)
    }
    return receipts
  }

  /** The rule by which an operation is refused, or `accepted`. */
  refused(operation: Uint8Array): string {
    const [receipt] = this.block([operation]).receipts
    return receipt === undefined || receipt.accepted ? 'accepted' : receipt.refusal.rule
  }

  /** The whole refusal of an operation. */
  refusal(operation: Uint8Array): string {
    const [receipt] = this.block([operation]).receipts
    return receipt === undefined || receipt.accepted ? 'accepted' : receipt.refusal.detail
  }

  /** Lets L pass, in blocks of at most ten minutes, and then the draws. */
  pass(seconds: number, step = seconds): void {
    for (let left = seconds; left > 0; left -= step) this.block([], Math.min(step, left))
  }

  /** Two empty blocks: the beacon of what was fixed comes. */
  drawn(): void {
    this.block()
    this.block()
  }

  topic(id: Uint8Array): Topic {
    return this.state.tables.topics.must(id)
  }

  /** The meetings of the running round. */
  meetings(id: Uint8Array): readonly Meeting[] {
    const { round } = this.topic(id)
    return Array.from({ length: round?.meetings ?? 0 }, (_, index) =>
      this.state.tables.meetings.must(meetingIdOf(id, round?.number ?? 0, index, sha256)),
    )
  }

  part(id: Uint8Array, name: string): Participant {
    const own = this.state.tables.participants.get(pair(id, this.id(name)))
    return own ?? this.state.tables.participants.must(pair(id, this.tag(name, id)))
  }

  /** The meeting in which somebody sits. */
  meetingOf(id: Uint8Array, name: string): Meeting {
    return this.state.tables.meetings.must(this.part(id, name).meeting as Uint8Array)
  }

  /** Who sits in a meeting. */
  voters(id: Uint8Array, meeting: Meeting): readonly string[] {
    return this.names.filter(name => {
      const one =
        this.state.tables.participants.get(pair(id, this.id(name))) ??
        this.state.tables.participants.get(pair(id, this.tag(name, id)))
      return one?.meeting !== undefined && equalBytes(one.meeting, meeting.id)
    })
  }

  /** Opens an identified topic by `name`, joined by `others`; the topic's id. */
  open(name: string, others: readonly string[] = [], body: Partial<BodyOf<'createTopic'>> = {}): Uint8Array {
    const seq = this.#seqs.get(digestKey(this.id(name))) ?? 0
    const id = topicIdOf(this.id(name), seq, sha256)
    this.do(this.by(name, createTopic(this.id(name), body)))
    if (others.length > 0) {
      this.do(
        ...others.map(other => this.by(other, { type: 'join', topic: id, params: body.params ?? PARAMS })),
      )
    }
    return id
  }

  /** The id that the next topic of a member will have. */
  nextTopicId(name: string): Uint8Array {
    return topicIdOf(this.id(name), this.#seqs.get(digestKey(this.id(name))) ?? 0, sha256)
  }

  /** Proposes by a member; the proposal's id. */
  propose(
    id: Uint8Array,
    name: string,
    program?: Program,
    more: Partial<BodyOf<'propose'>> = {},
  ): Uint8Array {
    const meeting = this.meetingOf(id, name)
    const [receipt] = this.do(this.by(name, proposal(meeting.id, program, more)))
    return (receipt as Receipt).id
  }

  /** An identified topic whose only meeting has a winner that everybody in `voters` approves: in publicity. */
  decided(
    program: Program | undefined,
    {
      voters = this.names,
      body = {},
    }: { readonly voters?: readonly string[]; readonly body?: Partial<BodyOf<'createTopic'>> } = {},
  ): Uint8Array {
    const [first = 'p0', ...others] = voters
    const params = { ...PARAMS, capacity: 500 }
    const seq = this.#seqs.get(digestKey(this.id(first))) ?? 0
    const id = topicIdOf(this.id(first), seq, sha256)
    const join = { type: 'join', topic: id, params } as const
    this.do(this.by(first, createTopic(this.id(first), { params, ...body })))
    if (others.length > 0) this.do(...others.map(name => this.by(name, join)))
    this.drawn()
    this.drawn()
    const winner =
      body.target === undefined
        ? this.propose(id, first, program)
        : (this.meetings(id)[0] as Meeting).candidates[0]
    const [meeting] = this.meetings(id)
    this.do(...voters.map(name => this.by(name, voteFor((meeting as Meeting).id, [winner as Uint8Array]))))
    this.pass(DAY)
    return id
  }

  /** Passes L until publicity is over. */
  execute(id: Uint8Array): void {
    this.block([], Math.max(0, (this.topic(id).publicity?.end ?? 0) - this.clock))
  }

  root(): string {
    return hex(this.machine.root(this.state))
  }

  /** The state taken apart and put together again. */
  restored(state: TopicsState = this.state): TopicsState {
    const snapshot = this.machine.snapshot(state)
    const reader = this.machine.openSnapshot(snapshot.manifest, this.machine.root(state))
    if (reader === undefined) throw new Error('the manifest leads to the root')
    return reader.restore(Array.from({ length: reader.chunkCount }, (_, at) => snapshot.chunk(at)))
  }
}

/** The block that a village makes of operations. */
export const inputOf = (
  { machine, configuration }: Pick<Village, 'machine' | 'configuration'>,
  operations: readonly Uint8Array[],
  epoch: number,
  clock: number,
) => ({
  epoch,
  time: clock * 1000,
  clock: clock * 1000,
  beacon: { label: 'chain' as const, value: beaconOf(epoch) },
  configuration,
  operations: operations.map(bytes => ({ proposer: 0, id: machine.operationId(bytes), bytes })),
})

export const createTopic = (
  creator: Uint8Array,
  body: Partial<BodyOf<'createTopic'>> = {},
): BodyOf<'createTopic'> => ({
  type: 'createTopic',
  domain: domainId('general'),
  kind: 'contract',
  privacy: 'identified',
  title: 'A bridge over the brook',
  text: { type: 'inline', text: 'It is too wide to jump.' },
  creator,
  params: PARAMS,
  target: undefined,
  evidence: [],
  ...body,
})

export const proposal = (
  meeting: Uint8Array,
  program?: Program,
  more: Partial<BodyOf<'propose'>> = {},
): BodyOf<'propose'> => ({
  type: 'propose',
  meeting,
  text: { type: 'inline', text: 'Of wood.' },
  program,
  parent: undefined,
  candidacy: undefined,
  ...more,
})

export const voteFor = (meeting: Uint8Array, approvals: readonly Uint8Array[]): BodyOf<'vote'> => ({
  type: 'vote',
  meeting,
  approvals: [...approvals].sort((left, right) => (digestKey(left) < digestKey(right) ? -1 : 1)),
})

export const actions = (...list: readonly Action[]): Program => ({ type: 'actions', actions: list })

/** An action that everybody may decide on. */
export const note = (name: string): Action => ({ type: 'event.emit', name, payload: new Uint8Array(0) })

export const registrySet = (key: string): Action => ({
  type: 'registry.set',
  key,
  cid: domainHash(sha256, 'some/cid', utf8(key)),
  expect: undefined,
})

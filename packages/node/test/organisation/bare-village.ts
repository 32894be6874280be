/** An organisation on the machine that its rules make, without a node: a test brings the blocks. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equalBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import { memberKey, newMemberSecret, openRing, provePossession } from '@mc/identity'
import type { Applied, Configuration, Genesis, RecordedState } from '@mc/ledger'
import type { NodeMachine, NodeRules } from '@mc/node'
import { type OrganisationOptions, organisationRules } from '@mc/node/organisation'
import { hex } from '@mc/protocol/wire'
import {
  type Action,
  Author,
  type Body,
  genesisDomainId,
  type OrganisationGenesis,
  organisationGenesisCodec,
  type RingAt,
  type Signer,
  signedOperationCodec,
  signerKey,
  statementCodec,
  statementIds,
  type TopicKind,
  type TopicsState,
} from '@mc/topics'

export const identityCrypto = { sha256: crypto.sha256, ristretto: ristrettoEngine() }
export const REALM = 'bare village'
export const ORG: Uint8Array = crypto.sha256(Buffer.from('the bare village'))

export type State = RecordedState<TopicsState>

export interface BareOptions extends Partial<Omit<OrganisationOptions, 'crypto'>> {
  readonly people?: number
  readonly founded?: Partial<OrganisationGenesis>
  readonly seats?: number
}

export class BareVillage {
  readonly people: readonly Author[]
  readonly seats: readonly Uint8Array[]
  readonly genesis: Genesis
  configuration: Configuration
  state: State
  /** A configuration that waits to take force, as the ledger would say. */
  decided: Configuration | undefined
  epoch = 0
  seconds = 0
  readonly history: { readonly operations: readonly Uint8Array[]; readonly seconds: number }[] = []
  readonly #machine: NodeMachine<State>
  readonly #rules: NodeRules

  private constructor(
    rules: NodeRules,
    genesis: Genesis,
    people: readonly Author[],
    seats: readonly Uint8Array[],
  ) {
    this.people = people
    this.seats = seats
    this.genesis = genesis
    this.configuration = genesis.configuration
    this.#rules = rules
    this.#machine = rules.machine({ genesis, crypto, operations: { kind: 'signed' } })
    this.state = this.#machine.machine.genesis()
  }

  static async found({
    people = 3,
    seats = 4,
    founded = {},
    ...options
  }: BareOptions = {}): Promise<BareVillage> {
    const secrets = Array.from({ length: people }, () => newMemberSecret(crypto.rng))
    const keys = Array.from({ length: seats }, () => crypto.rng.bytes(32))
    const parameters = organisationGenesisCodec.encode({
      org: ORG,
      profile: 'seed',
      founders: secrets.map(secret => ({
        key: memberKey(secret, identityCrypto),
        possession: provePossession(ORG, secret, identityCrypto),
      })),
      ...founded,
    })
    const members = keys.map((key, at) => {
      return { name: `seat ${at}`, publicKey: crypto.ed25519.publicKey(key), addresses: [] }
    })
    const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
    const genesis = { name: REALM, time: 0, configuration, rules: { machine: 'topics', parameters } }
    const { directory = mkdtempSync(join(tmpdir(), 'bare-village-')), ...rest } = options
    const rules = await organisationRules({ directory, crypto, ...rest })
    const authors = secrets.map(secret => {
      return new Author({
        secretKey: secret,
        realm: REALM,
        org: ORG,
        crypto: identityCrypto,
        rng: crypto.rng,
      })
    })
    return new BareVillage(rules, genesis, authors, keys)
  }

  /** The same village at another node: it has applied the same blocks, and nothing else. */
  async elsewhere(options: Partial<Omit<OrganisationOptions, 'crypto'>> = {}): Promise<BareVillage> {
    const other = await this.atGenesis(options)
    for (const { operations, seconds } of this.history) other.attempt(operations, seconds)
    return other
  }

  /** The same village at another node, before its first block. */
  async atGenesis(options: Partial<Omit<OrganisationOptions, 'crypto'>> = {}): Promise<BareVillage> {
    const { directory = mkdtempSync(join(tmpdir(), 'bare-village-')), ...rest } = options
    const rules = await organisationRules({ directory, crypto, ...rest })
    return new BareVillage(rules, this.genesis, this.people, this.seats)
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#rules.counts?.() ?? {}
  }

  get root(): string {
    return hex(this.#machine.machine.root(this.state))
  }

  stop(): void {
    this.#rules.stop?.()
  }

  get inner(): TopicsState {
    return this.state.inner
  }

  get machine(): NodeMachine<State> {
    return this.#machine
  }

  /** One block, so many seconds later; throws with the rule if an operation is refused. */
  block(operations: readonly Uint8Array[] = [], seconds = 0): Applied<State> {
    const applied = this.attempt(operations, seconds)
    for (const receipt of applied.receipts) {
      if (!receipt.accepted) throw new Error(`${receipt.refusal.rule}: ${receipt.refusal.detail}`)
    }
    return applied
  }

  /** One block, whatever becomes of its operations. */
  attempt(operations: readonly Uint8Array[] = [], seconds = 0): Applied<State> {
    const { machine } = this.#machine
    this.history.push({ operations, seconds })
    this.seconds += seconds
    const time = this.seconds * 1_000
    const applied = machine.apply(this.state, {
      epoch: this.epoch,
      time,
      clock: time,
      beacon: { label: 'chain', value: crypto.sha256(Buffer.from(`beacon ${this.epoch}`)) },
      configuration: this.configuration,
      decided: this.decided,
      operations: operations.map(bytes => ({ proposer: 0, id: machine.operationId(bytes), bytes })),
    })
    this.state = applied.state
    this.epoch += 1
    this.configuration = applied.configuration ?? this.configuration
    return applied
  }

  asMember(author: Author, body: Body): Uint8Array {
    const name = `m${Buffer.from(author.member).toString('latin1')}`
    return author.asMember(this.inner.tables.actors.at(name)?.seq ?? 0, body).bytes
  }

  /** Opens a topic in somebody's own name. */
  open(author: Author, body: Omit<Extract<Body, { type: 'createTopic' }>, 'type' | 'creator'>): Uint8Array {
    const name = `m${Buffer.from(author.member).toString('latin1')}`
    const { topic, bytes } = author.openAsMember(this.inner.tables.actors.at(name)?.seq ?? 0, body)
    this.block([bytes])
    return topic
  }

  /** An operation of a seat of the consensus. */
  asSeat(secretKey: Uint8Array, body: Body): Uint8Array {
    const signer: Signer = { type: 'consensus', publicKey: crypto.ed25519.publicKey(secretKey) }
    const seq = this.inner.tables.actors.at(signerKey(signer))?.seq ?? 0
    const statement = statementCodec.encode({ realm: REALM, signer, seq, body })
    const signature = crypto.ed25519.sign(statementIds(crypto.sha256)(statement), secretKey)
    return signedOperationCodec.encode({ statement, proofs: [], signature })
  }

  /** The first person decides alone on actions, and waits until they are carried out. */
  decide(
    kind: TopicKind,
    domain: 'general' | 'constitution',
    actions: readonly Action[],
    words = 'this',
  ): Uint8Array {
    const [ann] = this.people as [Author]
    const topic = this.open(ann, {
      domain: domainNamed(domain),
      kind,
      privacy: 'identified',
      title: 'A decision',
      text: { type: 'inline', text: 'as follows' },
      params: { meet: 86_400, publicity: 86_400, capacity: 15 },
      target: undefined,
      evidence: [],
    })
    for (let at = 0; at < 3; at += 1) this.block()
    const meeting = this.inner.tables.meetings.values().find(one => equalBytes(one.topic, topic))
      ?.id as Uint8Array
    const program = { type: 'actions', actions } as const
    const text = { type: 'inline', text: words } as const
    const { receipts } = this.block([
      this.asMember(ann, {
        type: 'propose',
        meeting,
        text,
        program,
        parent: undefined,
        candidacy: undefined,
      }),
    ])
    const approvals = receipts.map(({ id }) => id)
    this.block([this.asMember(ann, { type: 'vote', meeting, approvals })])
    for (let days = 0; this.inner.tables.topics.must(topic).result === undefined; days += 1) {
      if (days > 30) throw new Error(`it is ${this.inner.tables.topics.must(topic).state}`)
      this.block([], 86_400)
    }
    return topic
  }

  ring(): RingAt {
    const members = this.inner.tables.members.values().filter(({ state }) => state === 'active')
    const keys = members.map(({ keys }) => keys.at(-1)?.key as Uint8Array)
    const ring = openRing(
      { type: 'members', epoch: this.inner.here.membershipEpoch, cohort: 0 },
      keys,
      identityCrypto,
    )
    if (ring === undefined) throw new Error('the ring does not open')
    return { ring, revision: this.inner.here.rings.revision, cohort: 0 }
  }
}

export const domainNamed = (name: 'general' | 'membership' | 'constitution'): Uint8Array =>
  genesisDomainId(name, crypto.sha256)

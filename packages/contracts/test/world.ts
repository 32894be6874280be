/** An organisation in plain maps, and everything that a test wants of it. */
import { type ContractsOptions, codeCid, contracts, memberId, type SimulationPlace } from '@mc/contracts'
import { compareBytes, digestKey, keyDigest } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { utf8 } from '@mc/protocol/wire'
import {
  type Action,
  CAPABILITIES,
  type ChangeKind,
  type Domain,
  type Execution,
  type ExecutionContext,
  genesisDomainId,
  genesisParameters,
  type Member,
  type MembershipChange,
  type OrganisationDraft,
  type Program,
  type Topic,
  type WriteTable,
} from '@mc/topics'

export const { sha256, ed25519 } = nodeCrypto

export const id = (name: string): Uint8Array => sha256(utf8(name))
export const constitution = genesisDomainId('constitution', sha256)
export const general = genesisDomainId('general', sha256)
export const membership = genesisDomainId('membership', sha256)
export const TOPIC = id('topic')
export const NOW = 1_000_000

export class MapTable<T> implements WriteTable<T> {
  readonly entries = new Map<string, T>()
  get size(): number {
    return this.entries.size
  }
  get(key: Uint8Array): T | undefined {
    return this.entries.get(digestKey(key))
  }
  set(key: Uint8Array, value: T): void {
    this.entries.set(digestKey(key), value)
  }
  delete(key: Uint8Array): boolean {
    return this.entries.delete(digestKey(key))
  }
  values(): readonly T[] {
    return [...this.entries]
      .sort(([left], [right]) => compareBytes(keyDigest(left), keyDigest(right)))
      .map(([, value]) => value)
  }
}

/** The whole organisation, in place: a failed execution must leave it as it was all by itself. */
export class World implements OrganisationDraft {
  readonly org = id('org')
  readonly clock = NOW
  readonly membershipEpoch = 3
  readonly seatCount = 4
  readonly members = new MapTable<Member>()
  readonly domains = new MapTable<Domain>()
  readonly parameters: OrganisationDraft['parameters'] = new MapTable()
  readonly mandates: OrganisationDraft['mandates'] = new MapTable()
  readonly exceptions: OrganisationDraft['exceptions'] = new MapTable()
  readonly attesters: OrganisationDraft['attesters'] = new MapTable()
  readonly contractTypes: OrganisationDraft['contractTypes'] = new MapTable()
  readonly modules: OrganisationDraft['modules'] = new MapTable()
  readonly registry: OrganisationDraft['registry'] = new MapTable()
  readonly scheduled: OrganisationDraft['scheduled'] = new MapTable()
  readonly topics = new MapTable<Topic>()
  readonly changes: MembershipChange[] = []
  readonly deeds: unknown[] = []

  get memberCount(): number {
    return this.members.values().filter(({ state }) => state === 'active' || state === 'frozen').length
  }
  memberByKey(key: Uint8Array): Member | undefined {
    return this.members.values().find(({ keys }) => compareBytes(keys.at(-1)?.key ?? key, key) === 0)
  }
  /** Why nobody may be taken in. */
  candidateFlaw: string | undefined
  flawOfCandidate(): string | undefined {
    return this.candidateFlaw
  }
  topic(topic: Uint8Array): Topic | undefined {
    return this.topics.get(topic)
  }
  enqueueChange(change: ChangeKind): void {
    this.changes.push({ number: this.changes.length, topic: TOPIC, change })
  }
  requeue(topic: Uint8Array, domain: Uint8Array): boolean {
    this.deeds.push(['requeue', topic, domain])
    return true
  }
  requeueAll(from: Uint8Array, into: Uint8Array): void {
    this.deeds.push(['requeueAll', from, into])
  }
  endMandate(mandate: Uint8Array): void {
    const held = this.mandates.get(mandate)
    if (held) this.mandates.set(mandate, { ...held, isEnded: true })
  }
  emit(name: string, payload: Uint8Array): void {
    this.deeds.push(['emit', name, payload])
  }
}

const person = (name: string): Member => {
  const key = id(`key of ${name}`)
  return {
    id: memberId(key, sha256),
    keys: [{ key, from: 0 }],
    seat: undefined,
    state: 'active',
    joinedEpoch: 0,
    frozenBy: [],
    sponsor: undefined,
    guardians: [],
    inSince: 0,
    recovery: undefined,
  }
}

export const [ann, bob, eve] = ['ann', 'bob', 'eve'].map(person) as [Member, Member, Member]

/** Three people, the genesis domains, and a topic. */
export function world(): World {
  const made = new World()
  for (const member of [ann, bob, eve]) made.members.set(member.id, member)
  for (const name of ['constitution', 'general', 'membership'] as const) {
    const domain = genesisDomainId(name, sha256)
    made.domains.set(domain, {
      id: domain,
      names: [{ language: 'en', text: name }],
      parent: undefined,
      parameters: genesisParameters('seed', name),
      mergedInto: undefined,
      isEntrenched: name === 'constitution',
    })
  }
  made.topics.set(TOPIC, topicOf(TOPIC))
  return made
}

export const topicOf = (topic: Uint8Array, rest: Partial<Topic> = {}): Topic => ({
  id: topic,
  domain: general,
  kind: 'contract',
  privacy: 'identified',
  title: 'A topic',
  operation: id('operation'),
  creator: ann.id,
  state: 'publicity',
  createdL: 0,
  createdEpoch: 0,
  expiresL: 0,
  ringEpoch: 0,
  provenFrom: 0,
  participants: 3,
  target: undefined,
  evidence: [],
  defence: undefined,
  round: undefined,
  draw: undefined,
  winner: undefined,
  publicity: undefined,
  freezeCount: 0,
  gathered: 0,
  freezeCase: undefined,
  result: undefined,
  ...rest,
})

/** A proof of possession is the key itself here. */
export const crypto: Omit<ContractsOptions, 'code'> = {
  sha256,
  signatures: ed25519,
  identity: { verifyPossession: ({ key }, proof) => compareBytes(key, proof) === 0 },
}

export const executor = contracts(crypto)

export const place: SimulationPlace = {
  topic: TOPIC,
  kind: 'contract',
  domain: general,
  epoch: 9,
  clock: NOW,
  beacon: id('beacon'),
  budget: { gas: 10_000_000, storageBytes: 100_000 },
  capabilities: CAPABILITIES,
}

/** Runs actions on a world, in place. */
export function run(on: World, actions: readonly Action[], rest: Partial<ExecutionContext> = {}): Execution {
  return execute(executor, on, { type: 'actions', actions }, rest)
}

export const execute = (
  by: ReturnType<typeof contracts>,
  on: World,
  program: Program,
  rest: Partial<ExecutionContext> = {},
): Execution => by.execute(program, { ...place, view: on, draft: on, ...rest })

/** Why an execution failed, or that it did not. */
export const reasonOf = (execution: Execution): string =>
  execution.outcome === 'failed' ? execution.reason : 'executed'

export const cidOf = (code: string): Uint8Array => codeCid(utf8(code), sha256)
export const emit = (name: string): Action => ({ type: 'event.emit', name, payload: utf8('!') })
export const set = (name: string, value: number, expect: number): Action => ({
  type: 'parameter.set',
  name,
  value,
  expect,
})

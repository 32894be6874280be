/** An organisation on one node in this process, with a clock that a test moves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import { memberKey, newMemberSecret, openRing, provePossession } from '@mc/identity'
import type { Genesis, RecordedState, StateEvent } from '@mc/ledger'
import { memoryNetwork } from '@mc/network'
import { Node, nodeSuite, type Submission } from '@mc/node'
import { organisationRules } from '@mc/node/organisation'
import { waterbearQsQ } from '@mc/presets'
import { hex } from '@mc/protocol/wire'
import {
  Author,
  type Authored,
  type Body,
  type DomainParameters,
  genesisDomainId,
  organisationGenesisCodec,
  type RingAt,
  type Topic,
  type TopicsMachine,
  type TopicsState,
} from '@mc/topics'

export const identityCrypto = { sha256: crypto.sha256, ristretto: ristrettoEngine() }
export const REALM = 'village'
export const ORG: Uint8Array = crypto.sha256(Buffer.from('the village'))

/** Everything within seconds. */
export const QUICK: Partial<DomainParameters> = {
  meet: { min: 10, max: 3_600 },
  publicity: { min: 10, max: 3_600 },
  publicityBase: 10,
  publicityNeed: { min: 10, max: 3_600 },
  evaluationWindow: 10,
}

export interface Village {
  readonly node: Node
  readonly people: readonly Author[]
  readonly events: StateEvent[]
  readonly state: TopicsState
  readonly directory: string
  /** Hands in one operation and waits until a block has brought it; throws with the rule if it is refused. */
  act(operation: Authored): Promise<void>
  submit(operation: Authored): Promise<Submission>
  /** Lets so many seconds pass, in blocks of at most ten minutes. */
  pass(seconds: number): Promise<void>
  seqOf(author: Author): number
  topic(id: Uint8Array): Topic
  ring(machineRing?: { readonly epoch: number }): RingAt
  stop(): Promise<void>
  /** Stops, and starts again from the same directory. */
  restart(): Promise<Village>
}

export const domainNamed = (name: 'general' | 'membership' | 'constitution'): Uint8Array =>
  genesisDomainId(name, crypto.sha256)

export async function foundVillage(
  people: number,
  rules: Partial<DomainParameters> = QUICK,
): Promise<Village> {
  const directory = await mkdtemp(join(tmpdir(), 'mc-village-'))
  const secrets = Array.from({ length: people }, () => newMemberSecret(crypto.rng))
  const secretKey = crypto.rng.bytes(32)
  const publicKey = crypto.ed25519.publicKey(secretKey)
  const parameters = organisationGenesisCodec.encode({
    org: ORG,
    profile: 'seed',
    founders: secrets.map(secret => ({
      key: memberKey(secret, identityCrypto),
      possession: provePossession(ORG, secret, identityCrypto),
    })),
    rules: { general: rules, membership: { ...rules, activeSlots: 32 }, constitution: rules },
    parameters: { heartbeat: 1, epochLength: 60 },
  })
  const members = [{ name: 'one', publicKey, addresses: [hex(publicKey)] }]
  const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
  const genesis: Genesis = { name: REALM, time: 0, configuration, rules: { machine: 'topics', parameters } }
  return open({ directory, genesis, secretKey, secrets })
}

interface Ground {
  readonly directory: string
  readonly genesis: Genesis
  readonly secretKey: Uint8Array
  readonly secrets: readonly Uint8Array[]
}

async function open(ground: Ground, startedAt = 0): Promise<Village> {
  const { directory, genesis, secretKey, secrets } = ground
  let now = startedAt
  const rules = await organisationRules({ directory, crypto })
  const events: StateEvent[] = []
  const node = await Node.start({
    directory,
    genesis,
    secretKey,
    crypto,
    suite: parts => nodeSuite(waterbearQsQ(parts)),
    transport: memoryNetwork().transport(hex(crypto.ed25519.publicKey(secretKey))),
    machine: rules.machine,
    now: () => now,
    ...(rules.limits && { limits: rules.limits }),
  })
  node.events.on('block', block => events.push(...block.events))
  const state = (): TopicsState => (node.ledger.state as RecordedState<TopicsState>).inner
  const block = (): Promise<void> =>
    new Promise(resolve => node.events.once('block', () => setImmediate(resolve)))
  const people = secrets.map(secret => {
    return new Author({ secretKey: secret, realm: REALM, org: ORG, crypto: identityCrypto, rng: crypto.rng })
  })
  const village: Village = {
    node,
    people,
    events,
    directory,
    get state() {
      return state()
    },
    async submit({ bytes }) {
      const [submission] = await node.submit([bytes])
      return submission as Submission
    },
    async act(operation) {
      const refusals: string[] = []
      const done = new Promise<void>(resolve => {
        const listen = ({ receipts }: { readonly receipts: readonly unknown[] }): void => {
          for (const receipt of receipts as readonly {
            id: Uint8Array
            accepted: boolean
            refusal?: { rule: string; detail: string }
          }[]) {
            if (Buffer.compare(receipt.id, operation.id) !== 0) continue
            if (!receipt.accepted) refusals.push(`${receipt.refusal?.rule}: ${receipt.refusal?.detail}`)
            node.events.off('block', listen)
            resolve()
          }
        }
        node.events.on('block', listen)
      })
      const submission = await village.submit(operation)
      if (!submission.taken) throw new Error(`${submission.refusal.rule}: ${submission.refusal.detail}`)
      await done
      if (refusals.length > 0) throw new Error(refusals[0])
    },
    async pass(seconds) {
      for (let left = seconds; left > 0; left -= 600) {
        now += 1000 * Math.min(left, 600)
        while ((node.ledger.tip?.block.time ?? 0) < now) await block()
      }
    },
    seqOf: author => state().tables.actors.at(`m${Buffer.from(author.member).toString('latin1')}`)?.seq ?? 0,
    topic: id => state().tables.topics.must(id),
    ring: (at = { epoch: state().here.membershipEpoch }) => {
      const members = state()
        .tables.members.values()
        .filter(({ state: is }) => is === 'active')
      const keys = members.map(
        ({ keys }) => (keys.findLast(({ from }) => from <= at.epoch) ?? keys[0])?.key as Uint8Array,
      )
      const ring = openRing({ type: 'members', epoch: at.epoch, cohort: 0 }, keys, identityCrypto)
      if (ring === undefined) throw new Error('the ring does not open')
      return { ring, revision: state().here.rings.revision, cohort: 0 }
    },
    async stop() {
      await node.stop()
      await rm(directory, { recursive: true, force: true })
    },
    async restart() {
      await node.stop()
      return open(ground, now)
    },
  }
  return village
}

/** What everybody expects, unless a test says otherwise. */
export const EXPECTING = { meet: 60, publicity: 60, capacity: 50 }

export const asMember = (village: Village, author: Author, body: Body): Authored =>
  author.asMember(village.seqOf(author), body)

export type { TopicsMachine }

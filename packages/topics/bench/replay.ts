/**
 * How fast a history is replayed, proofs and signatures aside: they are taken on trust here.
 *
 * Run from the root:
 * esbuild packages/topics/bench/replay.ts --bundle --platform=node --format=esm --conditions=@mc/source --outfile=FILE.mjs
 * node FILE.mjs
 *
 * Prints CSV. First 10,000 members, 1,000 topics and 100,000 operations of every day; then one topic with 10,000 participants,
 * from its first split to its decision. Times are the process's own.
 */
import { domainHash } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import type { IdentityVerifier } from '@mc/identity'
import { utf8 } from '@mc/protocol/wire'
import {
  type Body,
  type Executor,
  genesisDomainId,
  type JoinParams,
  meetingIdOf,
  memberIdOf,
  type Signer,
  signedOperationCodec,
  statementCodec,
  type TopicsMachine,
  type TopicsState,
  topicIdOf,
  topics,
} from '@mc/topics'

const { sha256 } = nodeCrypto
const MEMBERS = Number(process.env['MEMBERS'] ?? 10_000)
const TOPICS = Number(process.env['TOPICS'] ?? 1_000)
const OPERATIONS = Number(process.env['OPERATIONS'] ?? 100_000)
const PER_BLOCK = 2_000

const trusting: IdentityVerifier = {
  verifyMembership: () => true,
  verifyMembershipBatch: claims => claims.map(() => true),
  verifySignature: () => true,
  verifySignatureBatch: claims => claims.map(() => true),
  verifyBallot: () => true,
  verifyPossession: () => true,
  verifyMutualVouch: () => true,
  verifyConsent: () => true,
}

const idle: Executor = {
  name: 'idle',
  version: 1,
  validate: () => ({ valid: true, capabilities: [], gas: 0 }),
  execute: () => ({ outcome: 'executed', gas: 0, diff: [] }),
  apply: () => ({ outcome: 'executed', gas: 0, diff: [] }),
  holds: () => false,
}

const keys = Array.from({ length: MEMBERS }, (_, at) => sha256(utf8(`key ${at}`)))
const ids = keys.map(key => memberIdOf(key, sha256))
const PARAMS: JoinParams = { meet: 86_400, publicity: 86_400, capacity: 15 }

class Run {
  readonly #minActivate: number

  constructor(minActivate: number) {
    this.#minActivate = minActivate
    this.machine = this.#machine()
    this.state = this.machine.genesis()
  }

  readonly machine: TopicsMachine
  state: TopicsState
  readonly #machine = (): TopicsMachine =>
    topics({
      crypto: nodeCrypto,
      identity: trusting,
      openRing: (_, of) => ({
        root: domainHash(sha256, 'ring', ...of),
        size: of.length,
        keys: of,
        points: undefined as never,
      }),
      executor: idle,
      realm: 'bench',
      organisation: {
        org: sha256(),
        profile: 'seed',
        rules: { general: { minActivate: this.#minActivate } },
        founders: keys.map(key => ({ key, possession: new Uint8Array(0) })),
      },
    })
  epoch = 0
  clock = 0
  accepted = 0
  readonly #seqs = new Map<number, number>()
  readonly #configuration = { index: 0, firstEpoch: 1, suite: 'bench', depth: 1, members: [] }

  by(member: number, body: Body): Uint8Array {
    const seq = this.#seqs.get(member) ?? 0
    this.#seqs.set(member, seq + 1)
    const signer: Signer = { type: 'member', id: ids[member] as Uint8Array }
    const statement = statementCodec.encode({ realm: 'bench', signer, seq, body })
    return signedOperationCodec.encode({ statement, proofs: [], signature: new Uint8Array(64) })
  }

  block(operations: readonly Uint8Array[], advance = 1): void {
    this.epoch += 1
    this.clock += advance
    const { receipts } = this.machine.apply(this.state, {
      epoch: this.epoch,
      time: this.clock * 1000,
      clock: this.clock * 1000,
      beacon: { label: 'chain', value: sha256(utf8(`beacon ${this.epoch}`)) },
      configuration: this.#configuration,
      operations: operations.map(bytes => ({ proposer: 0, id: this.machine.operationId(bytes), bytes })),
    })
    for (const receipt of receipts) {
      if (receipt.accepted) this.accepted += 1
      else throw new Error(`${receipt.refusal.rule}: ${receipt.refusal.detail}`)
    }
    this.machine.root(this.state)
  }

  blocks(operations: readonly Uint8Array[]): void {
    for (let at = 0; at < operations.length; at += PER_BLOCK) this.block(operations.slice(at, at + PER_BLOCK))
  }
}

function measured(name: string, operations: number, work: () => void): void {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20)
  console.log(`${name},${operations},${seconds.toFixed(2)},${Math.round(operations / seconds)},${megabytes}`)
}

const create = (creator: Uint8Array): Body => ({
  type: 'createTopic',
  domain: genesisDomainId('general', sha256),
  kind: 'resolution',
  privacy: 'identified',
  title: 'A matter to decide',
  text: { type: 'inline', text: 'What it is about.' },
  creator,
  params: PARAMS,
  target: undefined,
  evidence: [],
})

console.log('what,operations,cpu s,operations/s,resident MB')

const daily = new Run(1)
const opened = Array.from({ length: TOPICS }, (_, at) => topicIdOf(ids[at] as Uint8Array, 0, sha256))
const opening = opened.map((_, at) => daily.by(at, create(ids[at] as Uint8Array)))
measured('open topics', TOPICS, () => daily.blocks(opening))
const work = Array.from({ length: OPERATIONS }, (_, at) => {
  const member = at % MEMBERS
  const topic = opened[(at + Math.floor(at / MEMBERS) * 7) % TOPICS] as Uint8Array
  const joins = Math.floor(at / MEMBERS) % 2 === 0
  return daily.by(
    member,
    joins && member !== (at + Math.floor(at / MEMBERS) * 7) % TOPICS
      ? { type: 'join', topic, params: PARAMS }
      : { type: 'comment', topic, text: 'A word about it.' },
  )
})
measured('join and comment', OPERATIONS, () => daily.blocks(work))

const big = new Run(MEMBERS)
const id = topicIdOf(ids[0] as Uint8Array, 0, sha256)
big.block([big.by(0, create(ids[0] as Uint8Array))])
const joining = ids.slice(1).map((_, at) => big.by(at + 1, { type: 'join', topic: id, params: PARAMS }))
measured('10000 join one topic', joining.length, () => big.blocks(joining))

const topic = () => big.state.tables.topics.must(id)
for (let round = 1; topic().state !== 'publicity'; round += 1) {
  measured(`round ${round}: split`, MEMBERS, () => {
    while (topic().state !== 'meeting') big.block([])
    big.block([])
    big.block([])
  })
  const seats = ids.map(one => big.state.tables.participants.get(Uint8Array.of(...id, ...one))?.meeting)
  const meetings = Array.from({ length: topic().round?.meetings ?? 0 }, (_, at) =>
    meetingIdOf(id, topic().round?.number ?? 0, at, sha256),
  )
  const seatOf = new Map(
    meetings.map(meeting => [meeting.join(), seats.findIndex(one => one?.join() === meeting.join())]),
  )
  const proposals =
    round > 1
      ? []
      : [...seatOf.entries()].flatMap(([, member], at) =>
          member < 0
            ? []
            : [
                big.by(member, {
                  type: 'propose',
                  meeting: meetings[at] as Uint8Array,
                  text: { type: 'inline', text: 'So.' },
                  program: undefined,
                  parent: undefined,
                  candidacy: undefined,
                }),
              ],
        )
  big.blocks(proposals)
  const votes = seats.flatMap((meeting, member) => {
    const candidate = meeting && big.state.tables.meetings.must(meeting).candidates[0]
    return meeting === undefined || candidate === undefined
      ? []
      : [big.by(member, { type: 'vote', meeting, approvals: [candidate] })]
  })
  measured(`round ${round}: vote in ${meetings.length} meetings`, votes.length, () => big.blocks(votes))
  measured(`round ${round}: close`, meetings.length, () => {
    const { number } = topic().round ?? { number: 0 }
    while (topic().state === 'meeting' && topic().round?.number === number) big.block([], 3_600)
  })
}
console.log(`# decided in round ${topic().round?.number} with ${topic().publicity?.supporters} supporters`)
measured('snapshot and restore', big.state.map.size, () => {
  const snapshot = big.machine.snapshot(big.state)
  const reader = big.machine.openSnapshot(snapshot.manifest, big.machine.root(big.state))
  reader?.restore(Array.from({ length: reader.chunkCount }, (_, at) => snapshot.chunk(at)))
})

/**
 * Replicas without sockets, disks or timers: turns and deliveries happen one by one, in an order that a seed determines.
 */
import { epochsBounds } from '@mc/abc'
import { digestKey } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import {
  type Certificate,
  committeeOf,
  decodeBlock,
  type Genesis,
  Ledger,
  type LedgerCrypto,
  opaqueOperations,
  type RecordsState,
  records,
  sealsToConvince,
  type Wake,
} from '@mc/ledger'
import { nodeSuite } from '@mc/node'
import { type WaterbearQsQMessage, waterbearQsQ } from '@mc/presets'
import type { Fault, PeerIndex } from '@mc/protocol'
import { type Codec, hex } from '@mc/protocol/wire'
import { journalCodec, readJournal, replayOf } from '../../src/log/journal.js'
import type { Ahead } from '../../src/replica/ahead.js'
import { applyChecked, type ReceivedBlock } from '../../src/replica/chain.js'
import { DurableDraws } from '../../src/replica/draws.js'
import { FrameBuilder, messagesOf, type PeerMessage } from '../../src/replica/peer-messages.js'
import { messageCodecOf, proposalCodecOf, Replica, type ReplicaLimits } from '../../src/replica/replica.js'
import type { Turn } from '../../src/replica/turn.js'
import { type Seeded, seeded } from '../seeded.js'
import { Witness } from '../utterances.mjs'

export const LIMITS: ReplicaLimits = {
  operationBytesMax: 256,
  proposalBytesMax: 4_096,
  proposalOperationsMax: 64,
  mempoolBytesMax: 64 * 1024,
  mempoolOperationsMax: 1_000,
}

/** Real hashes, and signatures that cost one: here nobody forges any. */
const sha256 = nodeCrypto.sha256
const tagged = (key: Uint8Array, message: Uint8Array): Uint8Array => sha256(Buffer.concat([key, message]))
const crypto: LedgerCrypto = {
  sha256,
  ed25519: {
    ...nodeCrypto.ed25519,
    publicKey: secretKey => sha256(secretKey),
    sign: (message, secretKey) => Buffer.concat([tagged(sha256(secretKey), message), new Uint8Array(32)]),
    verify: (signature, message, publicKey) =>
      Buffer.compare(signature.subarray(0, 32), tagged(publicKey, message)) === 0,
  },
}

export interface ClusterOptions {
  readonly seed: number
  readonly n?: number
  readonly depth?: number
  readonly epochsKept?: number
  /** What the state machine wants besides its operations. */
  readonly wake?: (size: number) => Wake | undefined
  /** Checks of operations that a member begins beforehand. */
  readonly ahead?: (member: number) => Ahead
}

/** What a member keeps through its lives. */
export interface Disk {
  journal: Uint8Array[]
  blocks: ReceivedBlock[]
  readonly certificates: Map<number, Certificate>
}

export const emptyDisk = (): Disk => ({ journal: [], blocks: [], certificates: new Map() })

/** One member: its disk, and its replica while it is up. */
export interface Member {
  readonly index: PeerIndex
  disk: Disk
  replica: Replica<RecordsState> | undefined
  isDirty: boolean
  readonly faults: Fault[]
}

/** A network of replicas. */
export class Cluster {
  readonly members: readonly Member[]
  readonly random: Seeded
  readonly witness: Witness = new Witness()
  readonly genesis: Genesis
  readonly codec: Codec<PeerMessage> = messageCodecOf(LIMITS)
  /** Changes or withholds a message between two members; nothing means that it is lost. */
  intercept: (from: number, to: number, message: PeerMessage) => PeerMessage | undefined = (_, __, message) =>
    message
  nowMs = 0
  readonly #options: Required<Omit<ClusterOptions, 'ahead'>> & Pick<ClusterOptions, 'ahead'>
  readonly #secretKeys: readonly Uint8Array[]
  readonly #links = new Map<string, Uint8Array[]>()

  constructor({ seed, n = 4, depth = 1, epochsKept = 2, wake = () => undefined, ahead }: ClusterOptions) {
    this.#options = { seed, n, depth, epochsKept, wake, ...(ahead && { ahead }) }
    this.random = seeded(seed)
    this.#secretKeys = Array.from({ length: n }, (_, index) => new Uint8Array(32).fill(index + 1))
    const members = this.#secretKeys.map((secretKey, index) => {
      return { name: `member ${index}`, publicKey: crypto.ed25519.publicKey(secretKey), addresses: [] }
    })
    const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth, members }
    this.genesis = { name: 'cluster', time: 0, configuration }
    this.members = Array.from({ length: n }, (_, index) => ({
      index: index as PeerIndex,
      disk: emptyDisk(),
      replica: undefined,
      isDirty: false,
      faults: [],
    }))
  }

  member(index: number): Member {
    return this.members[index] as Member
  }

  replica(index: number): Replica<RecordsState> {
    const { replica } = this.member(index)
    if (replica === undefined) throw new Error(`member ${index} is down`)
    return replica
  }

  get up(): readonly Member[] {
    return this.members.filter(({ replica }) => replica !== undefined)
  }

  startAll(): void {
    for (const { index } of this.members) this.start(index)
  }

  /** Starts a member from its disk, and connects it. */
  start(index: number): void {
    const member = this.member(index)
    const { disk } = member
    const replica = this.#makeReplica(member, disk)
    member.replica = replica
    member.isDirty = true
    for (const other of this.up) if (other !== member) this.connect(index, other.index)
  }

  connect(a: number, b: number): void {
    for (const [at, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#links.set(`${at} ${peer}`, [])
      this.#event(at, replica => replica.connected(peer as PeerIndex))
    }
  }

  /** What is on its way between two members is lost. */
  disconnect(a: number, b: number): void {
    this.#links.delete(`${a} ${b}`)
    this.#links.delete(`${b} ${a}`)
    this.#event(a, replica => replica.disconnected(b as PeerIndex))
    this.#event(b, replica => replica.disconnected(a as PeerIndex))
  }

  /** Everything that no turn has released is gone, as is what is on its way. */
  crash(index: number): void {
    this.member(index).replica = undefined
    for (const other of this.up) this.disconnect(index, other.index)
  }

  submit(index: number, text: string): void {
    this.#event(index, replica => {
      if (!replica.submit(operation(text)).taken) throw new Error(`${text} was not taken`)
    })
  }

  tick(ms = 250): void {
    this.nowMs += ms
    for (const { index } of this.up) this.#event(index, replica => replica.tick())
  }

  /** One thing happens: a turn or a delivery; false if nothing is left to happen. */
  step(): boolean {
    const turns = this.up.filter(({ isDirty }) => isDirty)
    const links = [...this.#links].filter(([, frames]) => frames.length > 0)
    const choice = this.random.below(turns.length + links.length)
    if (turns.length + links.length === 0) return false
    if (choice < turns.length) this.turn((turns[choice] as Member).index)
    else this.#deliver((links[choice - turns.length] as (typeof links)[number])[0])
    return true
  }

  /** Lets things happen until `done`, ticking whenever nothing else does. */
  runUntil(done: () => boolean, what: string): void {
    for (let steps = 0, ticks = 0; !done(); steps += 1) {
      if (!this.step()) {
        this.tick()
        ticks += 1
      }
      if (steps > 60_000 || ticks > 400) throw new Error(`${what}: not reached (${this.describe()})`)
    }
  }

  /** Lets everything happen that happens without ticks. */
  settle(): void {
    for (let steps = 0; this.step(); steps += 1) if (steps > 200_000) throw new Error('it never settles')
  }

  /** Whether all members that are up have all these operations. */
  haveAll(texts: readonly string[]): boolean {
    return this.up.every(({ index }) => this.has(index, texts))
  }

  has(index: number, texts: readonly string[]): boolean {
    const { ledger } = this.replica(index)
    return texts.every(text =>
      ledger.machine.isKnown(ledger.state, digestKey(ledger.machine.operationId(operation(text)))),
    )
  }

  describe(): string {
    return this.up.map(({ index, replica }) => `${index}: ${JSON.stringify(replica?.status)}`).join('; ')
  }

  /** Sends messages in one frame, whoever they are from. */
  send(from: number, to: number, ...messages: readonly PeerMessage[]): void {
    const frame = new FrameBuilder()
    for (const message of messages) frame.add(this.codec.encode(message))
    this.#links.get(`${from} ${to}`)?.push(frame.take())
  }

  /** Runs one turn of a member: what it caused is on its disk, then it leaves. */
  turn(index: number): Turn {
    const member = this.member(index)
    const turn = this.replica(index).takeTurn()
    member.isDirty = false
    member.disk.journal.push(...turn.records)
    this.#store(member.disk, turn)
    member.faults.push(...turn.faults)
    for (const { to, message } of turn.outgoing) {
      for (const other of to === 'all' ? this.members : [this.member(to)]) {
        if (other.index !== index) this.#post(index, other.index, message)
      }
    }
    for (const [from, epoch] of turn.requests)
      this.#post(index, from, answerOf(member.disk, epoch, this.#needed))
    return turn
  }

  #post(from: number, to: number, message: PeerMessage): void {
    this.#hear(from, to, message)
    const passed = this.intercept(from, to, message)
    if (passed !== undefined) this.send(from, to, passed)
  }

  #deliver(link: string): void {
    const [from, to] = link.split(' ').map(Number) as [number, number]
    const frame = this.#links.get(link)?.shift() as Uint8Array
    this.#event(to, replica => replica.receive(from as PeerIndex, frame))
  }

  #event(index: number, run: (replica: Replica<RecordsState>) => void): void {
    const member = this.member(index)
    if (member.replica === undefined) return
    run(member.replica)
    member.isDirty = true
  }

  #store(disk: Disk, { blocks, certificates }: Turn): void {
    disk.blocks.push(...blocks.map(({ bytes, payloads }) => ({ block: bytes, payloads })))
    for (const certificate of certificates) {
      if (certificate.seals.length >= this.#needed) disk.certificates.set(certificate.epoch, certificate)
    }
  }

  get #needed(): number {
    return sealsToConvince(committeeOf(this.genesis.configuration, 0))
  }

  #hear(from: number, to: number, message: PeerMessage): void {
    if (message.type === 'consensus') this.witness.hear(from, to, this.agreement.decode(message.bytes))
  }

  readonly #suite = waterbearQsQ({ rng: nodeCrypto.rng, sha256, payloadBytesMax: LIMITS.proposalBytesMax })

  /** What members say to each other about agreement, as bytes. */
  get agreement(): Codec<WaterbearQsQMessage> {
    return this.#suite.atomicBroadcast.codec({ n: this.#options.n })
  }

  #makeReplica({ index }: Member, disk: Disk): Replica<RecordsState> {
    const { depth, epochsKept, wake } = this.#options
    const { genesis } = this
    const operations = opaqueOperations({ sha256: crypto.sha256, bytesMax: LIMITS.operationBytesMax })
    const keeper = records({ sha256: crypto.sha256, operations })
    const machine = { ...keeper, wake: (state: RecordsState) => wake(state.size) }
    const ledger = new Ledger({ genesis, crypto, machine })
    for (const item of disk.blocks)
      applyChecked(ledger, proposalCodecOf(LIMITS), decodeBlock(item.block), item)
    if (disk.journal.length === 0) {
      disk.journal.push(journalCodec.encode({ type: disk.blocks.length === 0 ? 'begin' : 'lost' }))
    }
    const replay = replayOf(readJournal(disk.journal), ledger.nextEpoch, 0)
    const rng = new DurableDraws({ bit: () => this.random.below(2) } as never, replay.draws, (label, bit) => {
      disk.journal.push(journalCodec.encode({ type: 'draw', label, bit }))
    })
    const payloadBytesMax = LIMITS.proposalBytesMax
    const suite = nodeSuite(waterbearQsQ({ rng, sha256, payloadBytesMax, depth, epochsKept }))
    return new Replica<RecordsState>({
      atomicBroadcast: suite.atomicBroadcast,
      epochs: suite.epochs,
      suite: suite.fingerprint,
      ledger,
      committee: committeeOf(genesis.configuration, index),
      domain: [hex(ledger.network), 0],
      crypto,
      secretKey: this.#secretKeys[index] as Uint8Array,
      limits: LIMITS,
      replay,
      ahead: this.#options.ahead?.(index),
      now: () => this.nowMs,
    })
  }

  /** How many epochs a member of this network takes messages of. */
  get epochsTaken(): number {
    const { depth, epochsKept } = this.#options
    return epochsBounds({ depth, epochsKept, epochsAhead: 2 }).epochsTaken
  }

  secretKey(index: number): Uint8Array {
    return this.#secretKeys[index] as Uint8Array
  }
}

export const operation = (text: string): Uint8Array => Buffer.from(text)

/** The messages in a frame. */
export const decoded = (codec: Codec<PeerMessage>, frame: Uint8Array): PeerMessage[] =>
  [...messagesOf(frame)].map(bytes => codec.decode(bytes))

function answerOf({ blocks, certificates }: Disk, from: number, needed: number): PeerMessage {
  const last = [...certificates.values()]
    .filter(({ epoch, seals }) => epoch >= from && epoch < from + 8 && seals.length >= needed)
    .reduce<Certificate | undefined>((best, one) => (one.epoch > (best?.epoch ?? -1) ? one : best), undefined)
  if (last === undefined) return { type: 'blocks', from: from as never, items: [], certificate: undefined }
  return {
    type: 'blocks',
    from: from as never,
    items: blocks.slice(from, last.epoch + 1),
    certificate: last as never,
  }
}

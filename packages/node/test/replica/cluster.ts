/**
 * Nodes without sockets, disks or timers: turns and deliveries happen one by one, in an order that a seed determines.
 */
import { epochsBounds } from '@mc/abc'
import { digestKey } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import {
  type Certificate,
  type Configuration,
  decodeBlock,
  type Genesis,
  Ledger,
  type LedgerCrypto,
  opaqueOperations,
  type RecordsState,
  records,
  type StateMachine,
  type Wake,
} from '@mc/ledger'
import type { MemberKey, Transport } from '@mc/network'
import { nodeSuite, type SuiteMaker } from '@mc/node'
import { type WaterbearQsQMessage, waterbearQ, waterbearQsQ } from '@mc/presets'
import type { Fault, PeerIndex } from '@mc/protocol'
import { type Codec, hex } from '@mc/protocol/wire'
import { beginEra, type EraParts } from '../../src/era.js'
import { Eras } from '../../src/eras.js'
import { journalCodec, readJournal } from '../../src/log/journal.js'
import { Spoken } from '../../src/log/spoken.js'
import type { Ahead } from '../../src/replica/ahead.js'
import { applyChecked, type ReceivedBlock } from '../../src/replica/chain.js'
import type { Participant } from '../../src/replica/participant.js'
import { FrameBuilder, messagesOf, type PeerMessage } from '../../src/replica/peer-messages.js'
import { messageCodecOf, proposalCodecOf, type ReplicaLimits } from '../../src/replica/replica.js'
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
export const crypto: LedgerCrypto = {
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
  /** Members at the genesis. */
  readonly n?: number
  /** Nodes with a key of their own that are no members at the genesis. */
  readonly others?: number
  readonly depth?: number
  readonly epochsKept?: number
  /** What the state machine wants besides its operations. */
  readonly wake?: (size: number) => Wake | undefined
  /** Checks of operations that a member begins beforehand. */
  readonly ahead?: (member: number) => Ahead
  /** Systems that a node knows, by name. */
  readonly suites?: (member: number) => Readonly<Record<string, SuiteMaker>>
}

/** Systems without keys. */
export const SUITES: Readonly<Record<string, SuiteMaker>> = {
  'waterbear-qs-q': parts => nodeSuite(waterbearQsQ(parts)),
  'waterbear-q': parts => nodeSuite(waterbearQ(parts)),
}

/** What an operation asks the machine of a cluster to change: who the members are, and by which system they agree. */
export interface Change {
  readonly members: readonly number[]
  readonly suite?: string
}

/** An operation that changes the configuration when it is agreed on. */
export const changeTo = (change: Change): string => `change ${JSON.stringify(change)}`

/** What a member keeps through its lives. */
export interface Disk {
  journal: Uint8Array[]
  blocks: ReceivedBlock[]
  readonly certificates: Map<number, Certificate>
}

export const emptyDisk = (): Disk => ({ journal: [], blocks: [], certificates: new Map() })

/** One node: its disk, and what it runs while it is up. */
export interface Member {
  readonly index: PeerIndex
  readonly key: MemberKey
  disk: Disk
  eras: Eras | undefined
  /** Records that the next turn writes. */
  unsynced: Uint8Array[]
  isDirty: boolean
  /** Its configuration is over, and its blocks are on disk: the next one is to be entered. */
  isLeaving: boolean
  readonly faults: Fault[]
}

/** A network of nodes. */
export class Cluster {
  readonly members: readonly Member[]
  readonly random: Seeded
  /** Hears the words of the first configuration, which may be compared by epoch. */
  readonly witness: Witness = new Witness()
  /** Hears the words of each later configuration, by its index. */
  readonly witnesses = new Map<number, Witness>()
  /** Configurations that blocks have announced, by index. */
  readonly decided = new Map<number, Configuration>()
  readonly genesis: Genesis
  readonly codec: Codec<PeerMessage> = messageCodecOf(LIMITS)
  /** Changes or withholds a message between two members; nothing means that it is lost. */
  intercept: (from: number, to: number, message: PeerMessage) => PeerMessage | undefined = (_, __, message) =>
    message
  nowMs = 0
  readonly #options: Required<Omit<ClusterOptions, 'ahead'>> & Pick<ClusterOptions, 'ahead'>
  readonly #secretKeys: readonly Uint8Array[]
  readonly #links = new Map<string, Uint8Array[]>()

  constructor({ seed, n = 4, others = 0, depth = 1, epochsKept = 2, ...more }: ClusterOptions) {
    const { wake = () => undefined, ahead, suites = () => SUITES } = more
    this.#options = { seed, n, others, depth, epochsKept, wake, suites, ...(ahead && { ahead }) }
    this.random = seeded(seed)
    this.#secretKeys = Array.from({ length: n + others }, (_, index) => new Uint8Array(32).fill(index + 1))
    const members = Array.from({ length: n }, (_, index) => this.#memberOf(index))
    const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth, members }
    this.genesis = { name: 'cluster', time: 0, configuration }
    this.members = this.#secretKeys.map((secretKey, index) => ({
      index: index as PeerIndex,
      key: hex(crypto.ed25519.publicKey(secretKey)),
      disk: emptyDisk(),
      eras: undefined,
      unsynced: [],
      isDirty: false,
      isLeaving: false,
      faults: [],
    }))
  }

  member(index: number): Member {
    return this.members[index] as Member
  }

  replica(index: number): Participant<RecordsState> {
    const { eras } = this.member(index)
    if (eras === undefined) throw new Error(`member ${index} is down`)
    return eras.era.participant as Participant<unknown> as Participant<RecordsState>
  }

  /** The index of the configuration that a node is in. */
  configurationOf(index: number): number {
    return this.member(index).eras?.era.configuration.index ?? -1
  }

  get up(): readonly Member[] {
    return this.members.filter(({ eras }) => eras !== undefined)
  }

  startAll(): void {
    for (const { index } of this.members) this.start(index)
  }

  /** Starts a member from its disk, and connects it. */
  start(index: number): void {
    const member = this.member(index)
    member.unsynced = []
    member.isLeaving = false
    member.eras = this.#makeEras(member)
    member.isDirty = true
    for (const other of this.up) if (other !== member) this.connect(index, other.index)
  }

  connect(a: number, b: number): void {
    for (const [at, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#links.set(`${at} ${peer}`, [])
      this.#event(at, eras => eras.onConnected(this.member(peer).key))
    }
  }

  /** What is on its way between two members is lost. */
  disconnect(a: number, b: number): void {
    this.#links.delete(`${a} ${b}`)
    this.#links.delete(`${b} ${a}`)
    this.#event(a, eras => eras.onDisconnected(this.member(b).key))
    this.#event(b, eras => eras.onDisconnected(this.member(a).key))
  }

  /** Everything that no turn has released is gone, as is what is on its way. */
  crash(index: number): void {
    this.member(index).eras = undefined
    for (const other of this.up) this.disconnect(index, other.index)
  }

  submit(index: number, text: string): void {
    this.#event(index, ({ era }) => {
      if (!era.participant.submit(operation(text)).taken) throw new Error(`${text} was not taken`)
    })
  }

  tick(ms = 250): void {
    this.nowMs += ms
    for (const { index } of this.up) this.#event(index, ({ era }) => era.participant.tick())
  }

  /** One thing happens: a turn or a delivery; false if nothing is left to happen. */
  step(): boolean {
    const turns = this.up.filter(({ isDirty, isLeaving }) => isDirty || isLeaving)
    const links = [...this.#links].filter(([, frames]) => frames.length > 0)
    const choice = this.random.below(turns.length + links.length)
    if (turns.length + links.length === 0) return false
    if (choice < turns.length) this.#go(turns[choice] as Member)
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
    const status = (index: number): string =>
      JSON.stringify({ configuration: this.configurationOf(index), ...this.replica(index).status })
    return this.up.map(({ index }) => `${index}: ${status(index)}`).join('; ')
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
    const eras = member.eras as Eras
    const { era } = eras
    const turn = era.participant.takeTurn()
    member.isDirty = false
    member.disk.journal.push(...member.unsynced.splice(0), ...turn.records)
    this.#store(member.disk, turn)
    member.faults.push(...turn.faults)
    era.outbox.send(turn.outgoing)
    if (turn.blocks.length > 0) eras.announce()
    for (const [from, epoch] of turn.requests) {
      era.outbox.say(era.members.key(from), answerOf(member.disk, epoch))
    }
    member.isLeaving = eras.isOver
    return turn
  }

  // A node may end between the last turn of a configuration and its first word in the next.
  #go(member: Member): void {
    if (!member.isLeaving) {
      this.turn(member.index)
      return
    }
    const eras = member.eras as Eras
    const isMember = ({ key }: Member): boolean => eras.era.members.indexOf(key) !== undefined
    const before = new Set(this.members.filter(isMember))
    eras.enter(undefined)
    member.isLeaving = false
    member.isDirty = true
    for (const other of this.up) {
      if (other !== member && before.has(other) !== isMember(other)) this.#reconnect(member, other)
    }
    eras.greetGuests()
  }

  // Guests and members are admitted differently: who changes sides has to connect anew.
  #reconnect({ index }: Member, other: Member): void {
    if (!this.#links.has(`${index} ${other.index}`)) return
    this.disconnect(index, other.index)
    this.connect(index, other.index)
  }

  #post(from: number, to: number, message: PeerMessage): void {
    this.#hear(from, to, message)
    const passed = this.intercept(from, to, message)
    if (passed !== undefined) this.send(from, to, passed)
  }

  #deliver(link: string): void {
    const [from, to] = link.split(' ').map(Number) as [number, number]
    const frame = this.#links.get(link)?.shift() as Uint8Array
    this.#event(to, eras => eras.onFrame(this.member(from).key, frame))
  }

  #event(index: number, run: (eras: Eras) => void): void {
    const member = this.member(index)
    if (member.eras === undefined) return
    run(member.eras)
    member.isDirty = true
  }

  #store(disk: Disk, { blocks, certificates }: Pick<Turn, 'blocks' | 'certificates'>): void {
    for (const { configuration } of blocks) this.decided.set(configuration.index, configuration)
    disk.blocks.push(...blocks.map(({ bytes, payloads }) => ({ block: bytes, payloads })))
    for (const certificate of certificates) disk.certificates.set(certificate.epoch, certificate)
  }

  // The same epoch has other words in another configuration.
  #hear(from: number, to: number, message: PeerMessage): void {
    if (message.type !== 'consensus') return
    const { configuration, bytes } = message
    const { atomicBroadcast } = this.member(from).eras?.era.suite ?? {}
    const codec = atomicBroadcast?.codec({ n: this.member(from).eras?.era.members.keys.length ?? 0 })
    this.witnessOf(configuration).hear(from, to, codec?.decode(bytes) as never)
  }

  /** Who heard what was said in a configuration. */
  witnessOf(configuration: number): Witness {
    if (configuration === 0) return this.witness
    const witness = this.witnesses.get(configuration) ?? new Witness()
    this.witnesses.set(configuration, witness)
    return witness
  }

  /** What was said twice and differently, in any configuration. */
  get contradictions(): readonly unknown[] {
    return [this.witness, ...this.witnesses.values()].flatMap(({ contradictions }) => contradictions)
  }

  readonly #suite = waterbearQsQ({ rng: nodeCrypto.rng, sha256, payloadBytesMax: LIMITS.proposalBytesMax })

  /** What members say to each other about agreement, as bytes. */
  get agreement(): Codec<WaterbearQsQMessage> {
    return this.#suite.atomicBroadcast.codec({ n: this.#options.n })
  }

  #memberOf(index: number): Configuration['members'][number] {
    const publicKey = crypto.ed25519.publicKey(this.secretKey(index))
    return { name: `member ${index}`, publicKey, addresses: [] }
  }

  #machine(): StateMachine<RecordsState> {
    const operations = opaqueOperations({ sha256: crypto.sha256, bytesMax: LIMITS.operationBytesMax })
    const keeper = records({ sha256: crypto.sha256, operations })
    return {
      ...keeper,
      wake: state => this.#options.wake(state.size),
      apply: (state, block) => {
        const change = block.operations.map(({ bytes }) => changeIn(bytes)).findLast(one => one !== undefined)
        const applied = keeper.apply(state, block)
        if (change === undefined) return applied
        const members = change.members.map(index => this.#memberOf(index))
        const { suite = block.configuration.suite } = change
        return { ...applied, configuration: { ...block.configuration, suite, members } }
      },
    }
  }

  #makeEras(member: Member): Eras {
    const parts = this.#partsOf(member)
    const eras: Eras = new Eras(
      { ...parts, era: beginEra(parts, undefined, parts.spoken.operations) },
      {
        onRequest: (from, epoch) => eras.era.outbox.say(from, answerOf(member.disk, epoch)),
        onCertificate: certificate => this.#store(member.disk, { blocks: [], certificates: [certificate] }),
        onContentRequest: () => {},
        onGuestFault: fault => member.faults.push(fault),
        onEnd: rest => this.#store(member.disk, rest),
      },
    )
    return eras
  }

  #partsOf(member: Member): EraParts {
    const { depth, epochsKept, suites, ahead } = this.#options
    const { disk, index } = member
    const { genesis } = this
    const { ledger, ends } = this.#ledgerOf(disk)
    if (disk.journal.length === 0) {
      disk.journal.push(journalCodec.encode({ type: disk.blocks.length === 0 ? 'begin' : 'lost' }))
    }
    const spoken = new Spoken(readJournal(disk.journal), 0)
    if (spoken.index < ledger.configuration.index) spoken.leave(ends.get(spoken.index) ?? 0)
    return {
      options: {
        directory: '',
        genesis,
        secretKey: this.secretKey(index),
        crypto: {
          ...nodeCrypto,
          ...crypto,
          rng: { bit: () => this.random.below(2), below: this.random.below } as never,
        },
        suite: parts => {
          const make = suites(index)[parts.configuration.suite]
          if (make === undefined) throw new RangeError(`there is no system ${parts.configuration.suite}`)
          return make({ ...parts, depth, epochsKept })
        },
        transport: this.#transportOf(member),
        operations: { kind: 'opaque', bytesMax: LIMITS.operationBytesMax },
        limits: LIMITS,
        now: () => this.nowMs,
      },
      ledger,
      log: { append: record => member.unsynced.push(record) },
      spoken,
      codec: this.codec,
      counts: { messages: 0, frames: 0, bytes: 0 },
      ahead: ahead?.(index),
      isComplete: undefined,
    }
  }

  /** The ledger that a disk holds, and where each of its configurations ended. */
  #ledgerOf({ blocks }: Disk): { ledger: Ledger<unknown>; ends: Map<number, number> } {
    const ledger = new Ledger({ genesis: this.genesis, crypto, machine: this.#machine() }) as Ledger<unknown>
    const ends = new Map<number, number>()
    for (const item of blocks) {
      const { index } = ledger.configuration
      applyChecked(ledger, proposalCodecOf(LIMITS), decodeBlock(item.block), item)
      if (ledger.configuration.index > index) ends.set(index, ledger.nextEpoch)
    }
    return { ledger, ends }
  }

  #transportOf({ index, key }: Member): Transport {
    const indices = new Map(this.members.map(member => [member.key, member.index]))
    const send = (to: MemberKey, _: unknown, frame: Uint8Array): boolean => {
      for (const message of decoded(this.codec, frame)) {
        this.#post(index, indices.get(to) as number, message)
      }
      return true
    }
    return { self: key, send } as unknown as Transport
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

function changeIn(bytes: Uint8Array): Change | undefined {
  const text = Buffer.from(bytes).toString()
  return text.startsWith('change ') ? (JSON.parse(text.slice('change '.length)) as Change) : undefined
}

function answerOf({ blocks, certificates }: Disk, from: number): PeerMessage {
  const configurationOf = (epoch: number): string =>
    hex(decodeBlock((blocks[epoch] as ReceivedBlock).block).configuration)
  const isSame = (epoch: number): boolean =>
    epoch < blocks.length && configurationOf(epoch) === configurationOf(from)
  const last = [...certificates.values()]
    .filter(({ epoch }) => epoch >= from && epoch < from + 8 && isSame(epoch))
    .reduce<Certificate | undefined>((best, one) => (one.epoch > (best?.epoch ?? -1) ? one : best), undefined)
  if (last === undefined) return { type: 'blocks', from: from as never, items: [], certificate: undefined }
  return {
    type: 'blocks',
    from: from as never,
    items: blocks.slice(from, last.epoch + 1),
    certificate: last as never,
  }
}

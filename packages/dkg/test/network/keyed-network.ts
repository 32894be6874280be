/**
 * Members of a network whose log generates its keys, without a network: each has a machine of its own and reads the same blocks.
 */
import { digestKey, type Rng } from '@mc/crypto'
import { type BoxKeys, type SealedBoxes, sealedBoxes, signerBoxSecretKey } from '@mc/crypto/dkg'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { ristretto255 } from '@mc/crypto/threshold'
import {
  type GeneratedKey,
  type Generation,
  type KeyedState,
  KeyMember,
  type KeyStatement,
  keyedMachine,
  type NeededKey,
  type NetworkKeysSetting,
  plainOperations,
  signKeyStatement,
} from '@mc/dkg'
import {
  type Applied,
  type Configuration,
  type RecordedMachine,
  type RecordedState,
  type Refusal,
  recorded,
  type StateMachine,
  signedOperations,
} from '@mc/ledger'
import type { PeerIndex } from '@mc/protocol'
import { rngOf, sha256 } from '../log.js'

export const REALM = 'village'
const signed = signedOperations({ realm: REALM, crypto })
const honest = sealedBoxes({ group: ristretto255, sha256 })

/** Two keys, as BEAT0 needs them. */
export const BEAT0: readonly NeededKey[] = ['coin', 'encryption'].map(purpose => ({
  purpose,
  group: ristretto255.name,
}))

export type State = RecordedState<KeyedState<undefined>>

export const secretOf = (name: string): Uint8Array => rngOf(`key of ${name}`).bytes(32)

export const configurationOf = (names: readonly string[], depth = 1): Configuration => ({
  index: 0,
  firstEpoch: 0,
  suite: 'waterbear-qs-q',
  depth,
  members: names.map(name => ({ name, publicKey: crypto.ed25519.publicKey(secretOf(name)), addresses: [] })),
})

export const settingOf = (boxes: SealedBoxes = honest, needs = BEAT0): NetworkKeysSetting => ({
  sha256,
  boxes,
  groups: new Map([[ristretto255.name, ristretto255 as never]]),
  needs,
  graceMs: 10_000,
  network: sha256(Uint8Array.of(7)),
  wanted: 'beat0',
})

/** A machine that a test tells to change the members. */
export function changeable(): RecordedMachine<undefined> & { next: Configuration | undefined } {
  const plain = plainOperations(signed, sha256)
  const machine = {
    ...plain,
    next: undefined as Configuration | undefined,
    apply(state: undefined, block: Parameters<typeof plain.apply>[1]): Applied<undefined> {
      const { next } = machine
      return { ...plain.apply(state, block), ...(next && { configuration: next }) }
    },
  }
  return machine
}

/** One member: its view of the log, its secrets. */
class Member {
  readonly name: string
  readonly machine: StateMachine<State>
  readonly inner = changeable()
  state: State
  configuration: Configuration
  boxKeys: BoxKeys | undefined
  part: { readonly generation: Generation; readonly member: KeyMember } | undefined
  readonly faults: string[] = []
  readonly #boxes: SealedBoxes
  #rng: Rng

  constructor(name: string, first: Configuration, boxes: SealedBoxes) {
    this.name = name
    this.#boxes = boxes
    this.#rng = rngOf(`draws of ${name}`)
    this.machine = machineOf(this.inner, first)
    this.state = this.machine.genesis()
    this.configuration = first
  }

  get keys() {
    return this.state.inner.keys
  }

  get self(): number {
    const { members } = this.keys.latest
    return members.findIndex(({ name }) => name === this.name)
  }

  /** What it wants on the log now. */
  speak(): readonly Uint8Array[] {
    const generation = this.keys.running ?? this.keys.generations.at(-1)
    if (generation === undefined || this.self < 0) return []
    if (!generation.isOpen) return this.#announce(generation)
    if (this.part?.generation.id.join() !== generation.id.join()) this.part = this.#begin(generation)
    const { statements, faults } = this.part.member.advance(generation, true)
    this.faults.push(...faults.map(({ rule, peer: at }) => `${rule} ${at}`))
    return statements.map(statement => this.sign(statement))
  }

  /** Its hold on the keys, in the order of the needs. */
  get shares(): readonly GeneratedKey[] | undefined {
    return this.part?.member.keys
  }

  sign(statement: KeyStatement): Uint8Array {
    return signKeyStatement(statement, { realm: REALM, created: 0 }, secretOf(this.name), crypto)
  }

  /** Another life: nothing but the state, and the box key. */
  restart(): void {
    this.#rng = rngOf(`another life of ${this.name}`)
    const snapshot = this.machine.snapshot(this.state)
    const chunks = Array.from({ length: snapshot.chunkCount }, (_, at) => snapshot.chunk(at))
    const reader = this.machine.openSnapshot(snapshot.manifest, this.machine.root(this.state))
    if (reader === undefined || !chunks.every((chunk, at) => reader.accepts(at, chunk))) {
      throw new Error('the snapshot is not accepted')
    }
    this.state = reader.restore(chunks)
    this.part = undefined
  }

  #announce(generation: Generation): readonly Uint8Array[] {
    if (generation.announced(this.self as PeerIndex) !== undefined) return []
    this.boxKeys ??= this.#boxes.generate(this.#rng)
    const { publicKey: boxKey } = this.boxKeys
    return [this.sign({ type: 'box', generation: generation.id, boxKey })]
  }

  #begin(generation: Generation) {
    const self = this.self as PeerIndex
    const announced = generation.announced(self)
    const boxSecretKey =
      announced === undefined ? signerBoxSecretKey(secretOf(this.name)) : (this.boxKeys as BoxKeys).secretKey
    const setting = settingOf(this.#boxes)
    const options = { generation, setting, self, boxSecretKey, rng: this.#rng }
    return { generation, member: new KeyMember(options) }
  }
}

export const machineOf = (inner: RecordedMachine<undefined>, first: Configuration): StateMachine<State> =>
  recorded(keyedMachine({ machine: inner, realm: REALM, signed, setting: settingOf(), first }), sha256)

export interface Block {
  readonly epoch: number
  readonly clock: number
  readonly receipts: readonly { readonly accepted: boolean; readonly refusal?: Refusal }[]
  readonly configuration: Configuration | undefined
}

/** All members, and the log that they share. */
export class KeyedNetwork {
  readonly members: Member[]
  clock = 0
  epoch = 0
  /** Operations that wait, in the order in which they were said. */
  waiting: Uint8Array[] = []
  readonly blocks: Block[] = []
  readonly refusals: string[] = []
  readonly events: string[] = []
  readonly #random: Rng
  #inForce: Configuration
  #decided: Configuration | undefined

  constructor(
    names: readonly string[],
    {
      seed = 'one',
      depth = 1,
      liars = {},
    }: {
      readonly seed?: string
      readonly depth?: number
      readonly liars?: Readonly<Record<string, SealedBoxes>>
    } = {},
  ) {
    const first = configurationOf(names, depth)
    this.#inForce = first
    this.#random = rngOf(`order ${seed}`)
    this.members = names.map(name => new Member(name, first, liars[name] ?? honest))
  }

  member(name: string): Member {
    return this.members.find(one => one.name === name) as Member
  }

  /** Somebody who is no member yet and follows the log. */
  join(name: string, like: string): void {
    const other = this.member(like)
    const member = new Member(name, configurationOf(NAMES), honest)
    const joined = Object.assign(member, { machine: machineOf(member.inner, configurationOf(NAMES)) })
    const snapshot = other.machine.snapshot(other.state)
    const chunks = Array.from({ length: snapshot.chunkCount }, (_, at) => snapshot.chunk(at))
    joined.state = (
      joined.machine.openSnapshot(snapshot.manifest, other.machine.root(other.state)) as NonNullable<
        ReturnType<StateMachine<State>['openSnapshot']>
      >
    ).restore(chunks)
    this.members.push(joined)
  }

  get configuration(): Configuration {
    return this.#inForce
  }

  /** Has members say what they want to say. */
  speak(except: readonly string[] = []): void {
    for (const member of this.members) if (!except.includes(member.name)) this.say(member.speak())
  }

  say(operations: readonly Uint8Array[]): void {
    const known = new Set(this.waiting.map(digestKey))
    this.waiting.push(...operations.filter(one => !known.has(digestKey(one))))
  }

  /** A block with some of what waits, in any order; the clock moves. */
  block(
    ms = 100,
    take: (operation: Uint8Array) => boolean = () => (this.#random.bytes(1)[0] as number) > 80,
  ): void {
    const taken = this.waiting.filter(take)
    this.waiting = this.waiting.filter(one => !taken.includes(one))
    const operations = shuffled(taken, this.#random).map(bytes => ({
      proposer: 0,
      id: signed.id(bytes),
      bytes,
    }))
    this.clock += ms
    const applied = this.members.map(member => this.#apply(member, operations))
    const roots = new Set(this.members.map(({ machine, state }) => digestKey(machine.root(state))))
    if (roots.size > 1) throw new Error('members have different states')
    const [{ receipts, configuration, events = [] }] = applied as [Applied<State>]
    for (const receipt of receipts) if (!receipt.accepted) this.refusals.push(receipt.refusal.rule)
    this.events.push(...events.map(({ type }) => type))
    this.blocks.push({ epoch: this.epoch, clock: this.clock, receipts, configuration })
    if (this.#decided === undefined) this.#decided = configuration
    this.epoch += 1
    if (this.#decided?.firstEpoch !== this.epoch) return
    this.#inForce = this.#decided
    this.#decided = undefined
  }

  /** Goes on until the keys of the last configuration are there. */
  run({
    except = [],
    blocksMax = 200,
  }: {
    readonly except?: readonly string[]
    readonly blocksMax?: number
  } = {}): void {
    for (let at = 0; at < blocksMax; at += 1) {
      this.speak(except)
      if (this.member(NAMES[0] as string).keys.running === undefined) return
      this.block()
    }
    throw new Error('no keys')
  }

  #apply(
    member: Member,
    operations: Parameters<StateMachine<State>['apply']>[1]['operations'],
  ): Applied<State> {
    const beacon = { label: 'chain', value: new Uint8Array(32) } as const
    const applied = member.machine.apply(member.state, {
      epoch: this.epoch,
      time: this.clock,
      clock: this.clock,
      beacon,
      configuration: this.#inForce,
      decided: this.#decided,
      operations,
    })
    member.state = applied.state
    return applied
  }
}

/** Four members. */
export const NAMES = ['ann', 'bob', 'cao', 'dan']

function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const rest = [...items]
  return items.map(() => rest.splice((rng.bytes(1)[0] as number) % rest.length, 1)[0] as T)
}

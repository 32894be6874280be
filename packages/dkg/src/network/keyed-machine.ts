/**
 * A state machine with the keys of its network beside it: the log that its operations are on generates them.
 *
 * Operations about keys are told apart by how they begin, and never reach the machine inside. When the keys of a configuration
 * are there, the block names the next configuration, whose suite wants them.
 */
import { domainHash, equalBytes } from '@mc/crypto'
import {
  type Applied,
  type BlockInput,
  type Configuration,
  configurationCodec,
  configurationDigest,
  type OperationFormat,
  type OrderedOperation,
  type Receipt,
  type RecordedMachine,
  type Refusal,
  type Snapshot,
  type SnapshotReader,
  type StateEvent,
  type Wake,
} from '@mc/ledger'
import { bytes, type Codec, DecodeError, digest, hex, list, struct } from '@mc/protocol/wire'
import { chained, Generation, type GenerationEvent, generationEventCodec } from './generation.js'
import { decodeKeyOperation, keyOperations } from './key-operation.js'
import { NetworkKeys, type NetworkKeysSetting } from './network-keys.js'

/** What a keyed machine is made from. */
export interface KeyedMachineOptions<Inner> {
  /** What all other operations drive. */
  readonly machine: RecordedMachine<Inner>
  /** The name of the network, which operations are signed for. */
  readonly realm: string
  /** Checks signed operations of this network. */
  readonly signed: OperationFormat
  readonly setting: NetworkKeysSetting
  /** The configuration of the genesis. */
  readonly first: Configuration
}

/** The state of the machine inside, and the keys of the network. */
export interface KeyedState<Inner> {
  readonly inner: Inner
  readonly keys: NetworkKeys
}

/** While keys for boxes are awaited, a block at least this often. */
const HEARTBEAT_MS = 1_000

const snapshotCodec: Codec<{
  readonly latest: Configuration
  readonly generations: readonly {
    readonly configuration: Configuration
    readonly events: readonly GenerationEvent[]
  }[]
}> = struct({
  latest: configurationCodec,
  generations: list(
    struct({ configuration: configurationCodec, events: list(generationEventCodec, { max: 1_000_000 }) }),
    { max: 8 },
  ),
})

const manifestCodec: Codec<{
  readonly innerRoot: Uint8Array
  readonly keysRoot: Uint8Array
  readonly inner: Uint8Array
}> = struct({ innerRoot: digest, keysRoot: digest, inner: bytes({ max: 64 * 2 ** 20 }) })

/** The machine with the keys beside it. Rules that refuse: `ledger/…` as `signed` does, and `dkg/…`. */
export const keyedMachine = <Inner>(
  options: KeyedMachineOptions<Inner>,
): RecordedMachine<KeyedState<Inner>> => new KeyedMachine(options)

class KeyedMachine<Inner> implements RecordedMachine<KeyedState<Inner>> {
  readonly name: string
  readonly version: number
  readonly #options: KeyedMachineOptions<Inner>
  readonly #isAboutKeys: (operation: Uint8Array) => boolean

  constructor(options: KeyedMachineOptions<Inner>) {
    this.#options = options
    this.name = `keyed/${options.machine.name}`
    this.version = options.machine.version
    this.#isAboutKeys = keyOperations(options.realm)
  }

  genesis(): KeyedState<Inner> {
    const { machine, first, setting } = this.#options
    return { inner: machine.genesis(), keys: new NetworkKeys(first, setting) }
  }

  operationId(operation: Uint8Array): Uint8Array {
    const { machine, signed } = this.#options
    return this.#isAboutKeys(operation) ? signed.id(operation) : machine.operationId(operation)
  }

  isKnown({ inner }: KeyedState<Inner>, key: string): boolean {
    // What is said about keys is known by the record around this machine.
    return this.#options.machine.isKnown(inner, key)
  }

  author(operation: Uint8Array): Uint8Array {
    return this.#isAboutKeys(operation)
      ? decodeKeyOperation(operation).author.slice()
      : this.#options.machine.author(operation)
  }

  admit({ inner, keys }: KeyedState<Inner>, operation: Uint8Array): Refusal | undefined {
    if (!this.#isAboutKeys(operation)) return this.#options.machine.admit(inner, operation)
    return this.#formRefusal(operation) ?? keys.refusalOf(decodeKeyOperation(operation))
  }

  apply({ inner, keys }: KeyedState<Inner>, block: BlockInput): Applied<KeyedState<Inner>> {
    const isAboutKeys = block.operations.map(({ bytes: operation }) => this.#isAboutKeys(operation))
    const others = block.operations.filter((_, at) => !isAboutKeys[at])
    const applied = this.#options.machine.apply(inner, { ...block, operations: others })
    const events: StateEvent[] = [...(applied.events ?? [])]
    const aboutKeys = block.operations
      .filter((_, at) => isAboutKeys[at])
      .map(operation => this.#take(keys, operation, block.clock, events))
    const next = keys.settle(block, applied.configuration)
    if (next?.keySet !== undefined) events.push({ type: 'keys-generated', detail: { suite: next.suite } })
    return {
      state: { inner: applied.state, keys },
      receipts: [...applied.receipts, ...aboutKeys],
      events,
      ...(next && { configuration: next }),
    }
  }

  wake({ inner, keys }: KeyedState<Inner>): Wake | undefined {
    const other = this.#options.machine.wake?.(inner)
    if (keys.opensAt === undefined) return other
    const heartbeatMs = Math.min(HEARTBEAT_MS, other?.heartbeatMs ?? HEARTBEAT_MS)
    return { heartbeatMs, dueMs: Math.min(keys.opensAt, other?.dueMs ?? keys.opensAt) }
  }

  size({ inner }: KeyedState<Inner>): number {
    // Accepted operations are counted by the record around this machine.
    return this.#options.machine.size(inner)
  }

  root({ inner, keys }: KeyedState<Inner>): Uint8Array {
    return this.#rootOf(this.#options.machine.root(inner), this.#keysRoot(keys))
  }

  snapshot({ inner, keys }: KeyedState<Inner>): Snapshot {
    const { machine } = this.#options
    const ofInner = machine.snapshot(inner)
    const chunk = snapshotCodec.encode({
      latest: keys.latest,
      generations: keys.generations.map(({ configuration, events }) => ({ configuration, events })),
    })
    return {
      manifest: manifestCodec.encode({
        innerRoot: machine.root(inner),
        keysRoot: this.#keysRoot(keys),
        inner: ofInner.manifest,
      }),
      chunkCount: ofInner.chunkCount + 1,
      // The chunks of the machine inside come first, so that what is settled there stays settled.
      settledChunks: ofInner.settledChunks ?? 0,
      chunk: index => (index < ofInner.chunkCount ? ofInner.chunk(index) : chunk),
    }
  }

  openSnapshot(manifest: Uint8Array, root: Uint8Array): SnapshotReader<KeyedState<Inner>> | undefined {
    const parts = decoded(manifestCodec, manifest)
    if (parts === undefined || !equalBytes(this.#rootOf(parts.innerRoot, parts.keysRoot), root))
      return undefined
    const inner = this.#options.machine.openSnapshot(parts.inner, parts.innerRoot)
    if (inner === undefined) return undefined
    const { chunkCount } = inner
    return {
      chunkCount: chunkCount + 1,
      accepts: (index, chunk) =>
        index < chunkCount ? inner.accepts(index, chunk) : this.#accepts(chunk, parts.keysRoot),
      restore: chunks => ({
        inner: inner.restore(chunks.slice(0, chunkCount)),
        keys: this.#restored(chunks[chunkCount]),
      }),
    }
  }

  #formRefusal(operation: Uint8Array): Refusal | undefined {
    const { signed } = this.#options
    if (operation.length > signed.bytesMax) {
      const detail = `${operation.length} bytes, need at most ${signed.bytesMax}`
      return { rule: 'ledger/malformed-operation', detail }
    }
    const checked = signed.check(operation)
    return 'refusal' in checked ? checked.refusal : undefined
  }

  #take(
    keys: NetworkKeys,
    { id, bytes: operation }: OrderedOperation,
    clock: number,
    events: StateEvent[],
  ): Receipt {
    const refusal = this.#formRefusal(operation)
    if (refusal !== undefined) return { id, accepted: false, refusal }
    const read = decodeKeyOperation(operation)
    const taken = keys.take(read, clock)
    if (typeof taken !== 'boolean') return { id, accepted: false, refusal: taken }
    if (!taken) events.push({ type: 'key-dealing-unusable', detail: { author: hex(read.author) } })
    // The record around this machine gives it its place.
    return { id, accepted: true, position: 0 }
  }

  #keysRoot({ latest, generations }: NetworkKeys): Uint8Array {
    return this.#keysRootOf(
      latest,
      generations.map(({ root }) => root),
    )
  }

  #keysRootOf(latest: Configuration, roots: readonly Uint8Array[]): Uint8Array {
    const { sha256 } = this.#options.setting
    return domainHash(sha256, 'mc/keys/state/v1', configurationDigest(latest, sha256), ...roots)
  }

  #rootOf(innerRoot: Uint8Array, keysRoot: Uint8Array): Uint8Array {
    return domainHash(this.#options.setting.sha256, 'mc/keyed/v1', innerRoot, keysRoot)
  }

  /** Whether what is told leads to the root: by hashes alone, no group is touched before. */
  #accepts(chunk: Uint8Array, keysRoot: Uint8Array): boolean {
    const { setting } = this.#options
    const told = decoded(snapshotCodec, chunk)
    if (told === undefined) return false
    const roots = told.generations.map(({ configuration, events }) =>
      events.reduce(
        (root, event) => chained(root, event, setting.sha256),
        new Generation(configuration, setting).root,
      ),
    )
    return equalBytes(this.#keysRootOf(told.latest, roots), keysRoot)
  }

  #restored(chunk: Uint8Array | undefined): NetworkKeys {
    const { setting } = this.#options
    const told = chunk && decoded(snapshotCodec, chunk)
    if (told === undefined) throw new RangeError('keys: these chunks were not accepted')
    const generations = told.generations.map(({ configuration, events }) =>
      new Generation(configuration, setting).replay(events),
    )
    return NetworkKeys.restore(setting, this.#options.first.suite, told.latest, generations)
  }
}

function decoded<T>(codec: Codec<T>, encoded: Uint8Array): T | undefined {
  try {
    return codec.decode(encoded)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

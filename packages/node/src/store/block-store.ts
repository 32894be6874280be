/**
 * Blocks, payloads, certificates and snapshots in LevelDB.
 *
 * Everything in here can be verified: blocks and payloads by their names, certificates by their signatures, snapshots by the
 * state root. Writes are ordered but not synced one by one; the write-ahead log covers what is not on disk yet, and
 * `checkpoint` syncs before the log lets go.
 */
import { equalBytes } from '@mc/crypto'
import { type Certificate, type Configuration, configurationCodec, type Snapshot } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { ClassicLevel } from 'classic-level'
import type { StoredBlock } from '../replica/chain.js'
import { certificateCodec } from './certificate-codec.js'

/** A block as it was stored. */
export interface BlockOnDisk {
  readonly block: Uint8Array
  readonly payloads: readonly Uint8Array[]
}

/** A snapshot as it was stored: the state after the block of `epoch`. */
export interface SnapshotOnDisk {
  readonly epoch: number
  readonly manifest: Uint8Array
  readonly chunks: readonly Uint8Array[]
  /** Operations on the ledger after each block up to that epoch. */
  readonly totals: readonly number[]
}

/** The state after the block of `epoch`, and how many operations there were after each block up to it. */
export interface Checkpoint {
  readonly epoch: number
  readonly snapshot: Snapshot
  readonly totals: readonly number[]
  /** How many of the totals an earlier checkpoint has written. */
  readonly totalsWritten: number
}

type Level = ClassicLevel<string, Uint8Array>

/** How many totals lie under one key: what is full is never written again. */
const TOTALS_PER_KEY = 512

/** Kept in memory twice while it is written to a file. */
const WRITE_BUFFER_BYTES = 4 * 1024 * 1024

const blockKey = (epoch: number): string => `block/${digits(epoch)}`
const certificateKey = (epoch: number): string => `certificate/${digits(epoch)}`
const payloadKey = (cid: string): string => `payload/${cid}`
const chunkKey = (index: number): string => `chunk/${digits(index)}`
const totalsKey = (index: number): string => `totals/${digits(index)}`
const configurationKey = (index: number): string => `configuration/${digits(index)}`
const digestKey = (digest: Uint8Array): string => `digest/${hex(digest)}`
const cidKey = (cid: string): string => `cid/${cid}`
const digits = (number: number): string => String(number).padStart(16, '0')

/** The store of one node. */
export class BlockStore {
  readonly #level: Level

  private constructor(level: Level) {
    this.#level = level
  }

  /** @throws Error if another process has the store open, or if it is damaged. */
  static async open(directory: string): Promise<BlockStore> {
    const level: Level = new ClassicLevel(directory, {
      valueEncoding: 'view',
      writeBufferSize: WRITE_BUFFER_BYTES,
      // Digests, signatures and what people sign do not get any smaller.
      compression: false,
    })
    await level.open()
    return new BlockStore(level)
  }

  /** Stores an applied block and its payloads, and with it the configuration that it announces. */
  async put({ block, cid, bytes, payloads, configuration }: StoredBlock): Promise<void> {
    const isAnnounced = !equalBytes(block.configuration, block.nextConfiguration)
    await this.#level.batch([
      ...(isAnnounced ? announced(configuration, block.nextConfiguration) : []),
      ...payloads.map((value, at) => put(payloadKey(String(block.payloads[at]?.cid)), value)),
      put(cidKey(String(cid)), certificateCodec.encode({ epoch: block.epoch, seals: [] })),
      put(blockKey(block.epoch), bytes),
    ])
  }

  async putCertificate(certificate: Certificate): Promise<void> {
    await this.#level.put(certificateKey(certificate.epoch), certificateCodec.encode(certificate))
  }

  /** Stores a snapshot of the state, rewriting only what changed, and syncs everything written so far. */
  async checkpoint({ epoch, snapshot, totals, totalsWritten }: Checkpoint): Promise<void> {
    const first = await this.#settledChunks()
    const chunks = Array.from({ length: Math.max(0, snapshot.chunkCount - first) }, (_, at) => first + at)
    await this.#level.batch(
      [
        ...chunks.map(index => put(chunkKey(index), snapshot.chunk(index))),
        ...totalsFrom(totals, totalsWritten),
        put('snapshot/blocks', encodeNumber(totals.length)),
        put('snapshot/epoch', encodeNumber(epoch)),
        put('snapshot/chunks', encodeNumber(snapshot.chunkCount)),
        put('snapshot/settled', encodeNumber(snapshot.settledChunks ?? 0)),
        put('snapshot/manifest', snapshot.manifest),
      ],
      { sync: true },
    )
  }

  /** The bytes of a block, if it is here. */
  async block(epoch: number): Promise<Uint8Array | undefined> {
    return this.#level.get(blockKey(epoch))
  }

  /** The epoch of the block with this name. */
  async epochOf(cid: string): Promise<number | undefined> {
    const value = await this.#level.get(cidKey(cid))
    return value === undefined ? undefined : certificateCodec.decode(value).epoch
  }

  /** The configurations that blocks have announced, ascending. */
  async configurations(): Promise<readonly Configuration[]> {
    const values = await this.#level.values({ gte: configurationKey(0), lt: 'configuration0' }).all()
    return values.map(bytes => configurationCodec.decode(bytes))
  }

  /** The configuration with this index, if a block has announced it. */
  async configuration(index: number): Promise<Configuration | undefined> {
    const value = await this.#level.get(configurationKey(index))
    return value === undefined ? undefined : configurationCodec.decode(value)
  }

  /** The index of the configuration with this digest. */
  async configurationIndex(digest: Uint8Array): Promise<number | undefined> {
    const value = await this.#level.get(digestKey(digest))
    return value === undefined ? undefined : decodeNumber(value)
  }

  async payload(cid: string): Promise<Uint8Array | undefined> {
    return this.#level.get(payloadKey(cid))
  }

  async certificate(epoch: number): Promise<Certificate | undefined> {
    const value = await this.#level.get(certificateKey(epoch))
    return value === undefined ? undefined : certificateCodec.decode(value)
  }

  /** The last stored snapshot. */
  async snapshot(): Promise<SnapshotOnDisk | undefined> {
    const [epoch, manifest] = await this.#level.getMany(['snapshot/epoch', 'snapshot/manifest'])
    if (epoch === undefined || manifest === undefined) return undefined
    const chunks = await this.#values(await this.#chunkCount(), chunkKey)
    return { epoch: decodeNumber(epoch), manifest, chunks, totals: await this.#totals() }
  }

  /** The bytes of the blocks from an epoch on, ascending. */
  async *blocksFrom(epoch: number): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const value of this.#level.values({ gte: blockKey(epoch), lt: 'block0' })) yield value
  }

  /** Waits until everything written so far is on disk. */
  async flush(): Promise<void> {
    await this.#level.put('flushed', NOTHING, { sync: true })
  }

  async close(): Promise<void> {
    await this.#level.close()
  }

  async #totals(): Promise<readonly number[]> {
    const blocks = await this.#number('snapshot/blocks')
    const pages = await this.#values(Math.ceil(blocks / TOTALS_PER_KEY), totalsKey)
    return pages.flatMap(decodeNumbers).slice(0, blocks)
  }

  #chunkCount(): Promise<number> {
    return this.#number('snapshot/chunks')
  }

  /** Chunks on disk that no later snapshot changes. */
  #settledChunks(): Promise<number> {
    return this.#number('snapshot/settled')
  }

  async #number(key: string): Promise<number> {
    const value = await this.#level.get(key)
    return value === undefined ? 0 : decodeNumber(value)
  }

  async #values(count: number, key: (index: number) => string): Promise<readonly Uint8Array[]> {
    const keys = Array.from({ length: count }, (_, index) => key(index))
    return (await this.#level.getMany(keys)).filter(value => value !== undefined)
  }
}

const announced = (configuration: Configuration, digest: Uint8Array): readonly ReturnType<typeof put>[] => [
  put(configurationKey(configuration.index), configurationCodec.encode(configuration)),
  put(digestKey(digest), encodeNumber(configuration.index)),
]

/** The pages of totals that hold the ones from `start` on. */
function totalsFrom(totals: readonly number[], start: number): readonly ReturnType<typeof put>[] {
  const first = Math.floor(start / TOTALS_PER_KEY)
  return Array.from({ length: Math.ceil(totals.length / TOTALS_PER_KEY) - first }, (_, at) => {
    const from = (first + at) * TOTALS_PER_KEY
    return put(totalsKey(first + at), encodeNumbers(totals.slice(from, from + TOTALS_PER_KEY)))
  })
}

const NOTHING = new Uint8Array(0)

const put = (key: string, value: Uint8Array): { type: 'put'; key: string; value: Uint8Array } => ({
  type: 'put',
  key,
  value,
})

const encodeNumber = (number: number): Uint8Array => encodeNumbers([number])

const decodeNumber = (bytes: Uint8Array): number => decodeNumbers(bytes)[0] as number

function encodeNumbers(numbers: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(8 * numbers.length)
  for (const [at, number] of numbers.entries()) bytes.writeBigUInt64BE(BigInt(number), 8 * at)
  return bytes
}

function decodeNumbers(bytes: Uint8Array): readonly number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: buffer.length / 8 }, (_, at) => Number(buffer.readBigUInt64BE(8 * at)))
}

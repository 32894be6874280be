/**
 * A block: one epoch's batch, chained to the block before, in canonical dag-cbor.
 */
import * as dagCbor from '@ipld/dag-cbor'
import { equalBytes } from '@mc/crypto'
import { CID } from 'multiformats/cid'
import type { BeaconChain } from './beacon.js'
import { BLOCK_CODEC, PAYLOAD_CODEC, SHA2_256 } from './content.js'

/**
 * Everything a block says. Whoever holds a block and its certificate can go on from it: the clocks, the size of the log and
 * the digest of the next configuration are in it.
 */
export interface Block {
  readonly version: 1
  /** Digest of the genesis. */
  readonly network: Uint8Array
  readonly epoch: number
  /** The block of the epoch before; `null` only in the first block. */
  readonly previous: CID | null
  /** Digest of the configuration that agreed on this block. */
  readonly configuration: Uint8Array
  /** Digest of the configuration that is decided and follows, or of the same one. */
  readonly nextConfiguration: Uint8Array
  /** The payloads that are in, ascending by proposer. */
  readonly payloads: readonly BlockPayload[]
  /** Agreed time T, logical clock L, and the members' most recent clocks, in ms. */
  readonly time: number
  readonly clock: number
  readonly memberTimes: readonly number[]
  /** R of this block, and where the members' chains stand after it. */
  readonly beacon: Uint8Array
  readonly beaconChains: readonly BeaconChain[]
  /** Operations accepted since the genesis, this block included. */
  readonly operations: number
  /** Root of the state after this block. */
  readonly stateRoot: Uint8Array
  /** Members' signatures of earlier blocks that rode in this batch. */
  readonly seals: readonly BlockSeal[]
}

/** Who proposed which payload. */
export interface BlockPayload {
  readonly proposer: number
  readonly cid: CID
}

/** A member's signature of the block of an earlier epoch. */
export interface BlockSeal {
  readonly epoch: number
  readonly member: number
  readonly signature: Uint8Array
}

/** A block that somebody sent and that is none. */
export class BlockError extends Error {
  override readonly name = 'BlockError'
}

/** The canonical bytes of a block. */
export const encodeBlock = (block: Block): Uint8Array => dagCbor.encode(block)

/**
 * Reads a block that somebody else wrote.
 *
 * @throws BlockError unless the bytes are the canonical encoding of a block.
 */
export function decodeBlock(bytes: Uint8Array): Block {
  const value = decoded(bytes)
  const block = shaped(value)
  if (!equalBytes(encodeBlock(block), bytes)) throw new BlockError('block: not in canonical form')
  return block
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return dagCbor.decode(bytes)
  } catch (error) {
    throw new BlockError(`block: not dag-cbor (${String(error)})`)
  }
}

function shaped(value: unknown): Block {
  const fields = record(value)
  if (fields['version'] !== 1) throw new BlockError(`block: version ${String(fields['version'])}, need 1`)
  return {
    version: 1,
    network: digest(fields, 'network'),
    epoch: natural(fields, 'epoch'),
    previous: fields['previous'] === null ? null : cid(fields['previous'], BLOCK_CODEC),
    configuration: digest(fields, 'configuration'),
    nextConfiguration: digest(fields, 'nextConfiguration'),
    payloads: items(fields, 'payloads').map(item => ({
      proposer: natural(item, 'proposer'),
      cid: cid(item['cid'], PAYLOAD_CODEC),
    })),
    time: natural(fields, 'time'),
    clock: natural(fields, 'clock'),
    memberTimes: list(fields, 'memberTimes').map((time, at) => natural({ [at]: time }, String(at))),
    beacon: digest(fields, 'beacon'),
    beaconChains: items(fields, 'beaconChains').map(beaconChain),
    operations: natural(fields, 'operations'),
    stateRoot: digest(fields, 'stateRoot'),
    seals: items(fields, 'seals').map(item => ({
      epoch: natural(item, 'epoch'),
      member: natural(item, 'member'),
      signature: byteString(item, 'signature', 64),
    })),
  }
}

type Fields = Readonly<Record<string, unknown>>

function record(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new BlockError('block: need a map')
  return value as Fields
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name]
  if (!Array.isArray(value)) throw new BlockError(`block: need a list ${name}`)
  return value
}

const items = (fields: Fields, name: string): readonly Fields[] => list(fields, name).map(record)

function natural(fields: Fields, name: string): number {
  const value = fields[name]
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new BlockError(`block: need a number ${name}`)
  return value as number
}

function byteString(fields: Fields, name: string, length: number): Uint8Array {
  const value = fields[name]
  if (!(value instanceof Uint8Array) || value.length !== length) {
    throw new BlockError(`block: need ${length} bytes ${name}`)
  }
  return value
}

// Before a member has registered a chain there is no last link.
function beaconChain(item: Fields): BeaconChain {
  const generation = natural(item, 'generation')
  return {
    generation,
    used: natural(item, 'used'),
    last: byteString(item, 'last', generation === 0 ? 0 : 32),
  }
}

const digest = (fields: Fields, name: string): Uint8Array => byteString(fields, name, 32)

// Only what the decoder itself made a CID is one: a map can be dressed up as a CID that breaks whoever encodes it.
function cid(value: unknown, codec: number): CID {
  if (!(value instanceof CID)) throw new BlockError('block: need a CID')
  const { version, code, multihash } = value
  if (version !== 1 || code !== codec || multihash.code !== SHA2_256 || multihash.size !== 32) {
    throw new BlockError('block: need a CID of version 1 with the codec of its place and SHA-256')
  }
  return value
}

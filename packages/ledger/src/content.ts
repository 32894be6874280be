/**
 * Names of content: CIDs of blocks (dag-cbor) and of payloads (raw bytes), made synchronously.
 */
import * as dagCbor from '@ipld/dag-cbor'
import type { Sha256 } from '@mc/crypto'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

/** Multihash code of SHA-256, the only hash that names content here. */
export const SHA2_256 = 0x12

/** Multicodec of blocks: dag-cbor. */
export const BLOCK_CODEC: number = dagCbor.code

/** Multicodec of payloads: raw bytes. */
export const PAYLOAD_CODEC = 0x55

/** The CID of a dag-cbor block. */
export const blockCid = (bytes: Uint8Array, sha256: Sha256): CID =>
  CID.createV1(BLOCK_CODEC, create(SHA2_256, sha256(bytes)))

/** The CID of raw bytes: a payload, as its proposer broadcast it. */
export const payloadCid = (bytes: Uint8Array, sha256: Sha256): CID =>
  CID.createV1(PAYLOAD_CODEC, create(SHA2_256, sha256(bytes)))

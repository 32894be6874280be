/**
 * Shards under the hash of all their hashes: no tree, no paths, one hash to verify a shard.
 *
 * Every shard travels with the whole vector D = [H(shard_1) … H(shard_n)], of which the root is the hash. In a dispersal that relays
 * no shard, AVID-M, these are κ·n bits for each of n chunks: O(|M| + κ·n²) in all, without the log n of trees. Where shards are
 * echoed they are κ·n bits in each of n² messages, more than paths take from four members on: there it is for comparison.
 *
 * Near-optimal dispersal does not send D beside each shard: it spreads D itself by an error-correcting code. This commitment is the
 * one underneath, for `nearOptimalDispersal`; by itself, with D beside each shard, it verifies each shard on arrival.
 */
import { domainHasher, equalBytes, type Sha256 } from '@mc/crypto'
import { type CommitteeSize, faultsTolerated } from '@mc/protocol'
import { bytes, digest, fixedBytes } from '@mc/protocol/wire'
import { type ErasureCode, erasureCode, fastestKernel } from '../erasure/erasure-code.js'
import type { Kernel } from '../erasure/kernel.js'
import { Recent } from '../recent.js'
import { frame, PAYLOAD_BYTES_LIMIT, shardBytes, unframe } from './framing.js'
import {
  BAD,
  type CodingSize,
  type CommittedShard,
  type CommittedShardFields,
  type EncodedPayload,
  type PayloadCoding,
  type ShardCommitment,
  type ShardsUnderRoot,
} from './shard-commitment.js'

/** What a hash-vector commitment is made from. */
export interface HashVectorCommitmentOptions {
  readonly sha256: Sha256
  /** The largest payload, in bytes: from it follow the largest shard and the largest message. */
  readonly payloadBytesMax: number
  /** The inner loop of the erasure code; by default the fastest of this platform. It changes no byte. */
  readonly kernel?: Kernel
}

/** Committees in use at a time: the present one, the next, and some that catch up. */
const SIZES_MAX = 4

const HASH_BYTES = 32

/** A commitment whose proof is the same for all shards: the vector D of their hashes. */
export interface VectorCommitment extends ShardCommitment {
  /**
   * Encoding and decoding in one committee.
   *
   * @throws RangeError if the committee is too large for the code.
   */
  among(size: CodingSize): VectorCoding
}

/** The coding of a `VectorCommitment`: what it gives as the proof of any shard is the vector. */
export interface VectorCoding extends PayloadCoding {
  /** Whether these bytes are the vector that `root` stands for. Total. */
  isVector(root: Uint8Array, vector: Uint8Array): boolean
}

/** How long the vector of a committee of n is, in bytes. */
export const vectorBytes = ({ n }: CommitteeSize): number => HASH_BYTES * n

/**
 * Reed-Solomon shards under a vector of hashes, after near-optimal verifiable information dispersal.
 *
 * Costs: n hashes beside each shard; encoding hashes |M| · n / (n − 2f) bytes, and so does decoding. Committees of at most 255
 * members.
 *
 * @throws RangeError unless `payloadBytesMax` is an integer in 0 … 2^32 − 1.
 * @see Alhaddad, Das, Duan, Ren, Varia, Xiang, Zhang: Balanced Byzantine Reliable Broadcast with Near-Optimal Communication, PODC
 * 2022; a reconstruction
 */
export function hashVectorCommitment({
  sha256,
  payloadBytesMax,
  kernel = fastestKernel(),
}: HashVectorCommitmentOptions): VectorCommitment {
  if (
    !Number.isSafeInteger(payloadBytesMax) ||
    payloadBytesMax < 0 ||
    payloadBytesMax > PAYLOAD_BYTES_LIMIT
  ) {
    throw new RangeError(
      `commitment: need 0 ≤ payloadBytesMax ≤ ${PAYLOAD_BYTES_LIMIT}, got ${payloadBytesMax}`,
    )
  }
  const codings = new Recent<string, VectorCoding>(SIZES_MAX)
  return {
    name: 'commitment/hash-vector',
    wireVersion: 1,
    parameters: { code: 'reed-solomon/gf256-11d-cauchy', hash: 'sha256', payloadBytesMax },
    parts: {},
    payloadBytesMax,
    fields: size => fieldsAmong(size, payloadBytesMax),
    among: size =>
      codings.getOrMake(
        `${size.n}/${size.f}`,
        () => new HashVectorCoding(size, payloadBytesMax, sha256, kernel),
      ),
  }
}

/** A codec knows n only: the cap of a shard holds for all f. */
function fieldsAmong({ n }: CommitteeSize, payloadBytesMax: number): CommittedShardFields {
  return {
    root: digest,
    shard: bytes({ max: shardBytes(payloadBytesMax, n - 2 * faultsTolerated(n)) }),
    proof: fixedBytes(vectorBytes({ n })),
  }
}

class HashVectorCoding implements VectorCoding {
  readonly n: number
  readonly k: number
  readonly #payloadBytesMax: number
  readonly #shardBytesMax: number
  readonly #code: ErasureCode
  readonly #rootOf: (vector: Uint8Array) => Uint8Array
  readonly #shardHash: (shard: Uint8Array) => Uint8Array

  constructor({ n, f }: CodingSize, payloadBytesMax: number, sha256: Sha256, kernel: Kernel) {
    this.n = n
    this.k = n - 2 * f
    this.#payloadBytesMax = payloadBytesMax
    this.#shardBytesMax = shardBytes(payloadBytesMax, this.k)
    this.#code = erasureCode({ n, k: this.k, kernel })
    this.#rootOf = domainHasher(sha256, 'mc/hash-vector/root/v1')
    this.#shardHash = domainHasher(sha256, 'mc/hash-vector/shard/v1')
  }

  encode(payload: Uint8Array): EncodedPayload {
    if (payload.length > this.#payloadBytesMax) {
      throw new RangeError(`payload: need at most ${this.#payloadBytesMax} bytes, got ${payload.length}`)
    }
    return this.#encodeBlock(frame(payload, this.k), payload)
  }

  verifyShard(index: number, { root, shard, proof }: CommittedShard): boolean {
    return this.under(root).verify(index, { shard, proof })
  }

  decode(root: Uint8Array, shards: readonly (Uint8Array | undefined)[]): EncodedPayload | typeof BAD {
    // Shards of different lengths are the shards of nothing, whichever of them are here.
    const [first] = shards.filter(shard => shard !== undefined)
    if (shards.some(shard => shard !== undefined && shard.length !== first?.length)) return BAD
    const block = this.#code.decode(shards)
    const payload = unframe(block, this.k)
    if (payload === undefined || payload.length > this.#payloadBytesMax) return BAD
    const encoded = this.#encodeBlock(block, payload)
    return equalBytes(encoded.root, root) ? encoded : BAD
  }

  isVector(root: Uint8Array, vector: Uint8Array): boolean {
    return vector.length === vectorBytes(this) && equalBytes(this.#rootOf(vector), root)
  }

  under(root: Uint8Array): ShardsUnderRoot {
    // The vector of a root, once it was seen: there is only one, so it is hashed once.
    let known: Uint8Array | undefined
    return {
      verify: (index, { shard, proof }) => {
        if (shard.length === 0 || shard.length > this.#shardBytesMax) return false
        if (!this.#isMember(index)) return false
        if (known === undefined) {
          if (!this.isVector(root, proof)) return false
          known = proof.slice()
        } else if (!equalBytes(known, proof)) return false
        return equalBytes(hashAt(known, index), this.#shardHash(shard))
      },
      decode: shards => {
        const decoded = this.decode(root, shards)
        return decoded === BAD ? BAD : decoded.payload
      },
    }
  }

  #isMember(index: number): boolean {
    return Number.isSafeInteger(index) && index >= 0 && index < this.n
  }

  #encodeBlock(block: Uint8Array, payload: Uint8Array): EncodedPayload {
    const shards = this.#code.encode(block)
    const vector = new Uint8Array(vectorBytes(this))
    for (const [index, shard] of shards.entries()) vector.set(this.#shardHash(shard), HASH_BYTES * index)
    const root = this.#rootOf(vector)
    return {
      root,
      payload,
      shardOf: index => ({ root, shard: shards[index] as Uint8Array, proof: vector }),
    }
  }
}

const hashAt = (vector: Uint8Array, index: number): Uint8Array =>
  vector.subarray(HASH_BYTES * index, HASH_BYTES * (index + 1))

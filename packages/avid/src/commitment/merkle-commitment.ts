import {
  equalBytes,
  MerkleProofs,
  type MerkleTree,
  merkleProofBytes,
  merkleTree,
  type Sha256,
  verifyMerkleProof,
} from '@mc/crypto'
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

/** What a Merkle commitment is made from. */
export interface MerkleCommitmentOptions {
  readonly sha256: Sha256
  /** The largest payload, in bytes: from it follow the largest shard and the largest message. */
  readonly payloadBytesMax: number
  /** The inner loop of the erasure code; by default the fastest of this platform. It changes no byte. */
  readonly kernel?: Kernel
}

/** Committees in use at a time: the present one, the next, and some that catch up. */
const SIZES_MAX = 4

/**
 * Reed-Solomon shards under a Merkle root, as in Cachin and Tessaro's dispersal and HoneyBadger's broadcast.
 *
 * Costs: ⌈log₂ n⌉ hashes beside each shard; encoding hashes |M| · n / (n − 2f) bytes, and so does decoding.
 * Committees of at most 255 members.
 *
 * @throws RangeError unless `payloadBytesMax` is an integer in 0 … 2^32 − 1.
 */
export function merkleCommitment({
  sha256,
  payloadBytesMax,
  kernel = fastestKernel(),
}: MerkleCommitmentOptions): ShardCommitment {
  if (
    !Number.isSafeInteger(payloadBytesMax) ||
    payloadBytesMax < 0 ||
    payloadBytesMax > PAYLOAD_BYTES_LIMIT
  ) {
    throw new RangeError(
      `commitment: need 0 ≤ payloadBytesMax ≤ ${PAYLOAD_BYTES_LIMIT}, got ${payloadBytesMax}`,
    )
  }
  const codings = new Recent<string, PayloadCoding>(SIZES_MAX)
  return {
    name: 'commitment/merkle',
    wireVersion: 1,
    parameters: { code: 'reed-solomon/gf256-11d-cauchy', hash: 'sha256', payloadBytesMax },
    parts: {},
    payloadBytesMax,
    fields: size => fieldsAmong(size, payloadBytesMax),
    among: ({ n, f }) =>
      codings.getOrMake(`${n}/${f}`, () => new MerkleCoding({ n, f }, payloadBytesMax, sha256, kernel)),
  }
}

/** A codec knows n only. Fewer faults than n can tolerate mean more data shards, hence shorter ones: this cap holds for all f. */
function fieldsAmong({ n }: CommitteeSize, payloadBytesMax: number): CommittedShardFields {
  const k = dataShards({ n, f: faultsTolerated(n) })
  return {
    root: digest,
    shard: bytes({ max: shardBytes(payloadBytesMax, k) }),
    proof: fixedBytes(merkleProofBytes(n)),
  }
}

/** k = n − 2f: as many of any n − f shards as come from correct members. */
const dataShards = ({ n, f }: CodingSize): number => n - 2 * f

class MerkleCoding implements PayloadCoding {
  readonly n: number
  readonly k: number
  readonly #payloadBytesMax: number
  readonly #shardBytesMax: number
  readonly #code: ErasureCode
  readonly #sha256: Sha256

  constructor(size: CodingSize, payloadBytesMax: number, sha256: Sha256, kernel: Kernel) {
    this.n = size.n
    this.k = dataShards(size)
    this.#payloadBytesMax = payloadBytesMax
    this.#shardBytesMax = shardBytes(payloadBytesMax, this.k)
    this.#code = erasureCode({ n: this.n, k: this.k, kernel })
    this.#sha256 = sha256
  }

  encode(payload: Uint8Array): EncodedPayload {
    if (payload.length > this.#payloadBytesMax) {
      throw new RangeError(`payload: need at most ${this.#payloadBytesMax} bytes, got ${payload.length}`)
    }
    return this.#encodeBlock(frame(payload, this.k), payload)
  }

  verifyShard(index: number, { root, shard, proof }: CommittedShard): boolean {
    if (!this.#canBeShard(shard)) return false
    return verifyMerkleProof({ root, index, count: this.n, leaf: shard, proof }, this.#sha256)
  }

  decode(root: Uint8Array, shards: readonly (Uint8Array | undefined)[]): EncodedPayload | typeof BAD {
    const decoded = this.#decode(shards)
    if (decoded === BAD) return BAD
    const encoded = this.#encodeBlock(decoded.block, decoded.payload)
    return equalBytes(encoded.root, root) ? encoded : BAD
  }

  under(root: Uint8Array): ShardsUnderRoot {
    const proofs = new MerkleProofs(root, this.n, this.#sha256)
    return {
      verify: (index, { shard, proof }) => this.#canBeShard(shard) && proofs.verify(index, shard, proof),
      decode: shards => {
        const decoded = this.#decode(shards)
        if (decoded === BAD) return BAD
        // Data shards that are here were copied into the block as they are.
        const isHere = (index: number): boolean => index < this.k && shards[index] !== undefined
        const leaves = this.#code.encode(decoded.block)
        const all = leaves.map((leaf, index) => (isHere(index) ? (shards[index] as Uint8Array) : leaf))
        return proofs.areAll(all, shards) ? decoded.payload : BAD
      },
    }
  }

  #canBeShard({ length }: Uint8Array): boolean {
    return length > 0 && length <= this.#shardBytesMax
  }

  /** The only payload that these can be shards of, and its block; whether they are is still open. */
  #decode(shards: readonly (Uint8Array | undefined)[]): Framed | typeof BAD {
    // Leaves of different lengths are the shards of nothing, whichever of them are here.
    if (!equallyLong(shards)) return BAD
    const block = this.#code.decode(shards)
    const payload = unframe(block, this.k)
    return payload === undefined || payload.length > this.#payloadBytesMax ? BAD : { block, payload }
  }

  #encodeBlock(block: Uint8Array, payload: Uint8Array): EncodedPayload {
    const shards = this.#code.encode(block)
    return new MerkleEncoded(payload, shards, merkleTree(shards, this.#sha256))
  }
}

/** A payload and the block around it. */
interface Framed {
  readonly block: Uint8Array
  readonly payload: Uint8Array
}

class MerkleEncoded implements EncodedPayload {
  readonly payload: Uint8Array
  readonly #shards: readonly Uint8Array[]
  readonly #tree: MerkleTree

  constructor(payload: Uint8Array, shards: readonly Uint8Array[], tree: MerkleTree) {
    this.payload = payload
    this.#shards = shards
    this.#tree = tree
  }

  get root(): Uint8Array {
    return this.#tree.root
  }

  shardOf(index: number): CommittedShard {
    const proof = this.#tree.proof(index)
    return { root: this.#tree.root, shard: this.#shards[index] as Uint8Array, proof }
  }
}

function equallyLong(shards: readonly (Uint8Array | undefined)[]): boolean {
  let length: number | undefined
  return shards.every(shard => {
    if (shard === undefined) return true
    length ??= shard.length
    return shard.length === length
  })
}

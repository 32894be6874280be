/**
 * Shards that prove what they are part of: a payload becomes n shards under one root, any k of which give it back.
 */
import type { Committee, CommitteeSize, Descriptor } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'

/** What a root stands for if nobody can decode it: not a payload, and everybody sees the same. */
export const BAD = 'bad'

/** One shard as it travels: its index is that of the member whose shard it is, never a field of the message. */
export interface CommittedShard {
  readonly root: Uint8Array
  readonly shard: Uint8Array
  readonly proof: Uint8Array
}

/** A payload with all its shards. The shards are views into few buffers. */
export interface EncodedPayload {
  readonly root: Uint8Array
  readonly payload: Uint8Array
  /** The shard of member `index` with its proof. */
  shardOf(index: number): CommittedShard
}

/** A committee's size: what decides how many shards there are and how many suffice. */
export type CodingSize = Pick<Committee, 'n' | 'f'>

/**
 * A way to commit to shards. Part of the wire format: all members must share it.
 *
 * It holds working space and caches, no protocol state: one may serve all instances of a node.
 */
export interface ShardCommitment extends Descriptor {
  /** The largest payload, in bytes. */
  readonly payloadBytesMax: number
  /** Wire fields of a `CommittedShard` among n members, to be spread into the kinds of a union. */
  fields(size: CommitteeSize): CommittedShardFields
  /**
   * Encoding and decoding in one committee.
   *
   * @throws RangeError if the committee is too large for the code.
   */
  among(size: CodingSize): PayloadCoding
}

/** The wire codecs of the fields of a `CommittedShard`. */
export interface CommittedShardFields {
  readonly root: Codec<Uint8Array>
  readonly shard: Codec<Uint8Array>
  readonly proof: Codec<Uint8Array>
}

/** Encoding and decoding in one committee of n, where k = n − 2f shards suffice. */
export interface PayloadCoding {
  readonly n: number
  readonly k: number
  /**
   * All shards of a payload. The payload is copied once.
   *
   * @throws RangeError if the payload is longer than the cap.
   */
  encode(payload: Uint8Array): EncodedPayload
  /** Whether this is the shard of member `index` under its root. Total: whatever it is given, it answers. */
  verifyShard(index: number, shard: CommittedShard): boolean
  /**
   * What a root stands for, from k or more of its shards at their places, all verified under it.
   *
   * Decodes, encodes again, and compares the root; then the header has to fit. The answer depends on the root alone, never on
   * which shards are given: either the leaves under the root are the shards of one payload, or it is `BAD` for every choice.
   *
   * @throws RangeError unless there are n places and k shards.
   */
  decode(root: Uint8Array, shards: readonly (Uint8Array | undefined)[]): EncodedPayload | typeof BAD
  /** The shards of one root, one after the other: the answers of `verifyShard` and `decode`, for less than half of the hashes. */
  under(root: Uint8Array): ShardsUnderRoot
}

/** Verifies and decodes the shards of one root. It keeps digests that were verified, at most 2 for each place of a shard. */
export interface ShardsUnderRoot {
  /** Whether this is the shard of member `index` under the root. Total: whatever it is given, it answers. */
  verify(index: number, shard: Pick<CommittedShard, 'shard' | 'proof'>): boolean
  /**
   * The payload that the root stands for, from k or more shards at their places, all of which `verify` has accepted.
   *
   * @throws RangeError unless there are n places and k shards.
   */
  decode(shards: readonly (Uint8Array | undefined)[]): Uint8Array | typeof BAD
}

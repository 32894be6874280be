/**
 * What the erasure-coded broadcast says: a shard with its proof, twice, and a root.
 *
 * No message says which shard it carries. A VAL carries the shard of whoever receives it, an ECHO that of whoever sent it, and
 * the proof binds the index: a shard in the wrong place is a proof that does not fit.
 */
import type { CommittedShard, ShardCommitment } from '@mc/avid'
import type { CommitteeSize } from '@mc/protocol'
import { type Codec, digest, union } from '@mc/protocol/wire'

/**
 * `val` carries the receiver's shard, `echo` the sender's, `ready` the root alone.
 *
 * Where surplus echoes are spared, `candecode` says that its sender has shards enough, and `echohash` stands for an echo to such a
 * member: it has been seen that the sender's shard is right, and the shard itself is not needed.
 */
export type CtMessage =
  | ({ readonly type: 'val' } & CommittedShard)
  | ({ readonly type: 'echo' } & CommittedShard)
  | { readonly type: 'ready'; readonly root: Uint8Array }
  | { readonly type: 'candecode'; readonly root: Uint8Array }
  | { readonly type: 'echohash'; readonly root: Uint8Array }

/**
 * The wire format: kind, root, then the shard behind its length and a proof whose length follows from n. The last two kinds are
 * there only if surplus echoes are spared.
 */
export const ctCodec =
  (commitment: ShardCommitment, spareEchoes: boolean): ((size: CommitteeSize) => Codec<CtMessage>) =>
  size => {
    const { root, shard, proof } = commitment.fields(size)
    const kinds = { val: { root, shard, proof }, echo: { root, shard, proof }, ready: { root: digest } }
    // Without the last two kinds: whoever is sent one has been sent an unknown kind.
    if (!spareEchoes) return union(kinds) as Codec<never> as Codec<CtMessage>
    return union({ ...kinds, candecode: { root: digest }, echohash: { root: digest } })
  }

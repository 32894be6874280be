import { digestKey } from '@mc/crypto'
import { type PeerIndex, VoteSet } from '@mc/protocol'
import type { BAD, CommittedShard, EncodedPayload, PayloadCoding } from './shard-commitment.js'

/** What became of a shard: counted, seen before, under another root than that member's first, or not proven. */
export type ShardOutcome = 'added' | 'duplicate' | 'conflict' | 'invalid'

/**
 * The shards of one dispersal as members send them: each member its own, counted per root.
 *
 * The first message of a member counts, right or wrong, so a member costs us one proof, one root and one shard, whatever it
 * sends: at most n of each in all. A root is decoded once.
 */
export class ShardCollector {
  readonly #coding: PayloadCoding
  readonly #roots: VoteSet<string>
  readonly #counts = new Map<string, number>()
  readonly #decoded = new Map<string, EncodedPayload | typeof BAD>()
  #shards: (Uint8Array | undefined)[] | undefined

  /** No shards yet. */
  constructor(coding: PayloadCoding) {
    this.#coding = coding
    this.#roots = new VoteSet(coding.n)
    this.#shards = new Array<Uint8Array | undefined>(coding.n).fill(undefined)
  }

  /** Counts the shard of member `from` if it is that member's first and its proof binds it to that member's index. */
  add(from: PeerIndex, shard: CommittedShard): ShardOutcome {
    const root = digestKey(shard.root)
    // The slot is taken before anything is hashed: a second try costs the sender a message and us a comparison.
    const outcome = this.#roots.add(from, root)
    if (outcome !== 'added') return outcome
    if (!this.#coding.verifyShard(from, shard)) return 'invalid'
    if (this.#shards !== undefined) this.#shards[from] = shard.shard
    this.#counts.set(root, this.#countOf(root) + 1)
    return 'added'
  }

  /** How many members have sent a proven shard under `root`. */
  count(root: Uint8Array): number {
    return this.#countOf(digestKey(root))
  }

  /** The root that member `from` sent first, as a `digestKey`. */
  rootOf(from: PeerIndex): string | undefined {
    return this.#roots.of(from)
  }

  /** Notes what we encoded ourselves, so that it is never decoded. */
  remember(encoded: EncodedPayload): void {
    this.#decoded.set(digestKey(encoded.root), encoded)
  }

  /**
   * What `root` stands for; needs k shards under it, unless we encoded it ourselves.
   *
   * @throws RangeError if there are fewer, or after `release`.
   */
  decode(root: Uint8Array): EncodedPayload | typeof BAD {
    const key = digestKey(root)
    const known = this.#decoded.get(key)
    if (known !== undefined) return known
    if (this.#shards === undefined) throw new RangeError('shards: released, and asked for again')
    const shards = this.#shards.map((shard, index) =>
      this.#roots.of(index as PeerIndex) === key ? shard : undefined,
    )
    const decoded = this.#coding.decode(root, shards)
    this.#decoded.set(key, decoded)
    return decoded
  }

  /** Frees the shards and what was decoded, and keeps none from now on; counting goes on. */
  release(): void {
    this.#shards = undefined
    this.#decoded.clear()
  }

  #countOf(root: string): number {
    return this.#counts.get(root) ?? 0
  }
}

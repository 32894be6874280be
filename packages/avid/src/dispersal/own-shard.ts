import { digestKey } from '@mc/crypto'
import type { Fault, PeerIndex } from '@mc/protocol'
import type { CommittedShard, PayloadCoding } from '../commitment/shard-commitment.js'
import { badProof, conflicting } from './blame.js'
import type { DispersalParams } from './dispersal.js'

/** The shard that the proposer sends to us: only the proposer's first one counts, and only if it is proven. */
export class OwnShard {
  readonly #self: PeerIndex
  readonly #proposer: PeerIndex
  readonly #coding: PayloadCoding
  readonly #rule: string
  #firstRoot: string | undefined
  #shard: CommittedShard | undefined

  /** Nothing yet; `rule` is the fault of a second root. */
  constructor(
    { committee, proposer }: DispersalParams,
    coding: PayloadCoding,
    { rule }: { readonly rule: string },
  ) {
    this.#self = committee.self
    this.#proposer = proposer
    this.#coding = coding
    this.#rule = rule
  }

  /** Takes a shard: `taken` is true for the first one that is right, `fault` says what was wrong with it. */
  take(
    from: PeerIndex,
    { root, shard, proof }: CommittedShard,
  ): { readonly taken: boolean; readonly fault?: Fault } {
    if (from !== this.#proposer) return refused({ rule: 'avid/not-the-proposer', peer: from })
    const earlier = this.#firstRoot
    if (earlier !== undefined) {
      return earlier === digestKey(root)
        ? { taken: false }
        : refused(conflicting(this.#rule, from, root, earlier))
    }
    this.#firstRoot = digestKey(root)
    const own = { root, shard, proof }
    if (!this.#coding.verifyShard(this.#self, own)) return refused(badProof(from, root))
    this.#shard = own
    return { taken: true }
  }

  /** Our shard, if it is one under `root`. */
  under(root: Uint8Array): CommittedShard | undefined {
    return this.#firstRoot === digestKey(root) ? this.#shard : undefined
  }

  /** Frees the shard; that there was a first one is not forgotten. */
  release(): void {
    this.#shard = undefined
  }
}

/** A shard on its own: what is kept for long should not keep the frame or the block alive that it is a view into. */
export const detached = ({ root, shard, proof }: CommittedShard): CommittedShard => ({
  root: root.slice(),
  shard: shard.slice(),
  proof: proof.slice(),
})

const refused = (fault: Fault): { readonly taken: false; readonly fault: Fault } => ({ taken: false, fault })

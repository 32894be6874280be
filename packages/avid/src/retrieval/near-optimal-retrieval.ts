import {
  type CommitteeSize,
  type Effects,
  type PeerIndex,
  PeerSet,
  type Protocol,
  unreachable,
} from '@mc/protocol'
import { type Codec, digest, fixedBytes, union } from '@mc/protocol/wire'
import type { VectorCoding, VectorCommitment } from '../commitment/hash-vector-commitment.js'
import { BAD, type CommittedShard, type ShardsUnderRoot } from '../commitment/shard-commitment.js'
import { badFragment, badProof, conflicting, inconsistentEncoding } from '../dispersal/blame.js'
import type { DispersalParams } from '../dispersal/dispersal.js'
import type { Chunk } from '../dispersal/near-optimal.js'
import { FragmentCollector, type Recovered } from '../vector/fragment-collector.js'
import { fragmentBytes, VectorCode } from '../vector/vector-code.js'
import type { Retrieval, RetrievalInput, Retrieved } from './retrieval.js'

/** What clients and servers of a near-optimal dispersal say to each other. The shard of a server that has none is empty. */
export type NearOptimalRetrievalMessage = { readonly type: 'request' } | ({ readonly type: 'piece' } & Chunk)

/** What `nearOptimalRetrieval` is made from. */
export interface NearOptimalRetrievalOptions {
  /** The commitment that the dispersal was made with. */
  readonly commitment: VectorCommitment
}

/**
 * Retrieval of what `nearOptimalDispersal` dispersed.
 *
 * Costs: 2 steps, 2n messages, O(|M| + κ n) bits per client; a vector is decoded at most f + 1 times.
 *
 * Faults reported: `avid/unasked-shard`, `avid/bad-proof`, `avid/bad-fragment`, `avid/conflicting-piece`,
 * `avid/inconsistent-encoding`.
 *
 * @see Alhaddad, Das, Duan, Ren, Varia, Xiang, Zhang: Asynchronous Verifiable Information Dispersal with Near-Optimal Communication,
 * 2022; a reconstruction, rules in PAPER.md
 */
export function nearOptimalRetrieval({
  commitment,
}: NearOptimalRetrievalOptions): Retrieval<NearOptimalRetrievalMessage> {
  return {
    name: 'retrieval/near-optimal',
    role: 'retrieval',
    wireVersion: 1,
    parameters: {},
    parts: { commitment },
    codec: size => nearOptimalRetrievalCodec(commitment, size),
    create: (params, effects) =>
      new NearOptimalRetrieval(params, commitment.among(params.committee), effects),
  }
}

function nearOptimalRetrievalCodec(
  commitment: VectorCommitment,
  size: CommitteeSize,
): Codec<NearOptimalRetrievalMessage> {
  const { shard } = commitment.fields(size)
  return union({ request: {}, piece: { root: digest, fragment: fixedBytes(fragmentBytes(size)), shard } })
}

class NearOptimalRetrieval implements Protocol<RetrievalInput, NearOptimalRetrievalMessage> {
  readonly #proposer: PeerIndex
  readonly #coding: VectorCoding
  readonly #effects: Effects<NearOptimalRetrievalMessage, Retrieved>
  readonly #clients: PeerSet
  readonly #pieces: FragmentCollector
  /** By server, as it came. */
  readonly #shards: (Uint8Array | undefined)[]
  #served: Chunk | undefined
  #asked = false
  /** Shards that the vector proves, and how many. */
  readonly #good: (Uint8Array | undefined)[]
  #goodCount = 0
  /** What verifies them, once the vector is known. */
  #shardsUnder: ShardsUnderRoot | undefined
  #retrieved = false

  constructor(
    { committee, proposer }: DispersalParams,
    coding: VectorCoding,
    effects: Effects<NearOptimalRetrievalMessage, Retrieved>,
  ) {
    this.#proposer = proposer
    this.#coding = coding
    this.#effects = effects
    this.#clients = new PeerSet(committee.n)
    this.#pieces = new FragmentCollector(new VectorCode(committee), coding)
    this.#shards = new Array<Uint8Array | undefined>(committee.n).fill(undefined)
    this.#good = [...this.#shards]
  }

  handleInput(input: RetrievalInput): void {
    switch (input.type) {
      case 'serve':
        this.#serve(input)
        return
      case 'retrieve':
        this.#retrieve()
        return
      default:
        unreachable(input)
    }
  }

  handleMessage(from: PeerIndex, message: NearOptimalRetrievalMessage): void {
    switch (message.type) {
      case 'request':
        this.#onRequest(from)
        return
      case 'piece':
        this.#onPiece(from, message)
        return
      default:
        unreachable(message)
    }
  }

  // Server: answers only after complete(c), with c, d_i and shard_i: who asked earlier is answered now.
  #serve({ root, shard, proof }: CommittedShard): void {
    if (this.#served !== undefined) throw new RangeError('retrieval: a shard is being served already')
    this.#served = { root, fragment: proof, shard }
    for (const client of this.#clients) this.#effects.send(client, { type: 'piece', ...this.#served })
  }

  // Client: sends the request to all.
  #retrieve(): void {
    if (this.#asked) throw new RangeError('retrieval: asked already')
    this.#asked = true
    this.#effects.broadcast({ type: 'request' })
  }

  // Server: one answer per client, for the life of the instance. Who asks again may only have lost its link, or its power.
  #onRequest(from: PeerIndex): void {
    if (!this.#clients.add(from) || this.#served === undefined) return
    this.#effects.send(from, { type: 'piece', ...this.#served })
  }

  // Client: c from k ≥ f + 1 equal replies; D by online error correction; then shards as they come.
  #onPiece(from: PeerIndex, { root, fragment, shard }: Chunk): void {
    if (!this.#asked) this.#effects.fault({ rule: 'avid/unasked-shard', peer: from })
    if (!this.#asked || this.#retrieved) return
    const outcome = this.#pieces.add(from, { root, fragment })
    if (outcome === 'conflict') {
      this.#effects.fault(conflicting('avid/conflicting-piece', from, root, this.#pieces.rootOf(from)))
    }
    if (outcome !== 'added') return
    this.#shards[from] = shard
    const recovered = this.#pieces.recover(root)
    if (recovered === undefined) return
    // D is known: what had come before is looked at now, and from then on each piece as it comes.
    const isNews = this.#shardsUnder === undefined
    const under = this.#shardsUnder ?? this.#coding.under(root)
    this.#shardsUnder = under
    for (const server of isNews ? this.#pieces.under(root) : [from]) {
      this.#verify(server, root, recovered, under)
    }
    if (this.#goodCount >= this.#coding.k) this.#decode(root, under)
  }

  // Client: keeps the shards with H(shard_j) = D[j]. Who sent another one that is not empty, or a wrong d_j, is named.
  #verify(server: PeerIndex, root: Uint8Array, recovered: Recovered, under: ShardsUnderRoot): void {
    const shard = this.#shards[server] as Uint8Array
    if (under.verify(server, { shard, proof: recovered.vector })) {
      this.#good[server] = shard
      this.#goodCount += 1
    } else if (shard.length > 0) this.#effects.fault(badProof(server, root))
    if (!this.#pieces.isRight(server, recovered.fragments)) this.#effects.fault(badFragment(server, root))
  }

  // Client: k shards: decodes, encodes again, compares the whole vector with D: equal: the payload, else the constant BAD.
  #decode(root: Uint8Array, under: ShardsUnderRoot): void {
    const decoded = under.decode(this.#good)
    this.#retrieved = true
    this.#shards.fill(undefined)
    this.#good.fill(undefined)
    this.#shardsUnder = undefined
    this.#pieces.release()
    // k ≥ f + 1 members serve this root, so a correct one completed with it: it is what the proposer dispersed.
    if (decoded === BAD) this.#effects.fault(inconsistentEncoding(this.#proposer, root))
    this.#effects.output(decoded)
  }
}

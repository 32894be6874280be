/**
 * Near-optimal dispersal: what commits to the shards is dispersed like the payload, so that nobody receives, relays or keeps more
 * than a constant number of hashes for it.
 *
 * The commitment is the vector D of the hashes of all shards, its root c the hash of D. Each member is given one fragment of D under
 * an error-correcting code; members echo their fragments and recover D, whatever f of them say; D then verifies the shards.
 */
import { digestKey, equalBytes } from '@mc/crypto'
import {
  type Committee,
  type CommitteeSize,
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  type Protocol,
  twoFPlus1,
  unreachable,
} from '@mc/protocol'
import { type Codec, digest, fixedBytes, union } from '@mc/protocol/wire'
import type { VectorCoding, VectorCommitment } from '../commitment/hash-vector-commitment.js'
import { type Fragment, FragmentCollector, type Recovered } from '../vector/fragment-collector.js'
import { FragmentVotes } from '../vector/fragment-votes.js'
import { fragmentBytes, VectorCode } from '../vector/vector-code.js'
import { badFragment, badProof, conflicting } from './blame.js'
import type { Dispersal, DispersalOutput, DispersalParams } from './dispersal.js'

/** A shard that only the vector can verify, and the fragment of the vector that goes with it. */
export interface Chunk extends Fragment {
  readonly shard: Uint8Array
}

/** What members of a near-optimal dispersal say to each other. A vote names the fragment of its receiver, a ready that of its sender. */
export type NearOptimalMessage =
  | ({ readonly type: 'chunk' } & Chunk)
  | ({ readonly type: 'echo' } & Fragment)
  | ({ readonly type: 'vote' } & Fragment)
  | ({ readonly type: 'ready' } & Fragment)

/** What `nearOptimalDispersal` is made from. */
export interface NearOptimalDispersalOptions {
  readonly commitment: VectorCommitment
}

/**
 * Near-optimal dispersal: O(|M| + κ n²) bits in all, O(|M| + κ n) of them the proposer's, O(|M| / n + κ) stored by each member.
 *
 * As with AVID-M, whether a root stands for a payload shows when it is retrieved. `stored` has the member's fragment of the vector
 * as its proof, and an empty shard if the proposer gave this member none that fits: k correct members have one.
 *
 * Costs: 4 steps, n + 3n² messages. Hashes only. Work: a vector is decoded at most f + 1 times for our own chunk's root and as often
 * for at most two roots of READYs; k ≥ f + 1 members have to name a root before it costs anything.
 *
 * Faults reported: `avid/not-the-proposer`, `avid/bad-proof`, `avid/bad-fragment`, `avid/conflicting-chunk`, `avid/conflicting-echo`,
 * `avid/conflicting-vote`, `avid/conflicting-ready`.
 *
 * @see Alhaddad, Das, Duan, Ren, Varia, Xiang, Zhang: Asynchronous Verifiable Information Dispersal with Near-Optimal Communication,
 * 2022; a reconstruction from its claims, rules as numbered in PAPER.md
 */
export function nearOptimalDispersal({
  commitment,
}: NearOptimalDispersalOptions): Dispersal<NearOptimalMessage> {
  return {
    name: 'dispersal/near-optimal',
    role: 'dispersal',
    wireVersion: 1,
    parameters: {},
    parts: { commitment },
    payloadBytesMax: commitment.payloadBytesMax,
    codec: size => nearOptimalCodec(commitment, size),
    create: (params, effects) => new NearOptimal(params, commitment.among(params.committee), effects),
  }
}

function nearOptimalCodec(commitment: VectorCommitment, size: CommitteeSize): Codec<NearOptimalMessage> {
  const fragment = { root: digest, fragment: fixedBytes(fragmentBytes(size)) }
  const { shard } = commitment.fields(size)
  return union({ chunk: { ...fragment, shard }, echo: fragment, vote: fragment, ready: fragment })
}

class NearOptimal implements Protocol<Uint8Array, NearOptimalMessage> {
  readonly #committee: Committee
  readonly #proposer: PeerIndex
  readonly #coding: VectorCoding
  readonly #code: VectorCode
  readonly #effects: Effects<NearOptimalMessage, DispersalOutput>
  readonly #echoes: FragmentCollector
  readonly #votes: FragmentVotes
  readonly #readies: FragmentCollector
  #dispersed = false
  /** The proposer's first, for good. */
  #chunk: Chunk | undefined
  /** Our chunk was compared with its vector. */
  #judged = false
  #readySent = false
  #completed: Uint8Array | undefined
  #finished = false

  constructor(
    params: DispersalParams,
    coding: VectorCoding,
    effects: Effects<NearOptimalMessage, DispersalOutput>,
  ) {
    this.#committee = params.committee
    this.#proposer = params.proposer
    this.#coding = coding
    this.#code = new VectorCode(params.committee)
    this.#effects = effects
    this.#echoes = new FragmentCollector(this.#code, coding)
    this.#votes = new FragmentVotes(params.committee.n)
    this.#readies = new FragmentCollector(this.#code, coding)
  }

  // Rule 1: input M at the proposer: encode; D the hashes of the shards, c = H(D); send CHUNK{c, shard_i, d_i} to each i.
  handleInput(payload: Uint8Array): void {
    const { self, peers } = this.#committee
    if (self !== this.#proposer) {
      throw new RangeError(
        `near-optimal: member ${self} is not the proposer (${this.#proposer}), who alone may give input`,
      )
    }
    if (this.#dispersed) throw new RangeError('near-optimal: the payload was given already')
    const encoded = this.#coding.encode(payload)
    this.#dispersed = true
    const fragments = this.#code.fragmentsOf(encoded.shardOf(self).proof)
    for (const peer of peers) {
      const { root, shard } = encoded.shardOf(peer)
      this.#effects.send(peer, { type: 'chunk', root, fragment: fragments[peer] as Uint8Array, shard })
    }
  }

  handleMessage(from: PeerIndex, message: NearOptimalMessage): void {
    // Everybody else gets here without us: what we had to say of this root, we have said.
    if (this.#finished) return
    switch (message.type) {
      case 'chunk':
        this.#onChunk(from, message)
        return
      case 'echo':
        this.#onEcho(from, message)
        return
      case 'vote':
        this.#onVote(from, message)
        return
      case 'ready':
        this.#onReady(from, message)
        return
      default:
        unreachable(message)
    }
  }

  // Rule 2: first CHUNK from the proposer: broadcast ECHO{c, d_i}. Whether shard and fragment are right cannot be seen yet.
  #onChunk(from: PeerIndex, { root, fragment, shard }: Chunk): void {
    if (from !== this.#proposer) {
      this.#effects.fault({ rule: 'avid/not-the-proposer', peer: from })
      return
    }
    if (this.#chunk !== undefined) {
      if (!isSame(this.#chunk, { root, fragment, shard })) {
        this.#effects.fault(conflicting('avid/conflicting-chunk', from, root, digestKey(this.#chunk.root)))
      }
      return
    }
    this.#chunk = { root, fragment, shard }
    this.#effects.broadcast({ type: 'echo', root, fragment })
    this.#tryVote()
  }

  // Rule 3: ECHO(c, d_j), one per sender: with k + 2e of them under c, for e = 0 … f: correct e errors; D' is D if H(D') = c.
  #onEcho(from: PeerIndex, { root, fragment }: Fragment): void {
    const outcome = this.#echoes.add(from, { root, fragment })
    if (outcome === 'conflict') {
      this.#effects.fault(conflicting('avid/conflicting-echo', from, root, this.#echoes.rootOf(from)))
    }
    if (outcome === 'added') this.#tryVote()
  }

  // Rule 4: D is recovered and D[i] = H(shard_i): send VOTE{c, d_j} to each j. Else never vote.
  #tryVote(): void {
    const chunk = this.#chunk
    if (chunk === undefined || this.#judged) return
    const recovered = this.#echoes.recover(chunk.root)
    if (recovered === undefined) return
    const { fragments } = recovered
    if (this.#judge(chunk, recovered)) {
      for (const peer of this.#committee.peers) {
        const fragment = fragments[peer] as Uint8Array
        this.#effects.send(peer, { type: 'vote', root: chunk.root, fragment })
      }
    }
    this.#tryReady(chunk.root)
    this.#tryStore()
  }

  /** Whether the proposer gave us our shard; what else it gave us, it answers for. */
  #judge({ root, fragment, shard }: Chunk, { vector, fragments }: Recovered): boolean {
    const { self } = this.#committee
    const isOurs = this.#coding.verifyShard(self, { root, shard, proof: vector })
    if (!this.#judged) {
      if (!isOurs) this.#effects.fault(badProof(this.#proposer, root))
      const isRight = equalBytes(fragment, fragments[self] as Uint8Array)
      if (!isRight) this.#effects.fault(badFragment(this.#proposer, root))
    }
    this.#judged = true
    return isOurs
  }

  #onVote(from: PeerIndex, { root, fragment }: Fragment): void {
    const outcome = this.#votes.add(from, { root, fragment })
    if (outcome === 'conflict') {
      this.#effects.fault(conflicting('avid/conflicting-vote', from, root, this.#votes.rootOf(from)))
    }
    if (outcome === 'added') this.#tryReady(root)
  }

  // Rule 5: n − f VOTE(c), one per sender: broadcast READY{c, d_i}, once. n − 2f of the senders are correct and hold a shard.
  // Rule 6: f + 1 READY(c), READY not sent: broadcast READY{c, d_i}.
  #tryReady(root: Uint8Array): void {
    const isDue =
      this.#votes.count(root) >= nMinusF(this.#committee) ||
      this.#readies.count(root) >= fPlus1(this.#committee)
    if (this.#readySent || !isDue) return
    const fragment = this.#ownFragment(root)
    if (fragment === undefined) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready', root, fragment })
  }

  // d_i: of D, or what f + 1 votes for c say: one of them is correct. They come, since rule 5 stood on n − 2f correct ones.
  #ownFragment(root: Uint8Array): Uint8Array | undefined {
    const known = this.#echoes.known(root) ?? this.#readies.known(root)
    return known?.fragments[this.#committee.self] ?? this.#votes.agreed(root, fPlus1(this.#committee))
  }

  // Rule 7: 2f + 1 READY(c): complete(c). f + 1 of them are correct, so rule 6 brings everybody here.
  #onReady(from: PeerIndex, { root, fragment }: Fragment): void {
    const outcome = this.#readies.add(from, { root, fragment })
    if (outcome === 'conflict') {
      this.#effects.fault(conflicting('avid/conflicting-ready', from, root, this.#readies.rootOf(from)))
    }
    if (outcome !== 'added') return
    this.#tryReady(root)
    if (this.#readies.count(root) >= twoFPlus1(this.#committee)) this.#complete(root)
    this.#tryStore()
  }

  #complete(root: Uint8Array): void {
    if (this.#completed !== undefined) return
    this.#completed = root
    this.#effects.output({ type: 'complete', root: root.slice() })
  }

  // Rule 8: complete(c): recover D from the READYs, all n − f correct ones of which have right fragments, and keep c, d_i and, if
  // D[i] = H(shard_i), shard_i. D is forgotten.
  #tryStore(): void {
    const root = this.#completed
    if (root === undefined) return
    const recovered = this.#echoes.known(root) ?? this.#readies.recover(root)
    if (recovered === undefined) return
    this.#tryReady(root)
    this.#blame(root, recovered)
    this.#finished = true
    const proof = (recovered.fragments[this.#committee.self] as Uint8Array).slice()
    this.#effects.output({
      type: 'stored',
      root: root.slice(),
      shard: this.#shardUnder(root, recovered),
      proof,
    })
    this.#chunk = undefined
    this.#echoes.release()
    this.#readies.release()
  }

  #shardUnder(root: Uint8Array, recovered: Recovered): Uint8Array {
    const chunk = this.#chunk
    if (chunk === undefined || !equalBytes(chunk.root, root)) return NO_SHARD
    return this.#judge(chunk, recovered) ? chunk.shard.slice() : NO_SHARD
  }

  // Correct members send right fragments with VOTE and READY. An ECHO repeats what the proposer gave: nobody is blamed for that.
  #blame(root: Uint8Array, recovered: Recovered): void {
    const { self, peers } = this.#committee
    const fragment = recovered.fragments[self] as Uint8Array
    const liars = new Set([
      ...this.#readies.under(root).filter(peer => !this.#readies.isRight(peer, recovered.fragments)),
      ...this.#votes.wrongAbout({ root, fragment }, peers),
    ])
    for (const liar of liars) this.#effects.fault(badFragment(liar, root))
  }
}

const NO_SHARD = new Uint8Array(0)

const isSame = (left: Chunk, right: Chunk): boolean =>
  equalBytes(left.root, right.root) &&
  equalBytes(left.fragment, right.fragment) &&
  equalBytes(left.shard, right.shard)

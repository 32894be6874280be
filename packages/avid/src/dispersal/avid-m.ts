/**
 * AVID-M, the dispersal of DispersedLedger: nobody relays a shard and nobody decodes before somebody retrieves.
 */
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
import { type Codec, digest, union } from '@mc/protocol/wire'
import type { CommittedShard, PayloadCoding, ShardCommitment } from '../commitment/shard-commitment.js'
import type { Dispersal, DispersalOutput, DispersalParams } from './dispersal.js'
import { detached, OwnShard } from './own-shard.js'
import { RootVotes } from './root-votes.js'

/** What AVID-M members say to each other while dispersing. */
export type AvidMMessage =
  | ({ readonly type: 'chunk' } & CommittedShard)
  | { readonly type: 'gotchunk'; readonly root: Uint8Array }
  | { readonly type: 'ready'; readonly root: Uint8Array }

/** What `avidMDispersal` is made from. */
export interface AvidMDispersalOptions {
  readonly commitment: ShardCommitment
}

/**
 * AVID-M dispersal: a root completes, and whether it stands for a payload shows when it is retrieved.
 *
 * A proposer may disperse garbage at no cost to itself: every retrieval then gives `BAD`, the same for all. Rate-limit whoever
 * does. A member whose chunk was withheld stores nothing.
 *
 * Costs: 3 steps, n + 2n² messages, O(|M| + κ n²) bits and log₂ n hashes beside each chunk. Hashes only.
 *
 * Faults reported: `avid/not-the-proposer`, `avid/bad-proof`, `avid/conflicting-chunk`, `avid/conflicting-gotchunk`,
 * `avid/conflicting-ready`.
 *
 * @see Yang, Park, Alizadeh, Kannan, Tse: DispersedLedger, NSDI 2022; rules as numbered in PAPER.md
 */
export function avidMDispersal({ commitment }: AvidMDispersalOptions): Dispersal<AvidMMessage> {
  return {
    name: 'dispersal/avid-m',
    role: 'dispersal',
    wireVersion: 1,
    parameters: {},
    parts: { commitment },
    payloadBytesMax: commitment.payloadBytesMax,
    codec: size => avidMCodec(commitment, size),
    create: (params, effects) => new AvidM(params, commitment.among(params.committee), effects),
  }
}

function avidMCodec(commitment: ShardCommitment, size: CommitteeSize): Codec<AvidMMessage> {
  return union({
    chunk: { ...commitment.fields(size) },
    gotchunk: { root: digest },
    ready: { root: digest },
  })
}

class AvidM implements Protocol<Uint8Array, AvidMMessage> {
  readonly #committee: Committee
  readonly #proposer: PeerIndex
  readonly #coding: PayloadCoding
  readonly #effects: Effects<AvidMMessage, DispersalOutput>
  readonly #chunk: OwnShard
  readonly #gotChunks: RootVotes
  readonly #readies: RootVotes
  #dispersed = false
  #readySent = false
  #chunkRoot: Uint8Array | undefined

  constructor(
    params: DispersalParams,
    coding: PayloadCoding,
    effects: Effects<AvidMMessage, DispersalOutput>,
  ) {
    this.#committee = params.committee
    this.#proposer = params.proposer
    this.#coding = coding
    this.#effects = effects
    this.#chunk = new OwnShard(params, coding, { rule: 'avid/conflicting-chunk' })
    this.#gotChunks = new RootVotes(params.committee.n, effects, { rule: 'avid/conflicting-gotchunk' })
    this.#readies = new RootVotes(params.committee.n, effects, { rule: 'avid/conflicting-ready' })
  }

  // Rule 1: input M at the disperser: encode, root r, send CHUNK{r, chunk_i, proof_i} to each i.
  handleInput(payload: Uint8Array): void {
    const { self, peers } = this.#committee
    if (self !== this.#proposer) {
      throw new RangeError(
        `avid-m: member ${self} is not the proposer (${this.#proposer}), who alone may give input`,
      )
    }
    if (this.#dispersed) throw new RangeError('avid-m: the payload was given already')
    const encoded = this.#coding.encode(payload)
    this.#dispersed = true
    for (const peer of peers) this.#effects.send(peer, { type: 'chunk', ...encoded.shardOf(peer) })
  }

  handleMessage(from: PeerIndex, message: AvidMMessage): void {
    switch (message.type) {
      case 'chunk':
        this.#onChunk(from, message)
        return
      case 'gotchunk':
        this.#onGotChunk(from, message.root)
        return
      case 'ready':
        this.#onReady(from, message.root)
        return
      default:
        unreachable(message)
    }
  }

  // Rule 2: first CHUNK from the proposer, if its proof binds it to our own index: store; broadcast GOTCHUNK{r}.
  #onChunk(from: PeerIndex, chunk: CommittedShard): void {
    const { taken, fault } = this.#chunk.take(from, chunk)
    if (fault !== undefined) this.#effects.fault(fault)
    if (!taken) return
    this.#effects.broadcast({ type: 'gotchunk', root: chunk.root })
    this.#tryStore()
  }

  // Rule 3: n − f GOTCHUNK(r), one per sender: broadcast READY(r), once. n − 2f of the senders are correct and hold a chunk.
  #onGotChunk(from: PeerIndex, root: Uint8Array): void {
    if (this.#gotChunks.add(from, root) >= nMinusF(this.#committee)) this.#sendReady(root)
  }

  // Rule 4: f + 1 READY(r), READY not sent: broadcast READY(r).
  // Rule 5: 2f + 1 READY(r): chunkRoot := r; COMPLETE.
  #onReady(from: PeerIndex, root: Uint8Array): void {
    const count = this.#readies.add(from, root)
    if (count >= fPlus1(this.#committee)) this.#sendReady(root)
    if (count >= twoFPlus1(this.#committee)) this.#complete(root)
  }

  #sendReady(root: Uint8Array): void {
    if (this.#readySent) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready', root })
  }

  #complete(root: Uint8Array): void {
    if (this.#chunkRoot !== undefined) return
    this.#chunkRoot = root
    this.#effects.output({ type: 'complete', root: root.slice() })
    this.#tryStore()
  }

  // Rule 5, continued: discard the stored chunk if its root is not r. Until COMPLETE it is kept, then it is handed over.
  #tryStore(): void {
    if (this.#chunkRoot === undefined) return
    const chunk = this.#chunk.under(this.#chunkRoot)
    this.#chunk.release()
    if (chunk !== undefined) this.#effects.output({ type: 'stored', ...detached(chunk) })
  }
}

/**
 * AVID after Cachin and Tessaro: shards are echoed to all and checked before anybody votes for their root.
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
import { ShardCollector } from '../commitment/shard-collector.js'
import {
  BAD,
  type CommittedShard,
  type PayloadCoding,
  type ShardCommitment,
} from '../commitment/shard-commitment.js'
import { inconsistentEncoding, shardFault } from './blame.js'
import type { Dispersal, DispersalOutput, DispersalParams } from './dispersal.js'
import { detached, OwnShard } from './own-shard.js'
import { RootVotes } from './root-votes.js'

/** What AVID members say to each other while dispersing. */
export type AvidMessage =
  | ({ readonly type: 'val' } & CommittedShard)
  | ({ readonly type: 'echo' } & CommittedShard)
  | { readonly type: 'ready'; readonly root: Uint8Array }

/** What `avidDispersal` is made from. */
export interface AvidDispersalOptions {
  readonly commitment: ShardCommitment
}

/**
 * AVID dispersal: what completes is the encoding of a payload, and every correct member ends up with its own shard.
 *
 * Beyond what `Dispersal` promises:
 * - a root that no payload has never completes, so a retrieval gives a payload and never `BAD`;
 * - totality of shards: once complete, every correct member stores its shard, its own from the proposer or one it made anew.
 *
 * Costs: 3 steps, n + 2n² messages, O(n|M| + κ n² log n) bits. Hashes only.
 *
 * Faults reported: `avid/not-the-proposer`, `avid/bad-proof`, `avid/conflicting-val`, `avid/conflicting-echo`,
 * `avid/conflicting-ready`, `avid/inconsistent-encoding`.
 *
 * @see Cachin, Tessaro: Asynchronous Verifiable Information Dispersal, DISC 2005; rules as numbered in PAPER.md
 */
export function avidDispersal({ commitment }: AvidDispersalOptions): Dispersal<AvidMessage> {
  return {
    name: 'dispersal/avid',
    role: 'dispersal',
    wireVersion: 1,
    parameters: {},
    parts: { commitment },
    payloadBytesMax: commitment.payloadBytesMax,
    codec: size => avidCodec(commitment, size),
    create: (params, effects) => new Avid(params, commitment.among(params.committee), effects),
  }
}

function avidCodec(commitment: ShardCommitment, size: CommitteeSize): Codec<AvidMessage> {
  const fields = { ...commitment.fields(size) }
  return union({ val: fields, echo: fields, ready: { root: digest } })
}

class Avid implements Protocol<Uint8Array, AvidMessage> {
  readonly #committee: Committee
  readonly #proposer: PeerIndex
  readonly #coding: PayloadCoding
  readonly #effects: Effects<AvidMessage, DispersalOutput>
  readonly #echoes: ShardCollector
  readonly #own: OwnShard
  readonly #readies: RootVotes
  #dispersed = false
  #readySent = false
  #badFound = false
  #completed: Uint8Array | undefined
  #finished = false

  constructor(
    params: DispersalParams,
    coding: PayloadCoding,
    effects: Effects<AvidMessage, DispersalOutput>,
  ) {
    this.#committee = params.committee
    this.#proposer = params.proposer
    this.#coding = coding
    this.#effects = effects
    this.#echoes = new ShardCollector(coding)
    this.#own = new OwnShard(params, coding, { rule: 'avid/conflicting-val' })
    this.#readies = new RootVotes(params.committee.n, effects, { rule: 'avid/conflicting-ready' })
  }

  // Rule 1: input M at the proposer: encode; send VAL(root, shard_i, proof_i) to each node i.
  handleInput(payload: Uint8Array): void {
    const { self, peers } = this.#committee
    if (self !== this.#proposer) {
      throw new RangeError(
        `avid: member ${self} is not the proposer (${this.#proposer}), who alone may give input`,
      )
    }
    if (this.#dispersed) throw new RangeError('avid: the payload was given already')
    const encoded = this.#coding.encode(payload)
    this.#dispersed = true
    this.#echoes.remember(encoded)
    for (const peer of peers) this.#effects.send(peer, { type: 'val', ...encoded.shardOf(peer) })
  }

  handleMessage(from: PeerIndex, message: AvidMessage): void {
    // Everybody else gets here without us: the READYs that completed ours reach them, and so do the ECHOs behind these.
    if (this.#finished) return
    switch (message.type) {
      case 'val':
        this.#onVal(from, message)
        return
      case 'echo':
        this.#onEcho(from, message)
        return
      case 'ready':
        this.#onReady(from, message.root)
        return
      default:
        unreachable(message)
    }
  }

  // Rule 2: first VAL from the proposer, if its proof binds it to our own index: broadcast ECHO with the own shard.
  #onVal(from: PeerIndex, val: CommittedShard): void {
    const { taken, fault } = this.#own.take(from, val)
    if (fault !== undefined) this.#effects.fault(fault)
    if (!taken) return
    this.#effects.broadcast({ ...val, type: 'echo' })
    this.#tryStore()
  }

  // Rule 3: n − f valid ECHO(root) from distinct senders, counted per root: decode, encode again, compare the root.
  #onEcho(from: PeerIndex, echo: CommittedShard): void {
    const outcome = this.#echoes.add(from, echo)
    const fault = shardFault('avid/conflicting-echo', from, echo, this.#echoes, outcome)
    if (fault !== undefined) this.#effects.fault(fault)
    if (outcome !== 'added') return
    this.#tryReady(echo.root)
    this.#tryStore()
  }

  // Rule 3, continued: equal: broadcast READY(root). Different: never READY this root by this rule.
  #tryReady(root: Uint8Array): void {
    if (this.#readySent || this.#badFound || this.#echoes.count(root) < nMinusF(this.#committee)) return
    if (this.#echoes.decode(root) !== BAD) {
      this.#sendReady(root)
      return
    }
    // No other root can reach n − f any more: every member has one ECHO.
    this.#badFound = true
    this.#effects.fault(inconsistentEncoding(this.#proposer, root))
  }

  // Rule 4: f + 1 READY(root), not readySent: broadcast READY(root). One of them is correct and has checked the root.
  // Rule 5: 2f + 1 READY(root): complete(root). f + 1 of them are correct, so rule 4 brings everybody here.
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
    if (this.#completed !== undefined) return
    this.#completed = root
    this.#effects.output({ type: 'complete', root: root.slice() })
    this.#tryStore()
  }

  // A node that never received its own shard makes it from k ECHOs: they come, since rule 3 stood on n − 2f correct ones.
  #tryStore(): void {
    const root = this.#completed
    if (root === undefined || this.#finished) return
    const own = this.#own.under(root) ?? this.#madeAnew(root)
    if (own === undefined) return
    this.#finished = true
    this.#echoes.release()
    this.#own.release()
    this.#effects.output({ type: 'stored', ...detached(own) })
  }

  #madeAnew(root: Uint8Array): CommittedShard | undefined {
    if (this.#echoes.count(root) < this.#coding.k) return undefined
    const decoded = this.#echoes.decode(root)
    return decoded === BAD ? undefined : decoded.shardOf(this.#committee.self)
  }
}

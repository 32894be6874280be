import { type Effects, type PeerIndex, PeerSet, unreachable } from '@mc/protocol'
import { ShardCollector } from '../commitment/shard-collector.js'
import { BAD, type CommittedShard, type PayloadCoding } from '../commitment/shard-commitment.js'
import { inconsistentEncoding, shardFault } from '../dispersal/blame.js'
import type { DispersalParams } from '../dispersal/dispersal.js'
import type { RetrievalInput, Retrieved } from './retrieval.js'

/** How one protocol calls the two messages of a retrieval. */
export interface RetrievalWords<Message> {
  /** The fault of a server that answers with two roots. */
  readonly rule: string
  readonly request: () => Message
  readonly reply: (shard: CommittedShard) => Message
}

/**
 * What the retrievals of AVID and of AVID-M have in common, which is all but the names of their messages.
 *
 * The papers' AVID client first waits for f + 1 members to name a root. k valid shards under one root, each from its own
 * member, are at least f + 1 such members, since k = n − 2f ≥ f + 1.
 */
export class ShardRetrieval<Message> {
  readonly #proposer: PeerIndex
  readonly #coding: PayloadCoding
  readonly #effects: Effects<Message, Retrieved>
  readonly #words: RetrievalWords<Message>
  readonly #clients: PeerSet
  readonly #replies: ShardCollector
  #served: CommittedShard | undefined
  #asked = false
  #retrieved = false

  constructor(
    { committee, proposer }: DispersalParams,
    coding: PayloadCoding,
    effects: Effects<Message, Retrieved>,
    words: RetrievalWords<Message>,
  ) {
    this.#proposer = proposer
    this.#coding = coding
    this.#effects = effects
    this.#words = words
    this.#clients = new PeerSet(committee.n)
    this.#replies = new ShardCollector(coding)
  }

  onInput(input: RetrievalInput): void {
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

  // Server: answers only after COMPLETE, and only if it holds a shard under that root: who asked earlier is answered now.
  #serve({ root, shard, proof }: CommittedShard): void {
    if (this.#served !== undefined) throw new RangeError('retrieval: a shard is being served already')
    this.#served = { root, shard, proof }
    for (const client of this.#clients) this.#effects.send(client, this.#words.reply(this.#served))
  }

  // Client: sends the request to all.
  #retrieve(): void {
    if (this.#asked) throw new RangeError('retrieval: asked already')
    this.#asked = true
    this.#effects.broadcast(this.#words.request())
  }

  /** Server: one answer per client, for the life of the instance. Who asks again may only have lost its link, or its power. */
  onRequest(from: PeerIndex): void {
    if (!this.#clients.add(from) || this.#served === undefined) return
    this.#effects.send(from, this.#words.reply(this.#served))
  }

  /** Client: checks proof index = sender, groups by root, and on k shards under the same root decodes. */
  onReply(from: PeerIndex, reply: CommittedShard): void {
    if (!this.#asked) this.#effects.fault({ rule: 'avid/unasked-shard', peer: from })
    if (!this.#asked || this.#retrieved) return
    const outcome = this.#replies.add(from, reply)
    const fault = shardFault(this.#words.rule, from, reply, this.#replies, outcome)
    if (fault !== undefined) this.#effects.fault(fault)
    if (outcome === 'added' && this.#replies.count(reply.root) >= this.#coding.k) this.#decode(reply.root)
  }

  // Client: encodes again, compares the root: equal: the payload, else the constant BAD.
  #decode(root: Uint8Array): void {
    const decoded = this.#replies.decode(root)
    this.#retrieved = true
    this.#replies.release()
    // k ≥ f + 1 members serve this root, so a correct one completed with it: it is what the proposer dispersed.
    if (decoded === BAD) this.#effects.fault(inconsistentEncoding(this.#proposer, root))
    this.#effects.output(decoded === BAD ? BAD : decoded.payload)
  }
}

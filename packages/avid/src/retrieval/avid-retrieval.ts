import { type CommitteeSize, type Effects, type PeerIndex, type Protocol, unreachable } from '@mc/protocol'
import { type Codec, union } from '@mc/protocol/wire'
import type { CommittedShard, PayloadCoding, ShardCommitment } from '../commitment/shard-commitment.js'
import type { DispersalParams } from '../dispersal/dispersal.js'
import type { Retrieval, RetrievalInput, Retrieved } from './retrieval.js'
import { ShardRetrieval } from './shard-retrieval.js'

/** What clients and servers of AVID say to each other. */
export type AvidRetrievalMessage =
  | { readonly type: 'retrieve' }
  | ({ readonly type: 'shard' } & CommittedShard)

/** What `avidRetrieval` is made from. */
export interface AvidRetrievalOptions {
  /** The commitment that the dispersal was made with. */
  readonly commitment: ShardCommitment
}

/**
 * Retrieval of what `avidDispersal` dispersed.
 *
 * Costs: 2 steps, 2n messages, O(|M| + κ n log n) bits per client.
 *
 * Faults reported: `avid/unasked-shard`, `avid/bad-proof`, `avid/conflicting-shard`, `avid/inconsistent-encoding`.
 *
 * @see Cachin, Tessaro: Asynchronous Verifiable Information Dispersal, DISC 2005; rules in PAPER.md
 */
export function avidRetrieval({ commitment }: AvidRetrievalOptions): Retrieval<AvidRetrievalMessage> {
  return {
    name: 'retrieval/avid',
    role: 'retrieval',
    wireVersion: 1,
    parameters: {},
    parts: { commitment },
    codec: size => avidRetrievalCodec(commitment, size),
    create: (params, effects) => new AvidRetrieval(params, commitment.among(params.committee), effects),
  }
}

function avidRetrievalCodec(commitment: ShardCommitment, size: CommitteeSize): Codec<AvidRetrievalMessage> {
  return union({ retrieve: {}, shard: { ...commitment.fields(size) } })
}

class AvidRetrieval implements Protocol<RetrievalInput, AvidRetrievalMessage> {
  readonly #retrieval: ShardRetrieval<AvidRetrievalMessage>

  constructor(
    params: DispersalParams,
    coding: PayloadCoding,
    effects: Effects<AvidRetrievalMessage, Retrieved>,
  ) {
    this.#retrieval = new ShardRetrieval(params, coding, effects, {
      rule: 'avid/conflicting-shard',
      request: () => ({ type: 'retrieve' }),
      reply: shard => ({ type: 'shard', ...shard }),
    })
  }

  handleInput(input: RetrievalInput): void {
    this.#retrieval.onInput(input)
  }

  handleMessage(from: PeerIndex, message: AvidRetrievalMessage): void {
    switch (message.type) {
      case 'retrieve':
        this.#retrieval.onRequest(from)
        return
      case 'shard':
        this.#retrieval.onReply(from, message)
        return
      default:
        unreachable(message)
    }
  }
}

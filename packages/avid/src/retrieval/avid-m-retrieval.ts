import { type CommitteeSize, type Effects, type PeerIndex, type Protocol, unreachable } from '@mc/protocol'
import { type Codec, union } from '@mc/protocol/wire'
import type { CommittedShard, PayloadCoding, ShardCommitment } from '../commitment/shard-commitment.js'
import type { DispersalParams } from '../dispersal/dispersal.js'
import type { Retrieval, RetrievalInput, Retrieved } from './retrieval.js'
import { ShardRetrieval } from './shard-retrieval.js'

/** What clients and servers of AVID-M say to each other. */
export type AvidMRetrievalMessage =
  | { readonly type: 'requestchunk' }
  | ({ readonly type: 'returnchunk' } & CommittedShard)

/** What `avidMRetrieval` is made from. */
export interface AvidMRetrievalOptions {
  /** The commitment that the dispersal was made with. */
  readonly commitment: ShardCommitment
}

/**
 * Retrieval of what `avidMDispersal` dispersed.
 *
 * Costs: 2 steps, 2n messages, O(|M| + κ n log n) bits per client.
 *
 * Faults reported: `avid/unasked-shard`, `avid/bad-proof`, `avid/conflicting-returnchunk`, `avid/inconsistent-encoding`.
 *
 * @see Yang, Park, Alizadeh, Kannan, Tse: DispersedLedger, NSDI 2022; rules in PAPER.md
 */
export function avidMRetrieval({ commitment }: AvidMRetrievalOptions): Retrieval<AvidMRetrievalMessage> {
  return {
    name: 'retrieval/avid-m',
    role: 'retrieval',
    wireVersion: 1,
    parameters: {},
    parts: { commitment },
    codec: size => avidMRetrievalCodec(commitment, size),
    create: (params, effects) => new AvidMRetrieval(params, commitment.among(params.committee), effects),
  }
}

function avidMRetrievalCodec(commitment: ShardCommitment, size: CommitteeSize): Codec<AvidMRetrievalMessage> {
  return union({ requestchunk: {}, returnchunk: { ...commitment.fields(size) } })
}

class AvidMRetrieval implements Protocol<RetrievalInput, AvidMRetrievalMessage> {
  readonly #retrieval: ShardRetrieval<AvidMRetrievalMessage>

  constructor(
    params: DispersalParams,
    coding: PayloadCoding,
    effects: Effects<AvidMRetrievalMessage, Retrieved>,
  ) {
    this.#retrieval = new ShardRetrieval(params, coding, effects, {
      rule: 'avid/conflicting-returnchunk',
      request: () => ({ type: 'requestchunk' }),
      reply: shard => ({ type: 'returnchunk', ...shard }),
    })
  }

  handleInput(input: RetrievalInput): void {
    this.#retrieval.onInput(input)
  }

  handleMessage(from: PeerIndex, message: AvidMRetrievalMessage): void {
    switch (message.type) {
      case 'requestchunk':
        this.#retrieval.onRequest(from)
        return
      case 'returnchunk':
        this.#retrieval.onReply(from, message)
        return
      default:
        unreachable(message)
    }
  }
}

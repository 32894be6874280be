/**
 * Retrieval: the other half of a dispersal, whenever somebody wants the payload.
 */
import type { ProtocolDefinition } from '@mc/protocol'
import type { BAD, CommittedShard } from '../commitment/shard-commitment.js'
import type { DispersalParams } from '../dispersal/dispersal.js'

/** `serve`: here is the shard that the dispersal stored, answer for it. `retrieve`: get the payload. Each at most once. */
export type RetrievalInput = ({ readonly type: 'serve' } & CommittedShard) | { readonly type: 'retrieve' }

/** What a retrieval gives, once: the payload, or `BAD` if what was dispersed is the encoding of none. */
export type Retrieved = Uint8Array | typeof BAD

/**
 * Retrieval of a dispersed payload. Every member takes part as a server; any may ask.
 *
 * Guarantees, if the dispersal has completed somewhere and every member that stored a shard serves it:
 * - termination: every correct member that asks gets an output;
 * - correctness: all get the same, and if the proposer is correct it is its payload.
 *
 * A member is answered once, with one shard: whatever it sends, it cannot make us send more.
 * `handleInput` throws a RangeError on a second input of one type.
 */
export interface Retrieval<Message>
  extends ProtocolDefinition<DispersalParams, RetrievalInput, Message, Retrieved> {
  readonly role: 'retrieval'
}

/**
 * What members of Crain's agreement say to each other.
 */
import type { Bit, Round } from '@mc/protocol'
import type { CommonMessage, SyncReply, Trit } from '../rounds/messages.js'

/**
 * The votes of one round. EST and EST2 are relayed, so one sender may say several values; of every other kind the first counts.
 *
 * A CONF names the values that its sender saw in n − f AUX: {0}, {1}, or `*` for {0, 1}. In EST2 and AUX2 `*` stands for a stage
 * one that gave nothing definite.
 */
export type CrainVote =
  | { readonly type: 'est'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'aux'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'conf'; readonly round: Round; readonly value: Trit }
  | { readonly type: 'est2'; readonly round: Round; readonly value: Trit }
  | { readonly type: 'aux2'; readonly round: Round; readonly value: Trit }

/** Everything a member of such an agreement may send. A sync reply holds records of eleven bits. */
export type CrainMessage<CoinMessage> = CrainVote | SyncReply | CommonMessage<CoinMessage>

/**
 * What members of an agreement over a common coin say to each other.
 */
import type { Bit, Round } from '@mc/protocol'
import type { CommonMessage, FastMessage, SyncReply, Trit } from '../rounds/messages.js'

/**
 * The votes of one round. From one sender both BVAL are legal; of every other kind the first one counts.
 *
 * A CONF names the values that its sender saw in n − f AUX: {0}, {1}, or `*` for {0, 1}.
 */
export type CobaltVote =
  | { readonly type: 'bval'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'aux'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'conf'; readonly round: Round; readonly value: Trit }

/**
 * Everything a member of such an agreement may send.
 *
 * FAST is BVAL, AUX and CONF of 1 in round 0 of a reproposable agreement, all in one. A sync reply holds records of six bits.
 */
export type CobaltMessage<CoinMessage> = CobaltVote | FastMessage | SyncReply | CommonMessage<CoinMessage>

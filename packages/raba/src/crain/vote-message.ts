/**
 * The votes of Crain's agreement as messages.
 */
import type { Bit, Round } from '@mc/protocol'
import type { Trit } from '../rounds/messages.js'
import type { CrainVote } from './messages.js'
import { AUX, AUX2, CONF, EST, EST2, type Kind } from './record.js'

/** The message that carries a vote; EST(`*`) and AUX(`*`) do not exist and stand for a bug of ours. */
export function voteMessage(round: Round, kind: Kind, value: Trit): CrainVote {
  switch (kind) {
    case EST:
      return { type: 'est', round, bit: value as Bit }
    case AUX:
      return { type: 'aux', round, bit: value as Bit }
    case CONF:
      return { type: 'conf', round, value }
    case EST2:
      return { type: 'est2', round, value }
    case AUX2:
      return { type: 'aux2', round, value }
  }
}

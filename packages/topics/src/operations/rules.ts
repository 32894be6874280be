/** The rule for each kind of operation. */
import { unreachable } from '@mc/protocol'
import type { Speaker } from '../machine/authenticate.js'
import type { Turn } from '../machine/turn.js'
import type { ReadOperation } from '../operation/operation.js'
import { attest, vouch } from './attesting.js'
import { evaluate, freeze } from './freezing.js'
import { join, leave, renew, updateJoin, withdraw } from './joining.js'
import { comment, propose, vote, withdrawProposal } from './meeting.js'
import { createTopic } from './opening.js'
import { defend, depart, recover, report, rotateKey, setGuardians, setSeat, vetoRecovery } from './people.js'
import { clock, ready, upgradeFault, upgradeReady } from './seats.js'
import type { Verdict } from './verdict.js'

/** What the rule for an operation says about it. */
export function judge(turn: Turn, speaker: Speaker, operation: ReadOperation): Verdict {
  const { body, seq } = operation.statement
  const heard = { turn, speaker, id: operation.id, seq }
  switch (body.type) {
    case 'createTopic':
      return createTopic({ ...heard, body })
    case 'join':
      return join({ ...heard, body })
    case 'updateJoin':
      return updateJoin({ ...heard, body })
    case 'leave':
      return leave({ ...heard, body })
    case 'withdraw':
      return withdraw({ ...heard, body })
    case 'renew':
      return renew({ ...heard, body })
    case 'propose':
      return propose({ ...heard, body })
    case 'withdrawProposal':
      return withdrawProposal({ ...heard, body })
    case 'comment':
      return comment({ ...heard, body })
    case 'vote':
      return vote({ ...heard, body })
    case 'freeze':
      return freeze({ ...heard, body })
    case 'evaluate':
      return evaluate({ ...heard, body })
    case 'defend':
      return defend({ ...heard, body })
    case 'vouch':
      return vouch({ ...heard, body })
    case 'attest':
      return attest({ ...heard, body })
    case 'rotateKey':
      return rotateKey({ ...heard, body })
    case 'setGuardians':
      return setGuardians({ ...heard, body })
    case 'recover':
      return recover({ ...heard, body })
    case 'vetoRecovery':
      return vetoRecovery({ ...heard, body })
    case 'setSeat':
      return setSeat({ ...heard, body })
    case 'depart':
      return depart({ ...heard, body })
    case 'report':
      return report({ ...heard, body })
    case 'ready':
      return ready({ ...heard, body })
    case 'upgradeReady':
      return upgradeReady({ ...heard, body })
    case 'upgradeFault':
      return upgradeFault({ ...heard, body })
    case 'clock':
      return clock({ ...heard, body })
    default:
      return unreachable(body)
  }
}

/**
 * MMR'14: the same round without CONF.
 */
import { nMinusF } from '@mc/protocol'
import type { CobaltRules } from '../cobalt/rules.js'
import { AUX, cobaltAcceptance } from '../cobalt/stages.js'

/**
 * The coin right after AUX, with U from the AUX messages that the member itself has accepted.
 *
 * Not live: once the first member has asked for the coin s, a scheduler that knows s gives a slow member n − f AUX(1 − s), and
 * the estimates stay apart for ever.
 */
export const mmrRules: CobaltRules = {
  lastStage: AUX,
  acceptance: cobaltAcceptance,
  confirm: () => undefined,
  union: (round, _, committee) => round.verdict(AUX, nMinusF(committee)),
  contradicts: () => false,
}

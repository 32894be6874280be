/**
 * Binding crusader agreement, and a common coin: the rounds of Cobalt, with CONF({0, 1}) at the first sight of both bits.
 */
import { nMinusF } from '@mc/protocol'
import { type CobaltRules, cobaltRules } from '../cobalt/rules.js'
import { AUX } from '../cobalt/stages.js'

/**
 * ECHO, ECHO2 and ECHO3 of binding crusader agreement are BVAL, AUX and CONF here, ECHO3(⊥) is CONF({0, 1}).
 *
 * CONF({v}) still stands on n − f AUX(v), and no correct member sends two CONF; so what the argument of Cobalt rests on is there.
 * That CONF({0, 1}) leaves earlier takes nothing from it: it only makes fewer CONF({v}).
 */
export const crusaderRules: CobaltRules = {
  ...cobaltRules,
  // C5: n − f accepted AUX(v): CONF({v}). Else bset = {0, 1}, however few AUX there are: CONF({0, 1})
  confirm: (round, committee) => {
    const values = round.verdict(AUX, nMinusF(committee))
    if (values !== undefined) return values
    const both = round.inBset(0) && round.inBset(1)
    return both ? '*' : undefined
  },
}

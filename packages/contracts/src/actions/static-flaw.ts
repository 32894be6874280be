/**
 * What can be wrong with an action whatever the state: checked when it is proposed, and again when it runs.
 */
import { ACTION_DEPTH_MAX, ACTIONS_MAX, type Action, flawOfParameters, type Predicate } from '@mc/topics'
import { isCodeCid } from '../code/code-cid.js'
import type { Flaw } from './action-context.js'
import { innerActions } from './capabilities.js'

/** The longest that a mandate lasts, in seconds of L: a year. */
export const TERM_MAX = 31_536_000

/** What is wrong with a list of actions, the ones inside them included. */
export function flawOfActions(actions: readonly Action[], depth: number = ACTION_DEPTH_MAX): Flaw {
  if (actions.length > ACTIONS_MAX) return `${actions.length} actions, need at most ${ACTIONS_MAX}`
  if (actions.length > 0 && depth === 0) return `actions nested deeper than ${ACTION_DEPTH_MAX}`
  for (const action of actions) {
    const flaw = flawOfAction(action) ?? flawOfActions(innerActions(action), depth - 1)
    if (flaw !== undefined) return `${action.type}: ${flaw}`
  }
  return undefined
}

function flawOfAction(action: Action): Flaw {
  switch (action.type) {
    case 'domain.create':
      return flawOfNames(action.names) ?? flawOfParameters(action.parameters)
    case 'domain.rename':
    case 'domain.split':
      return flawOfNames(action.names)
    case 'domain.setParameters':
      return flawOfParameters(action.parameters)
    case 'domain.setSlots':
      return action.slots < 1 ? 'no slot, so nothing would ever be activated' : undefined
    case 'parameter.set':
      return action.name === '' ? 'a parameter without a name' : undefined
    case 'schedule.at':
      return action.actions.length === 0 ? 'nothing to do' : undefined
    case 'mandate.grant':
      return flawOfTerm(action.term, action.reportEvery) ?? flawOfCondition(action.conversion)
    case 'exception.open':
      return flawOfCondition(action.conversion)
    case 'attester.add':
      return action.name === '' ? 'an attester without a name' : flawOfCondition(action.conversion)
    case 'contractType.install':
      return flawOfInstall(action)
    case 'protocol.upgrade':
      return action.module === '' ? 'a module without a name' : undefined
    case 'registry.set':
      return action.key === '' ? 'an entry without a key' : undefined
    case 'event.emit':
      return action.name === '' ? 'an event without a name' : undefined
    default:
      return undefined
  }
}

const flawOfNames = (names: readonly { readonly language: string }[]): Flaw => {
  if (names.length === 0) return 'no name'
  return new Set(names.map(({ language }) => language)).size === names.length
    ? undefined
    : 'two names in one language'
}

function flawOfTerm(term: number, reportEvery: number): Flaw {
  if (term < 1 || term > TERM_MAX) return `a term of ${term} s, need 1–${TERM_MAX}`
  return reportEvery > term ? 'the first report is due after the term' : undefined
}

/** The least that makes a condition one: something can make it true, and it does not hold by itself. */
function flawOfCondition(condition: Predicate): Flaw {
  switch (condition.type) {
    case 'all':
    case 'any':
      if (condition.of.length === 0) return 'a condition of no conditions'
      return condition.of.map(flawOfCondition).find(flaw => flaw !== undefined)
    case 'not':
      return flawOfCondition(condition.of)
    case 'custom':
      return isCodeCid(condition.cid) ? undefined : 'a condition whose code has no CID of raw SHA-256'
    default:
      return undefined
  }
}

function flawOfInstall(action: Extract<Action, { type: 'contractType.install' }>): Flaw {
  if (!isCodeCid(action.cid)) return 'the code has no CID of raw SHA-256'
  return new Set(action.capabilities).size === action.capabilities.length
    ? undefined
    : 'a capability is named twice'
}

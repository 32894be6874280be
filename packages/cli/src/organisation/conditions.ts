/** Conditions that end a power, in words. */
import { actionsOf, conditionIn, PHRASES, toValue } from '@mc/contracts'
import type { Predicate } from '@mc/topics'
import { languageHere } from './language.js'
import type { Plain } from './organisation-client.js'

/** A condition as it stands in JSON, in the language of this process; as JSON if this program does not know it. */
export function conditionText(condition: Plain<Predicate>): string {
  // Conditions are read as a part of an action, by the same rules as everybody's.
  const open = {
    type: 'exception.open',
    description: '',
    holder: '',
    conversion: toValue(condition),
    onConvert: [],
  }
  const actions = actionsOf([open])
  const [action] = typeof actions === 'string' ? [] : actions
  if (action?.type !== 'exception.open') return JSON.stringify(condition)
  return conditionIn(PHRASES[languageHere()], action.conversion)
}

/** What a list of actions needs to be allowed, with all that it would bring later. */
import { type Action, CAPABILITIES, type Capability, capabilityOf } from '@mc/topics'

/** The actions that an action brings with it: scheduled ones, and those at the end of a power. */
export function innerActions(action: Action): readonly Action[] {
  switch (action.type) {
    case 'schedule.at':
      return action.actions
    case 'mandate.grant':
    case 'exception.open':
    case 'attester.add':
      return action.onConvert
    default:
      return []
  }
}

/** The capabilities of actions and of all that they bring later, in the order of the wire. */
export function capabilitiesOf(actions: readonly Action[]): readonly Capability[] {
  const needed = new Set<Capability>()
  const visit = (action: Action): void => {
    needed.add(capabilityOf(action))
    innerActions(action).forEach(visit)
  }
  actions.forEach(visit)
  return CAPABILITIES.filter(capability => needed.has(capability))
}

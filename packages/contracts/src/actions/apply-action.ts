/** One step of tier 0, carried out on an overlay. */
import { unreachable } from '@mc/protocol'
import type { Action } from '@mc/topics'
import type { ActionContext, Flaw } from './action-context.js'
import { changeDomain } from './domain-actions.js'
import { addMember, removeMember } from './member-actions.js'
import {
  addAttester,
  closeException,
  grantMandate,
  openException,
  removeAttester,
  revokeMandate,
} from './office-actions.js'
import {
  cancelScheduled,
  decideUpgrade,
  emitEvent,
  installType,
  retireType,
  schedule,
  setEntry,
  setParameter,
} from './rule-actions.js'

/** Carries out an action, or says why it means nothing here. */
export function applyAction(action: Action, context: ActionContext): Flaw {
  switch (action.type) {
    case 'member.add':
      return addMember(action, context)
    case 'member.remove':
    case 'member.leave':
      return removeMember(action, context)
    case 'domain.create':
    case 'domain.rename':
    case 'domain.merge':
    case 'domain.split':
    case 'domain.setParameters':
    case 'domain.setSlots':
      return changeDomain(action, context)
    case 'parameter.set':
      return setParameter(action, context)
    case 'schedule.at':
      return schedule(action, context)
    case 'schedule.cancel':
      return cancelScheduled(action, context)
    case 'mandate.grant':
      return grantMandate(action, context)
    case 'mandate.revoke':
      return revokeMandate(action, context)
    case 'exception.open':
      return openException(action, context)
    case 'exception.close':
      return closeException(action, context)
    case 'attester.add':
      return addAttester(action, context)
    case 'attester.remove':
      return removeAttester(action, context)
    case 'contractType.install':
      return installType(action, context)
    case 'contractType.retire':
      return retireType(action, context)
    case 'protocol.upgrade':
      return decideUpgrade(action, context)
    case 'registry.set':
      return setEntry(action, context)
    case 'event.emit':
      return emitEvent(action, context)
    default:
      return unreachable(action)
  }
}

/**
 * Whether the state is still what the author of an action saw.
 *
 * All actions of a batch are asked before the first one acts: `expect` speaks of the state that voters saw, not of what the batch makes
 * of it.
 */
import { equalBytes } from '@mc/crypto'
import { unreachable } from '@mc/protocol'
import { hex, utf8 } from '@mc/protocol/wire'
import { type Action, isPresent, type OrganisationView } from '@mc/topics'
import { readable } from '../execution/readable.js'
import type { Flaw } from './action-context.js'

/** What has changed since an action was written; nothing if it still fits. */
export function staleness(action: Action, view: OrganisationView): Flaw {
  switch (action.type) {
    case 'member.remove':
    case 'member.leave':
      return isMember(view, action.member) ? undefined : 'the member is no longer there'
    case 'domain.rename':
      return moved('the names', view.domains.get(action.domain)?.names, action.expect)
    case 'domain.setParameters':
      return moved('the rules', view.domains.get(action.domain)?.parameters, action.expect)
    case 'domain.setSlots':
      return moved('the slots', view.domains.get(action.domain)?.parameters.activeSlots, action.expect)
    case 'domain.merge':
      return open(view, action.from) ?? open(view, action.into)
    case 'domain.split':
      return open(view, action.domain)
    case 'parameter.set':
      return moved(`parameter ${action.name}`, parameterOf(view, action.name), action.expect)
    case 'registry.set':
      return moved(`entry ${action.key}`, view.registry.get(utf8(action.key))?.cid, action.expect)
    case 'protocol.upgrade':
      return moved(`module ${action.module}`, view.modules.get(utf8(action.module))?.current, action.previous)
    case 'schedule.cancel':
      return view.scheduled.get(action.entry) === undefined ? 'nothing is scheduled under that id' : undefined
    case 'mandate.grant':
      return isMember(view, action.holder) ? undefined : 'the holder is no longer a member'
    case 'mandate.revoke':
      return view.mandates.get(action.mandate)?.isEnded === false ? undefined : 'the mandate is not held'
    case 'exception.close':
      return view.exceptions.get(action.exception)?.isClosed === false
        ? undefined
        : 'the exception is not open'
    case 'attester.remove':
      return view.attesters.get(action.attester) === undefined ? 'the attester is no longer there' : undefined
    case 'contractType.retire':
      return view.contractTypes.get(action.cid)?.isRetired === false ? undefined : 'the type is not in use'
    case 'member.add':
    case 'domain.create':
    case 'schedule.at':
    case 'exception.open':
    case 'attester.add':
    case 'contractType.install':
    case 'event.emit':
      return undefined
    default:
      return unreachable(action)
  }
}

/** A number of the organisation; 0 where nobody has set it. */
export const parameterOf = (view: Pick<OrganisationView, 'parameters'>, name: string): number =>
  view.parameters.get(utf8(name))?.value ?? 0

const isMember = (view: OrganisationView, id: Uint8Array): boolean => {
  const member = view.members.get(id)
  return member !== undefined && isPresent(member)
}

function open(view: OrganisationView, id: Uint8Array): Flaw {
  const domain = view.domains.get(id)
  return domain === undefined || domain.mergedInto !== undefined
    ? `domain ${hex(id.subarray(0, 4))} is no longer open`
    : undefined
}

function moved(what: string, now: unknown, expected: unknown): Flaw {
  const isSame =
    now instanceof Uint8Array && expected instanceof Uint8Array
      ? equalBytes(now, expected)
      : readable(now) === readable(expected)
  return isSame ? undefined : `${what}: now ${readable(now)}, expected ${readable(expected)}`
}

/** What the organisation as a whole agrees on: parameters, by-laws, what happens later, which code may run. */
import { utf8 } from '@mc/protocol/wire'
import type { Action } from '@mc/topics'
import { type ActionContext, type Flaw, freshId } from './action-context.js'

type On<T extends Action['type']> = Extract<Action, { type: T }>

/** Entries that may wait for their time at once. */
export const SCHEDULED_MAX = 1_024

/** The latest that something can be scheduled for, in seconds of L from now: ten years. */
export const SCHEDULE_AHEAD_MAX = 315_360_000

/** Contract types that may be installed, retired ones included: each is code that every member keeps. */
export const CONTRACT_TYPES_MAX = 256

/** `param.set`: changes a number of the organisation. */
export function setParameter({ name, value }: On<'parameter.set'>, { overlay }: ActionContext): Flaw {
  overlay.parameters.set(utf8(name), { name, value })
  return undefined
}

/** `schedule.at`: visible from now on, and cancelled by topic. */
export function schedule({ clock, actions }: On<'schedule.at'>, context: ActionContext): Flaw {
  const { overlay, topic, crypto } = context
  if (clock <= context.clock) return 'the time has passed'
  if (clock > context.clock + SCHEDULE_AHEAD_MAX) return 'more than ten years ahead'
  if (overlay.scheduled.size >= SCHEDULED_MAX) return 'too much is scheduled already'
  const id = freshId(overlay.scheduled, 'mc/scheduled/v1', topic, crypto.sha256)
  overlay.scheduled.set(id, { id, topic, dueL: clock, actions })
  return undefined
}

/** `schedule.cancel`. */
export function cancelScheduled({ entry }: On<'schedule.cancel'>, { overlay }: ActionContext): Flaw {
  return overlay.scheduled.delete(entry) ? undefined : 'nothing is scheduled under that id'
}

/** `contractType.install{cid}`: from now on topics may run this code, with these capabilities and no others. */
export function installType(
  { cid, capabilities }: On<'contractType.install'>,
  { overlay, isCodeOn }: ActionContext,
): Flaw {
  if (!isCodeOn) return 'this organisation has not switched contract code on'
  if (overlay.contractTypes.get(cid) !== undefined) return 'the type is or was installed'
  if (overlay.contractTypes.size >= CONTRACT_TYPES_MAX) return `${CONTRACT_TYPES_MAX} types are installed`
  overlay.contractTypes.set(cid, { cid, capabilities, isRetired: false })
  return undefined
}

/** `contractType.retire{cid}`: nothing new may be proposed with it. */
export function retireType({ cid }: On<'contractType.retire'>, { overlay }: ActionContext): Flaw {
  const type = overlay.contractTypes.get(cid)
  if (type === undefined || type.isRetired) return 'the type is not in use'
  overlay.contractTypes.set(cid, { ...type, isRetired: true })
  return undefined
}

/** `protocol.upgrade{manifestCid}`: decided now; what follows is the life of an upgrade. */
export function decideUpgrade(action: On<'protocol.upgrade'>, context: ActionContext): Flaw {
  const { overlay, topic, clock } = context
  const { manifest, module: name, previous, isUrgent } = action
  const module = overlay.modules.get(utf8(name))
  if (module?.pending !== undefined) return 'another upgrade of this module is waiting for its nodes'
  overlay.modules.set(utf8(name), {
    name,
    current: previous,
    pending: { topic, manifest, isUrgent, decidedL: clock, ready: [] },
    probation: module?.probation,
  })
  return undefined
}

/** `registry.set{key, cid}`: a text resolution, a by-law; without a CID the entry goes. */
export function setEntry({ key, cid }: On<'registry.set'>, { overlay, topic, clock }: ActionContext): Flaw {
  if (cid !== undefined) overlay.registry.set(utf8(key), { key, cid, topic, setL: clock })
  else if (!overlay.registry.delete(utf8(key))) return 'there is no such entry'
  return undefined
}

/** `event.emit`: tells the world, and changes nothing. */
export function emitEvent({ name, payload }: On<'event.emit'>, { overlay }: ActionContext): Flaw {
  overlay.do({ type: 'emit', name, payload })
  return undefined
}

/** Powers that are not democratic yet, each with the condition that ends it: mandates, exceptions, attesters. */
import { domainHash, equalBytes } from '@mc/crypto'
import type { Action, Conversion } from '@mc/topics'
import { type ActionContext, type Flaw, freshId } from './action-context.js'

type On<T extends Action['type']> = Extract<Action, { type: T }>

/** `mandate.grant`: until the term ends, the condition holds, or a topic revokes it. */
export function grantMandate(action: On<'mandate.grant'>, context: ActionContext): Flaw {
  const { overlay, clock, topic, crypto } = context
  const { holder, scope, powers, term, reportEvery, conversion, onConvert } = action
  if (overlay.members.get(holder)?.state !== 'active') return 'the holder is not an active member'
  const flaw = flawOfCode(action, context)
  if (flaw !== undefined) return flaw
  const id = freshId(overlay.mandates, 'mc/mandate/v1', topic, crypto.sha256)
  overlay.mandates.set(id, {
    ...{ id, holder, scope, powers, reportEvery, conversion, onConvert },
    ...{ termEnd: clock + term, reportDue: clock + reportEvery, reportsMissed: 0, isEnded: false },
  })
  return undefined
}

/** `mandate.revoke`: the powers go, and what the end of the mandate brings comes at once. */
export function revokeMandate({ mandate }: On<'mandate.revoke'>, { overlay }: ActionContext): Flaw {
  if (overlay.ends(mandate)) return 'the mandate is revoked already'
  overlay.do({ type: 'endMandate', mandate })
  return undefined
}

/** `exception.open`: writes a process that is not democratic into the register. */
export function openException(
  { description, holder, ...conversion }: Omit<On<'exception.open'>, 'type'>,
  context: ActionContext,
): Flaw {
  const flaw = flawOfCode(conversion, context)
  if (flaw === undefined) registerException(description, holder, conversion, context)
  return flaw
}

/** `exception.close`: the process has become democratic, or has ended. */
export function closeException({ exception }: On<'exception.close'>, { overlay }: ActionContext): Flaw {
  const entry = overlay.exceptions.get(exception)
  if (entry === undefined || entry.isClosed) return 'the exception is not open'
  if (overlay.attesters.values().some(attester => equalBytes(attester.exception, exception))) {
    return 'the exception stands for an attester: remove the attester'
  }
  overlay.exceptions.set(exception, { ...entry, isClosed: true })
  return undefined
}

/** `attester.add`: with an entry in the register, because one person's word is not a decision of all. */
export function addAttester(action: On<'attester.add'>, context: ActionContext): Flaw {
  const { key, name, evidenceClass, conversion, onConvert } = action
  const { overlay, crypto } = context
  const id = domainHash(crypto.sha256, 'mc/attester/v1', key)
  if (overlay.attesters.get(id) !== undefined) return 'the key is an attester’s already'
  const flaw = flawOfCode(action, context)
  if (flaw !== undefined) return flaw
  const exception = registerException(`attester ${name}`, name, { conversion, onConvert }, context)
  overlay.attesters.set(id, { id, key, name, evidenceClass, exception })
  return undefined
}

/** `attester.remove`: closes its exception too. */
export function removeAttester(action: On<'attester.remove'>, { overlay }: ActionContext): Flaw {
  const attester = overlay.attesters.get(action.attester)
  if (attester === undefined) return 'there is no such attester'
  const exception = overlay.exceptions.get(attester.exception)
  if (exception !== undefined) overlay.exceptions.set(exception.id, { ...exception, isClosed: true })
  overlay.attesters.delete(action.attester)
  return undefined
}

function registerException(
  description: string,
  holder: string,
  { conversion, onConvert }: Conversion,
  { overlay, topic, crypto }: ActionContext,
): Uint8Array {
  const id = freshId(overlay.exceptions, 'mc/exception/v1', topic, crypto.sha256)
  overlay.exceptions.set(id, { id, description, holder, isClosed: false, conversion, onConvert })
  return id
}

/** A condition in code must be installed: else nothing would ever make it true. */
function flawOfCode({ conversion }: Pick<Conversion, 'conversion'>, { overlay }: ActionContext): Flaw {
  const codes: Uint8Array[] = []
  const visit = (condition: typeof conversion): void => {
    if (condition.type === 'custom') codes.push(condition.cid)
    if (condition.type === 'not') visit(condition.of)
    if (condition.type === 'all' || condition.type === 'any') condition.of.forEach(visit)
  }
  visit(conversion)
  return codes.every(cid => overlay.contractTypes.get(cid) !== undefined)
    ? undefined
    : 'the code of the condition is not installed'
}

/**
 * The conversion rule: what is not democratic says when it ends, and ends in the block in which that has come true.
 *
 * @see topics.md, section 13
 */
import { digestKey, domainHash } from '@mc/crypto'
import { unreachable } from '@mc/protocol'
import { hex, utf8 } from '@mc/protocol/wire'
import type { Action } from '../action/action.js'
import type { Predicate } from '../action/predicate.js'
import { newTopic, openTopic } from '../operations/opening.js'
import type { Mandate } from '../organisation/office.js'
import type { OrganisationView } from '../organisation/organisation.js'
import { applyActions, CONVERSION_BUDGET } from './batches.js'
import { Draft } from './draft.js'
import { u32 } from './partition.js'
import { emit, type Turn } from './turn.js'

/** Missing reports that open a recall. */
const REPORTS_MISSED_MAX = 2

/** Asks about code; nothing if it is not asked now. */
export type CustomCheck = (predicate: Extract<Predicate, { type: 'custom' }>) => boolean

/** Whether a condition holds. */
export function holds(predicate: Predicate, view: OrganisationView, custom: CustomCheck): boolean {
  switch (predicate.type) {
    case 'typeInstalled':
      return view.contractTypes.get(predicate.contractType)?.isRetired === false
    case 'parameterAtLeast':
      return (view.parameters.get(utf8(predicate.name))?.value ?? 0) >= predicate.value
    case 'membersAtLeast':
      return view.memberCount >= predicate.count
    case 'attestersAtLeast':
      return view.attesters.size >= predicate.count
    case 'clockAtLeast':
      return view.clock >= predicate.clock
    case 'all':
      return predicate.of.every(one => holds(one, view, custom))
    case 'any':
      return predicate.of.some(one => holds(one, view, custom))
    case 'not':
      return !holds(predicate.of, view, custom)
    case 'custom':
      return custom(predicate)
    default:
      return unreachable(predicate)
  }
}

/** Whether code has a say in a condition: then it is asked at boundaries only, since "not" of what is not asked is no answer. */
export function isCustom(predicate: Predicate): boolean {
  switch (predicate.type) {
    case 'custom':
      return true
    case 'all':
    case 'any':
      return predicate.of.some(isCustom)
    case 'not':
      return isCustom(predicate.of)
    default:
      return false
  }
}

/** Ends every mandate and exception whose condition has come true. */
export function convert(turn: Turn, atBoundary: boolean): void {
  const { state, tools } = turn
  const view = new Draft(turn, undefined)
  const isDue = ({ conversion }: { readonly conversion: Predicate }): boolean =>
    (atBoundary || !isCustom(conversion)) &&
    holds(conversion, view, custom => tools.executor.holds(custom, view, CONVERSION_BUDGET))
  for (const key of [...state.indexes.openMandates].sort()) {
    const mandate = state.tables.mandates.at(key)
    if (mandate === undefined || mandate.isEnded || !isDue(mandate)) continue
    state.tables.mandates.put(key, { ...mandate, isEnded: true })
    bringAbout(turn, 'mandate', mandate.id, mandate.onConvert)
  }
  for (const key of [...state.indexes.openExceptions].sort()) {
    const exception = state.tables.exceptions.at(key)
    if (exception === undefined || exception.isClosed || !isDue(exception)) continue
    state.tables.exceptions.put(key, { ...exception, isClosed: true })
    bringAbout(turn, 'exception', exception.id, exception.onConvert)
  }
}

// powers are revoked and onConvert is applied in the same block
function bringAbout(turn: Turn, what: string, id: Uint8Array, actions: readonly Action[]): void {
  emit(turn, 'converted', { [what]: hex(id) })
  const execution = applyActions(turn, undefined, actions)
  if (execution.outcome === 'failed')
    emit(turn, 'conversion-failed', { [what]: hex(id), reason: execution.reason })
}

/** The term of a mandate is over. */
export function endTerm(turn: Turn, mandate: Mandate): void {
  turn.state.tables.mandates.set(mandate.id, { ...mandate, isEnded: true })
  emit(turn, 'mandate-ended', { mandate: hex(mandate.id), reason: 'its term is over' })
}

/** A report has not come; the second one that has not come opens a recall. */
export function missReport(turn: Turn, mandate: Mandate): void {
  const reportsMissed = mandate.reportsMissed + 1
  const reportDue = mandate.reportDue + mandate.reportEvery
  turn.state.tables.mandates.set(mandate.id, { ...mandate, reportsMissed, reportDue })
  emit(turn, 'report-missed', { mandate: hex(mandate.id), missed: reportsMissed })
  if (reportsMissed >= REPORTS_MISSED_MAX) openRecall(turn, mandate, reportsMissed)
}

function openRecall(turn: Turn, mandate: Mandate, missed: number): void {
  const { state, tools } = turn
  if (state.indexes.openByTarget.get(digestKey(mandate.id)) !== undefined) return
  const id = domainHash(tools.sha256, 'mc/recall/v1', mandate.id, u32(turn.block.epoch), u32(missed))
  const domain = state.tables.domains.must(tools.general)
  openTopic(turn, {
    ...newTopic(turn, domain, id, id),
    kind: 'contract',
    title: 'Recall: two reports are missing',
    target: mandate.id,
  })
}

/**
 * One atomic batch: what was expected → actions → what always holds; all or nothing.
 *
 * @see contracts.md, section 4
 */
import { type Action, actionCodec, type Capability, type Change, type Execution } from '@mc/topics'
import type { ActionContext } from '../actions/action-context.js'
import { applyAction } from '../actions/apply-action.js'
import { capabilitiesOf } from '../actions/capabilities.js'
import { brokenInvariant } from '../actions/invariants.js'
import { misplaced } from '../actions/kinds.js'
import { staleness } from '../actions/staleness.js'
import { flawOfActions } from '../actions/static-flaw.js'
import { type RefusalKind, refusal } from './refusal.js'

/** An action costs this much gas, and as much again per byte of its encoding. */
export const GAS_PER_ACTION = 1_000
export const GAS_PER_BYTE = 10

/** What a batch may do and use up. */
export interface BatchLimits {
  readonly capabilities: readonly Capability[]
  readonly gas: number
  readonly storageBytes: number
}

/** What the actions of a batch cost, without what brought them. */
export const gasOf = (actions: readonly Action[]): number =>
  actions.reduce((gas, action) => gas + GAS_PER_ACTION + GAS_PER_BYTE * actionCodec.encode(action).length, 0)

/** Carries out a batch on the overlay of its context. After a failure the overlay is good for nothing. */
export function runBatch(actions: readonly Action[], context: ActionContext, limits: BatchLimits): Execution {
  const gas = gasOf(actions)
  const failed = (kind: RefusalKind, words: string): Execution => ({
    outcome: 'failed',
    gas: Math.min(gas, limits.gas),
    reason: refusal(kind, words),
  })
  if (gas > limits.gas) return failed('budget', `the actions cost ${gas} gas, ${limits.gas} are left`)
  const flaw = flawOfActions(actions)
  if (flaw !== undefined) return failed('invalid', flaw)
  const forbidden = hiddenCapability(actions, limits.capabilities) ?? misplaced(actions, context.kind)
  if (forbidden !== undefined) return failed('capability', forbidden)
  for (const action of actions) {
    const stale = staleness(action, context.overlay.view)
    if (stale !== undefined) return failed('stale', `${action.type}: ${stale}`)
  }
  for (const action of actions) {
    const wrong = applyAction(action, context)
    if (wrong !== undefined) return failed('invalid', `${action.type}: ${wrong}`)
  }
  const broken = brokenInvariant(context.overlay, context.crypto.sha256)
  if (broken !== undefined) return failed('invalid', broken)
  const diff = context.overlay.diff()
  const bytes = bytesOf(diff)
  if (bytes > limits.storageBytes)
    return failed('budget', `it writes ${bytes} bytes of ${limits.storageBytes}`)
  return { outcome: 'executed', gas, diff }
}

/** A program does nothing that voters were not shown, now or later. */
function hiddenCapability(actions: readonly Action[], shown: readonly Capability[]): string | undefined {
  const hidden = capabilitiesOf(actions).find(capability => !shown.includes(capability))
  return hidden && `${hidden} is not among the capabilities that voters were shown`
}

/** Bytes written, in the form in which they are shown. */
const bytesOf = (diff: readonly Change[]): number =>
  diff.reduce((bytes, { key, after = '' }) => bytes + key.length + after.length, 0)

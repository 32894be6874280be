/**
 * When the state wants a block although nobody says anything: timers fire in blocks only.
 *
 * @see topics.md, section 3.3
 */
import type { Wake } from '@mc/ledger'
import type { TopicsState } from '../state/topics-state.js'
import { numberOf } from './parameters.js'

/** When the next block is due, or nothing while no timer is pending. */
export function wakeOf(state: TopicsState): Wake | undefined {
  const { timers, draws, placements } = state.indexes
  const boundary = state.here.boundaryL + numberOf(state, 'epochLength')
  const due = [
    // A draw waits for the beacon of a block to come.
    ...(draws.size > 0 || placements.size > 0 ? [0] : []),
    ...(state.tables.changes.size > 0 ? [boundary] : []),
    ...(timers.first === undefined ? [] : [timers.first.deadline]),
  ]
  if (due.length === 0) return undefined
  return { heartbeatMs: 1000 * numberOf(state, 'heartbeat'), dueMs: 1000 * Math.min(...due) }
}

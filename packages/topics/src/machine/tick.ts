/**
 * Timers: what becomes due by the ledger clock, in the order of deadline, kind and id.
 *
 * @see topics.md, section 4
 */
import { unreachable } from '@mc/protocol'
import { takeKey } from '../operations/people.js'
import { isPaused } from '../operations/seats.js'
import { isPresent } from '../organisation/member.js'
import type { Scheduled } from '../organisation/office.js'
import { type Timer, topicTimer } from '../state/indexes.js'
import type { Topic } from '../topic/topic.js'
import { applyActions } from './batches.js'
import { endTerm, missReport } from './conversion.js'
import { ended } from './ending.js'
import { endEvaluation } from './freeze.js'
import { capabilitiesOf } from './programs.js'
import { executeTopic } from './publicity.js'
import { closeRound } from './rounds.js'
import { emit, type Turn, transition } from './turn.js'

/** Timers that fire in one block; the others fire in the next one. */
export const TICK_MAX = 10_000

/** Fires what is due. */
export function tick(turn: Turn): void {
  const { timers } = turn.state.indexes
  const { clock } = turn.block
  const waiting: Timer[] = []
  let fired = 0
  while (fired < TICK_MAX) {
    const { first } = timers
    if (first === undefined || first.deadline > clock) break
    timers.pop()
    const outcome = fire(turn, first)
    if (outcome === 'later') waiting.push(first)
    if (outcome === 'fired') fired += 1
  }
  for (const timer of waiting) timers.push(timer)
}

type Outcome = 'fired' | 'stale' | 'later'

// A timer whose entry has moved on is stale: the entry has set another one, or needs none.
function fire(turn: Turn, { kind, key, deadline }: Timer): Outcome {
  const { tables } = turn.state
  switch (kind) {
    case 'queue':
    case 'meeting':
    case 'publicity': {
      const topic = tables.topics.at(key)
      const due = topic && topicTimer(topic)
      if (topic === undefined || due?.kind !== kind || due.deadline !== deadline) return 'stale'
      return fireTopic(turn, topic)
    }
    case 'evaluation': {
      const one = tables.cases.at(key)
      if (one?.outcome !== 'open' || one.deadline !== deadline) return 'stale'
      endEvaluation(turn, one)
      return 'fired'
    }
    case 'schedule': {
      const entry = tables.scheduled.at(key)
      if (entry?.dueL !== deadline) return 'stale'
      if (isPaused(turn)) return 'later'
      tables.scheduled.remove(key)
      runScheduled(turn, entry)
      return 'fired'
    }
    case 'mandate':
    case 'report':
      return fireMandate(turn, kind, key, deadline)
    case 'recovery': {
      const member = tables.members.at(key)
      if (member?.recovery?.dueL !== deadline || !isPresent(member)) return 'stale'
      takeKey(turn, member, member.recovery.key)
      return 'fired'
    }
    default:
      return unreachable(kind)
  }
}

function fireMandate(turn: Turn, kind: 'mandate' | 'report', key: string, deadline: number): Outcome {
  const mandate = turn.state.tables.mandates.at(key)
  if (mandate === undefined || mandate.isEnded) return 'stale'
  if ((kind === 'mandate' ? mandate.termEnd : mandate.reportDue) !== deadline) return 'stale'
  if (kind === 'mandate') endTerm(turn, mandate)
  else missReport(turn, mandate)
  return 'fired'
}

function fireTopic(turn: Turn, topic: Topic): Outcome {
  if (topic.state === 'queued') {
    transition(turn, { ...topic, state: 'expired', result: ended('waited too long') }, 'topic-expired')
  } else if (topic.state === 'meeting') closeRound(turn, topic)
  else if (isPaused(turn)) return 'later'
  else executeTopic(turn, topic)
  return 'fired'
}

// with the topic's own capabilities, and no others
function runScheduled(turn: Turn, { topic: id, actions }: Scheduled): void {
  const topic = turn.state.tables.topics.get(id)
  const capabilities = topic === undefined ? [] : capabilitiesOf(turn, topic)
  const execution = applyActions(turn, topic, actions, capabilities)
  const reason = execution.outcome === 'failed' ? { reason: execution.reason } : {}
  emit(turn, `schedule-${execution.outcome}`, { ...reason })
}

/**
 * Freeze cases: opening, resolving, releasing.
 *
 * @see topics.md, section 11.2
 */
import { digestKey, equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import type { CaseOutcome, FreezeCase, Freezer } from '../topic/parts.js'
import type { Publicity, Topic } from '../topic/topic.js'
import { ended } from './ending.js'
import { numberOf } from './parameters.js'
import { evaluationNeeds } from './publicity.js'
import { ringGrew, ringPaused } from './rings.js'
import { caseIdOf } from './topic-id.js'
import { emit, rulesOf, type Turn, transition } from './turn.js'

/** Stops a topic: its publicity stands still, and whoever wanted that is frozen. */
export function openCase(turn: Turn, topic: Topic): void {
  const { state, block, tools } = turn
  const k = topic.freezeCount + 1
  const id = caseIdOf(topic.id, k, tools.sha256)
  const gathered = freezersOf(turn, topic).filter(({ freezeCase }) => freezeCase === undefined)
  for (const freezer of gathered) freezeMember(turn, freezer, id)
  state.tables.cases.set(id, {
    id,
    topic: topic.id,
    k,
    openL: block.clock,
    deadline: block.clock + rulesOf(turn, topic).evaluationWindow,
    isExtended: false,
    freezers: gathered.length,
    resume: 0,
    cancel: 0,
    outcome: 'open',
    isAnonymous: numberOf(state, 'anonymousEvaluation') === 1,
    ringEpoch: state.here.membershipEpoch,
  })
  const publicity = topic.publicity as Publicity
  const remaining = Math.max(0, publicity.end - block.clock)
  transition(
    turn,
    {
      ...topic,
      state: 'frozen',
      freezeCount: k,
      gathered: 0,
      freezeCase: id,
      publicity: { ...publicity, remaining },
    },
    'topic-frozen',
    {
      case: hex(id),
      k,
      freezers: gathered.length,
      deadline: block.clock + rulesOf(turn, topic).evaluationWindow,
    },
  )
}

/** The freezers of a topic, ascending by member. */
export function freezersOf({ state }: Turn, topic: Topic): readonly Freezer[] {
  const keys = [...(state.indexes.freezersOfTopic.get(digestKey(topic.id)) ?? [])].sort()
  return keys.map(key => state.tables.freezers.at(key) as Freezer)
}

function freezeMember(turn: Turn, freezer: Freezer, id: Uint8Array): void {
  const { members, freezers } = turn.state.tables
  const member = members.must(freezer.member)
  const key = new Uint8Array(64)
  key.set(freezer.topic)
  key.set(freezer.member, 32)
  if (member.state !== 'active') return void freezers.delete(key)
  freezers.set(key, { ...freezer, freezeCase: id })
  members.set(member.id, { ...member, state: 'frozen', frozenBy: [...member.frozenBy, id] })
  ringPaused(turn.state)
}

// majority of the votes cast at the end of evalWindow; a tie, or fewer votes than evalQuorum: extend once; then the `fail` rule
/** What the end of an evaluation's window brings. */
export function endEvaluation(turn: Turn, one: FreezeCase): void {
  const { state } = turn
  const topic = state.tables.topics.must(one.topic)
  const rules = rulesOf(turn, topic)
  const needed = evaluationNeeds(rules, state.indexes.present)
  if (one.resume !== one.cancel && one.resume + one.cancel >= needed) return resolveCase(turn, one)
  if (!one.isExtended) {
    const deadline = one.deadline + rules.evaluationWindow
    state.tables.cases.set(one.id, { ...one, isExtended: true, deadline })
    return emit(turn, 'evaluation-extended', {
      topic: hex(topic.id),
      case: hex(one.id),
      timers: [{ kind: 'evaluation', atClock: deadline }],
    })
  }
  const cancels = rules.freezeFail === 'cancel' || rules.freezeFailCancels.includes(topic.kind)
  closeCase(turn, one, cancels ? 'failedCancelled' : 'failedResumed')
}

/** Ends an evaluation by its majority. */
export function resolveCase(turn: Turn, one: FreezeCase): void {
  closeCase(turn, one, one.cancel > one.resume ? 'cancelled' : 'resumed')
}

function closeCase(turn: Turn, one: FreezeCase, outcome: CaseOutcome): void {
  const { state, block } = turn
  state.tables.cases.set(one.id, { ...one, outcome })
  release(turn, one)
  const frozen = state.tables.topics.must(one.topic)
  const topic: Topic = { ...frozen, freezeCase: undefined }
  const votes = { case: hex(one.id), resume: one.resume, cancel: one.cancel, outcome }
  if (outcome === 'cancelled' || outcome === 'failedCancelled') {
    return transition(
      turn,
      { ...topic, state: 'cancelled', result: ended('cancelled after a freeze') },
      'topic-cancelled',
      votes,
    )
  }
  const before = topic.publicity as Publicity
  // after a fail-resume the full publicity runs again
  const length =
    outcome === 'failedResumed'
      ? Math.max(before.expected, before.needed)
      : Math.max(before.remaining, numberOf(turn.state, 'resumeMin'))
  const publicity = { ...before, end: block.clock + length, remaining: 0 }
  transition(turn, { ...topic, state: 'publicity', publicity }, 'topic-resumed', votes)
}

// freezers are released in both cases
function release(turn: Turn, one: FreezeCase): void {
  const { state } = turn
  const topic = state.tables.topics.must(one.topic)
  for (const { member: id, freezeCase } of freezersOf(turn, topic)) {
    const member = state.tables.members.must(id)
    if (freezeCase === undefined || !equalBytes(freezeCase, one.id) || member.state !== 'frozen') continue
    const frozenBy = member.frozenBy.filter(other => !equalBytes(other, one.id))
    if (frozenBy.length > 0) state.tables.members.set(id, { ...member, frozenBy })
    else state.tables.members.set(id, { ...member, frozenBy, state: 'active', inSince: ringGrew(state) })
  }
}

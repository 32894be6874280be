/**
 * Publicity: how long a decision is shown before it is carried out, and carrying it out.
 *
 * @see topics.md, sections 10 and 11.1
 */
import { digestKey } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import type { DomainParameters } from '../organisation/domain-parameters.js'
import { pair } from '../state/tables.js'
import type { Meeting } from '../topic/parts.js'
import type { Publicity, Round, Topic } from '../topic/topic.js'
import { aggregate, mulDiv, publicityNeeded } from './aggregate.js'
import { execute } from './batches.js'
import { isAsItIs } from './counting.js'
import { advancesOf, participantsOf } from './dealing.js'
import { ended, lapse } from './ending.js'
import { programOf } from './programs.js'
import { emit, rulesOf, type Turn, transition } from './turn.js'

/** Takes a topic whose final has a winner into publicity, if enough took part and enough approve. */
export function startPublicity(turn: Turn, topic: Topic, final: Meeting): void {
  const { state, block } = turn
  const rules = rulesOf(turn, topic)
  const winner = final.winner as Uint8Array
  const round = topic.round as Round
  const proposal = state.tables.proposals.must(winner)
  const decided: Topic = { ...topic, winner, draw: undefined }
  const present = ballotsOf(turn, topic, final)
  if (present * 1000 < rules.quorum * round.members) {
    return lapse(
      turn,
      decided,
      `${present} of ${round.members} members voted, the quorum is ${rules.quorum} permille`,
    )
  }
  if (isAsItIs(proposal.builtIn)) return lapse(turn, decided, 'things stay as they are')
  const members = state.indexes.present
  const supporters = supportersOf(turn, topic, final, winner)
  const needs = supportNeeded(rules, topic)
  if (supporters * 1000 < needs * members) {
    return lapse(turn, decided, `${supporters} of ${members} members support it, need ${needs} permille`)
  }
  const expected = expectedPublicity(turn, topic, rules)
  const needed = publicityNeeded(rules.publicityBase, members, supporters, rules.publicityNeed)
  const end = block.clock + Math.max(expected, needed)
  const publicity: Publicity = { members, supporters, expected, needed, end, remaining: 0 }
  transition(turn, { ...decided, state: 'publicity', publicity }, 'publicity-started', {
    winner: hex(winner),
    members,
    supporters,
    expected,
    needed,
  })
}

/** P̄, over the participants of this moment. */
function expectedPublicity(turn: Turn, topic: Topic, rules: DomainParameters): number {
  return aggregate(
    rules.aggregate,
    participantsOf(turn, topic).map(({ params }) => params.publicity),
  )
}

/** Supporters that a winner needs, in permille of N. */
export function supportNeeded({ minSupport, minSupportByKind }: DomainParameters, { kind }: Topic): number {
  return minSupportByKind.find(one => one.kind === kind)?.permille ?? minSupport
}

// s: supporters of the final proposal; with delegates, all persons whose last ballot approved it in any round
function supportersOf(turn: Turn, topic: Topic, final: Meeting, winner: Uint8Array): number {
  if (advancesOf(turn, topic) === 'merge' || topic.round?.number === 1) {
    const key = digestKey(winner)
    return final.tally.find(({ proposal }) => digestKey(proposal) === key)?.approvals ?? 0
  }
  const key = digestKey(winner)
  return lastBallots(turn, topic).filter(approvals => approvals.some(one => digestKey(one) === key)).length
}

function ballotsOf(turn: Turn, topic: Topic, final: Meeting): number {
  return advancesOf(turn, topic) === 'merge' || topic.round?.number === 1
    ? final.ballots
    : lastBallots(turn, topic).length
}

function lastBallots(turn: Turn, topic: Topic): readonly (readonly Uint8Array[])[] {
  return participantsOf(turn, topic).flatMap(({ tag, lastBallot }) => {
    const ballot = lastBallot && turn.state.tables.ballots.get(pair(lastBallot, tag))
    return ballot === undefined ? [] : [ballot.approvals]
  })
}

/** Carries out what was decided: atomically, and only if nothing that runs on trial has been found faulty. */
export function executeTopic(turn: Turn, topic: Topic): void {
  const { proposals } = turn.state.tables
  const program = programOf(topic, proposals.must(topic.winner as Uint8Array))
  if (program === undefined) return finishExecution(turn, topic, 0)
  const execution = execute(turn, topic, program)
  const { gas, waiting } = execution
  // The draft may have changed the topic's own domain, never the topic.
  const now = turn.state.tables.topics.must(topic.id)
  if (execution.outcome === 'failed') {
    const reason = execution.reason.slice(0, 250)
    return transition(
      turn,
      { ...now, state: 'execFailed', result: { type: 'failed', gas, reason } },
      'execution-failed',
      { reason, gas },
    )
  }
  const diff = execution.diff.map(({ table, key, before, after }) => ({
    table,
    key: hex(key),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }))
  emit(turn, 'execution', { topic: hex(topic.id), gas, diff })
  if (waiting === 0) return finishExecution(turn, now, gas)
  transition(
    turn,
    { ...now, state: 'scheduled', result: { type: 'waiting', gas, open: waiting } },
    'topic-scheduled',
    { waiting },
  )
}

/** Ends a topic whose decision is done. */
export function finishExecution(turn: Turn, topic: Topic, gas: number): void {
  transition(turn, { ...topic, state: 'executed', result: { type: 'executed', gas } }, 'topic-executed', {
    gas,
  })
}

/** One of the things that a scheduled topic waits for is done; after the last one the topic is. */
export function countDown(turn: Turn, topicId: Uint8Array | undefined): void {
  const topic = topicId && turn.state.tables.topics.get(topicId)
  if (topic?.state !== 'scheduled' || topic.result?.type !== 'waiting') return
  const { gas, open } = topic.result
  if (open <= 1) return finishExecution(turn, topic, gas)
  turn.state.tables.topics.set(topic.id, { ...topic, result: { type: 'waiting', gas, open: open - 1 } })
}

/** Ends a scheduled topic whose decision can no longer be carried out. */
export function giveUp(turn: Turn, topicId: Uint8Array, reason: string): void {
  const topic = turn.state.tables.topics.get(topicId)
  if (topic?.state !== 'scheduled') return
  transition(turn, { ...topic, state: 'lapsed', result: ended(reason) }, 'topic-lapsed', { reason })
}

/** Votes that an evaluation needs: a number, or a part of the members. */
export const evaluationNeeds = (rules: DomainParameters, members: number): number =>
  Math.max(rules.evaluationQuorum, mulDiv(members, rules.evaluationQuorumPermille, 1000))

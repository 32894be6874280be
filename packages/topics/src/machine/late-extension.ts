/**
 * A leader that changes at the last moment gives the others time to answer.
 *
 * [SAFE] `lateExtension`: a quarter of the window more, once per round, if the leader changes in the last tenth of it.
 */
import { compareBytes } from '@mc/crypto'
import type { Meeting } from '../topic/parts.js'
import type { Round, Topic } from '../topic/topic.js'
import { rulesOf, type Turn, transition } from './turn.js'

/** Looks who leads before a ballot is counted; call the result afterwards. */
export function noteLeader(turn: Turn, topic: Topic, meeting: Meeting): () => void {
  const round = topic.round as Round
  const isLate = turn.block.clock >= round.deadline - Math.floor(round.window / 10)
  if (!isLate || round.isExtended || !rulesOf(turn, topic).lateExtension) return () => {}
  const before = leaderOf(turn, meeting)
  return () => {
    const after = leaderOf(turn, meeting)
    const now = turn.state.tables.topics.must(topic.id)
    if (after === before || now.round?.isExtended !== false) return
    const deadline = now.round.deadline + Math.floor(round.window / 4)
    transition(turn, { ...now, round: { ...now.round, deadline, isExtended: true } }, 'deadline-extended')
  }
}

function leaderOf({ state }: Turn, { id, candidates }: Meeting): Uint8Array | undefined {
  let leader: Uint8Array | undefined
  let most = 0
  for (const candidate of candidates) {
    const approvals = state.indexes.approvals(id, candidate)
    const isMore =
      approvals > most || (approvals === most && leader !== undefined && compareBytes(candidate, leader) < 0)
    if (approvals > 0 && isMore) {
      leader = candidate
      most = approvals
    }
  }
  return leader
}

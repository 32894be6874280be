/**
 * Counting a meeting: who leads, who has won, and how a tie is broken.
 *
 * @see topics.md, section 10
 */
import { compareBytes, domainHash } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import type { BuiltIn, Meeting } from '../topic/parts.js'
import { emit, rulesOf, type Turn } from './turn.js'

/** Counts a meeting and closes it: the greatest score wins, from 1 on; several greatest ones leave it open who. */
export function closeMeeting(turn: Turn, meeting: Meeting): Meeting {
  const { indexes, tables } = turn.state
  const tally = meeting.candidates.map(proposal => ({
    proposal,
    approvals: indexes.approvals(meeting.id, proposal),
  }))
  const ballots = indexes.ballots(meeting.id)
  const counted: Meeting = { ...meeting, isClosed: true, ballots, tally }
  const leaders = leadersOf(counted)
  const winner = leaders.length === 1 ? leaders[0] : undisputed(turn, meeting, leaders)
  const closed = { ...counted, winner }
  tables.meetings.set(meeting.id, closed)
  emit(turn, 'meeting-closed', {
    topic: hex(meeting.topic),
    meeting: hex(meeting.id),
    ballots,
    ...(winner === undefined ? {} : { winner: hex(winner) }),
  })
  return closed
}

const leadersOf = ({ tally }: Meeting): readonly Uint8Array[] => {
  const most = tally.reduce((greatest, { approvals }) => Math.max(greatest, approvals), 1)
  return tally.filter(({ approvals }) => approvals === most).map(({ proposal }) => proposal)
}

// a status-quo or `keep` candidate wins ties where present; option `earliest`
function undisputed(turn: Turn, meeting: Meeting, leaders: readonly Uint8Array[]): Uint8Array | undefined {
  const { proposals, topics } = turn.state.tables
  const asItIs = leaders.find(one => isAsItIs(proposals.must(one).builtIn))
  if (asItIs !== undefined || leaders.length === 0) return asItIs
  if (rulesOf(turn, topics.must(meeting.topic)).tie !== 'earliest') return undefined
  return [...leaders].sort((left, right) => {
    const difference = proposals.must(left).order - proposals.must(right).order
    return difference === 0 ? compareBytes(left, right) : difference
  })[0]
}

/** "As it is" in its two forms. */
export const isAsItIs = (builtIn: BuiltIn | undefined): boolean =>
  builtIn === 'keep' || builtIn === 'statusQuo'

/** Whether a counted meeting waits for the beacon to tell its winner. */
export const isTied = (meeting: Meeting): boolean =>
  meeting.winner === undefined && leadersOf(meeting).length > 1

// tie → smallest H('mc/tie/v1', R(h+δ), meetingId, pid), h = block that closed the meeting
/** Gives a tied meeting its winner. */
export function drawWinner(turn: Turn, meeting: Meeting): void {
  const { state, block, tools } = turn
  const drawn = leadersOf(meeting)
    .map(id => ({ id, lot: domainHash(tools.sha256, 'mc/tie/v1', block.beacon, meeting.id, id) }))
    .sort((left, right) => compareBytes(left.lot, right.lot) || compareBytes(left.id, right.id))
  const winner = drawn[0]?.id as Uint8Array
  state.tables.meetings.set(meeting.id, { ...meeting, winner })
  emit(turn, 'tie-broken', {
    topic: hex(meeting.topic),
    meeting: hex(meeting.id),
    winner: hex(winner),
    beacon: block.beaconLabel,
  })
}

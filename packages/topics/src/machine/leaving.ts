/**
 * What becomes of a member's part in topics when it goes.
 *
 * Ballots in open meetings are voided and the rest is counted; closed rounds stand. A proposal stays if somebody else approves
 * it. Where nobody knows whose a pseudonym is, it must be proven again in the next round, which the removed person cannot.
 *
 * @see topics.md, section 9.5
 */
import { digestKey, equalBytes } from '@mc/crypto'
import { dropCandidate } from '../operations/meeting.js'
import { pair } from '../state/tables.js'
import type { Meeting, Participant } from '../topic/parts.js'
import { isJoinable, type Topic } from '../topic/topic.js'
import { closeMeeting } from './counting.js'
import { ended } from './ending.js'
import { freezersOf } from './freeze.js'
import { type Turn, transition } from './turn.js'

/** Takes somebody out of all its topics. */
export function removeFromTopics(turn: Turn, tag: Uint8Array): void {
  const { state } = turn
  for (const key of [...(state.indexes.topicsOfTag.get(digestKey(tag)) ?? [])].sort()) {
    const topic = state.tables.topics.at(key) as Topic
    if (isJoinable(topic)) removeFrom(turn, topic, tag)
  }
  forgetWishes(turn, tag)
  const challenge = state.indexes.openByTarget.get(digestKey(tag))
  const open = challenge === undefined ? undefined : state.tables.topics.at(challenge)
  if (open !== undefined && isJoinable(open)) {
    transition(
      turn,
      { ...open, state: 'lapsed', draw: undefined, result: ended('its target has gone') },
      'topic-lapsed',
      {
        reason: 'its target has gone',
      },
    )
  }
}

function removeFrom(turn: Turn, topic: Topic, tag: Uint8Array): void {
  const { participants, topics } = turn.state.tables
  const one = participants.get(pair(topic.id, tag))
  if (one === undefined) return
  participants.delete(pair(topic.id, tag))
  topics.set(topic.id, { ...topics.must(topic.id), participants: topic.participants - 1 })
  if (one.meeting !== undefined) leaveMeeting(turn, one, one.meeting)
}

function leaveMeeting(turn: Turn, { tag }: Participant, id: Uint8Array): void {
  const { meetings, ballots } = turn.state.tables
  const meeting = meetings.must(id)
  if (meeting.isClosed) return
  ballots.delete(pair(id, tag))
  const left: Meeting = { ...meeting, voters: meeting.voters - 1 }
  meetings.set(id, left)
  for (const candidate of left.candidates) {
    const { author } = turn.state.tables.proposals.must(candidate)
    const isOwn = author !== undefined && equalBytes(author, tag)
    if (isOwn && turn.state.indexes.approvals(id, candidate) === 0) dropCandidate(turn, id, candidate)
  }
  // A meeting whose voters become ∅ closes with no winner.
  if (left.voters === 0) closeMeeting(turn, meetings.must(id))
}

/** A wish to freeze that has not become a case falls with its member. */
function forgetWishes(turn: Turn, member: Uint8Array): void {
  const { state } = turn
  for (const key of [...(state.indexes.freezing.get(digestKey(member)) ?? [])].sort()) {
    const freezer = state.tables.freezers.at(key)
    if (freezer === undefined || freezer.freezeCase !== undefined) continue
    const topic = state.tables.topics.must(freezer.topic)
    state.tables.freezers.remove(key)
    const gathered = freezersOf(turn, topic).filter(({ freezeCase }) => freezeCase === undefined).length
    if (topic.gathered !== gathered) state.tables.topics.set(topic.id, { ...topic, gathered })
  }
}

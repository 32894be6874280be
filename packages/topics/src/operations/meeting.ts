/**
 * In a meeting: proposing, talking, voting.
 *
 * @see topics.md, sections 8 and 10
 */
import { compareBytes, digestKey, equalBytes } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { closedMeeting } from '../machine/identify.js'
import { noteLeader } from '../machine/late-extension.js'
import { candidacyMessage, flawOfProgram } from '../machine/programs.js'
import { emit, refusal, rulesOf, type Turn } from '../machine/turn.js'
import { type Candidacy, PROPOSALS_MAX } from '../operation/body.js'
import { currentKey } from '../organisation/member.js'
import { pair } from '../state/tables.js'
import type { Meeting, Participant } from '../topic/parts.js'
import { isFinal, type Round, type Topic } from '../topic/topic.js'
import { partOf } from './joining.js'
import type { Heard, Verdict } from './verdict.js'

/** Proposals of one participant in one meeting, and how many of them may carry a program. */
export const OWN_PROPOSALS_MAX = 3
/** Proposals with a program of one participant in one meeting. */
export const OWN_PROGRAMS_MAX = 1

/** Part of a later round's window in which candidates may be amended, in permille. */
const AMEND_UNTIL = 500

interface Seat {
  readonly topic: Topic
  readonly round: Round
  readonly meeting: Meeting
  readonly participant: Participant
}

// tag ∈ voters; L_{h−1} < deadline
function seatIn(
  turn: Turn,
  meetingId: Uint8Array,
  what: string,
  speaker: Heard<'vote'>['speaker'],
): Seat | Refusal {
  const meeting = turn.state.tables.meetings.get(meetingId)
  if (meeting === undefined) return refusal('topics/unknown-meeting', `no meeting ${hex(meetingId)}`)
  const part = partOf(turn, meeting.topic, speaker)
  if ('rule' in part) return part
  const { topic, participant } = part
  const open = flawOfClosed(turn, topic, meeting, what)
  if (open !== undefined) return open
  if (participant.meeting === undefined || !equalBytes(participant.meeting, meetingId)) {
    return refusal(
      'topics/not-a-voter',
      `${what} refused: the signer sits in another meeting, or waits for its seat`,
    )
  }
  return { topic, participant, meeting, round: topic.round as Round }
}

function flawOfClosed(turn: Turn, topic: Topic, meeting: Meeting, what: string): Refusal | undefined {
  const isOpen = topic.state === 'meeting' && !meeting.isClosed && topic.round?.number === meeting.round
  if (!isOpen || turn.block.clockBefore >= (topic.round as Round).deadline)
    return closedMeeting(turn, what, meeting)
  return undefined
}

/** Proposes something in one's meeting. What is proposed never changes: another text is another proposal. */
export function propose({ turn, speaker, body, id }: Heard<'propose'>): Verdict {
  const seat = seatIn(turn, body.meeting, 'propose', speaker)
  if ('rule' in seat) return seat
  const { topic, meeting, participant } = seat
  const flaw =
    flawOfMoment(turn, seat, body) ??
    flawOfNumber(turn, seat, body.program !== undefined) ??
    flawOfCandidacy(turn, topic, body.candidacy) ??
    flawOfProgram(turn, topic, body.program)
  if (flaw !== undefined) return flaw
  return () => {
    const { proposals, meetings } = turn.state.tables
    proposals.set(id, {
      id,
      topic: topic.id,
      meeting: meeting.id,
      author: participant.tag,
      order: turn.accepted,
      program: body.program,
      parent: body.parent,
      candidacy: body.candidacy,
      builtIn: undefined,
    })
    const now = meetings.must(meeting.id)
    meetings.set(meeting.id, { ...now, candidates: [...now.candidates, id] })
    emit(turn, 'proposed', { topic: hex(topic.id), meeting: hex(meeting.id), proposal: hex(id) })
  }
}

// proposals in round 1; in rounds ≥ 2 an amendment with `parent`, in the first half of the window, by the author of a candidate
function flawOfMoment(
  turn: Turn,
  { topic, round, meeting, participant }: Seat,
  { parent }: { readonly parent: Uint8Array | undefined },
): Refusal | undefined {
  const { clockBefore, clock } = turn.block
  if (topic.target !== undefined) {
    return refusal(
      'topics/built-in-candidates',
      'propose refused: here the candidates are "remove" and "keep"',
    )
  }
  const { proposeUntil } = rulesOf(turn, topic)
  const part = round.number === 1 ? proposeUntil : Math.min(proposeUntil, AMEND_UNTIL)
  const until = round.openedL + Math.floor((round.window * part) / 1000)
  if (clockBefore >= until && part < 1000) {
    return refusal(
      'topics/too-late',
      `propose refused: proposals were taken until L=${until}, now L=${clock}`,
    )
  }
  if (round.number === 1) {
    return parent === undefined
      ? undefined
      : refusal('topics/wrong-parent', 'a proposal of round 1 amends nothing')
  }
  const amended = parent && turn.state.tables.proposals.get(parent)
  const isCandidate = parent !== undefined && meeting.candidates.some(one => equalBytes(one, parent))
  if (!isCandidate || amended?.author === undefined || !equalBytes(amended.author, participant.tag)) {
    return refusal('topics/wrong-parent', `in round ${round.number} only the author of a candidate amends it`)
  }
  return undefined
}

function flawOfNumber(
  { state }: Turn,
  { meeting, participant }: Seat,
  hasProgram: boolean,
): Refusal | undefined {
  if (meeting.candidates.length >= PROPOSALS_MAX) {
    return refusal(
      'topics/too-many-proposals',
      `the meeting has ${meeting.candidates.length} candidates, at most ${PROPOSALS_MAX}`,
    )
  }
  const own = [...(state.indexes.proposalsOfAuthor.get(digestKey(pair(meeting.id, participant.tag))) ?? [])]
  if (own.length >= OWN_PROPOSALS_MAX) {
    return refusal(
      'topics/too-many-proposals',
      `${own.length} proposals of this participant are in the meeting, at most ${OWN_PROPOSALS_MAX}`,
    )
  }
  const programs = own.filter(key => state.tables.proposals.at(key)?.program !== undefined).length
  return hasProgram && programs >= OWN_PROGRAMS_MAX
    ? refusal(
        'topics/too-many-proposals',
        `a proposal of this participant with a program is in the meeting, at most ${OWN_PROGRAMS_MAX}`,
      )
    : undefined
}

// proposals of an election are candidacies and must carry the candidate's own signature and the mandate text
function flawOfCandidacy(
  { state, tools }: Turn,
  topic: Topic,
  candidacy: Candidacy | undefined,
): Refusal | undefined {
  if (topic.kind !== 'election') {
    return candidacy === undefined
      ? undefined
      : refusal('topics/wrong-candidacy', 'only an election has candidacies')
  }
  if (candidacy === undefined)
    return refusal('topics/wrong-candidacy', 'a proposal of an election is a candidacy')
  const holder = state.tables.members.get(candidacy.holder)
  if (holder?.state !== 'active')
    return refusal('topics/wrong-candidacy', 'the candidate is no active member')
  const { term } = candidacy.terms
  if (term < 1 || term > TERM_MAX) {
    return refusal('topics/wrong-candidacy', `a term of ${term} s, need 1–${TERM_MAX}`)
  }
  const message = candidacyMessage(topic.id, candidacy, tools.sha256)
  const statement = { org: tools.org, base: 'generator', key: currentKey(holder), message } as const
  return tools.verdicts.signature({ statement, proof: candidacy.signature })
    ? undefined
    : refusal('topics/wrong-candidacy', 'the candidate has not signed this candidacy')
}

/** Longest mandate: 365 days. */
export const TERM_MAX = 31_536_000

/** Takes a proposal back. Nobody's approval moves: ballots that name it go on naming it, and it is no candidate. */
export function withdrawProposal({ turn, speaker, body }: Heard<'withdrawProposal'>): Verdict {
  const proposal = turn.state.tables.proposals.get(body.proposal)
  if (proposal?.meeting === undefined)
    return refusal('topics/unknown-proposal', `no proposal ${hex(body.proposal)}`)
  const seat = seatIn(turn, proposal.meeting, 'withdraw', speaker)
  if ('rule' in seat) return seat
  const { participant, meeting, topic } = seat
  if (proposal.author === undefined || !equalBytes(proposal.author, participant.tag)) {
    return refusal('topics/not-the-author', 'only its author withdraws a proposal')
  }
  if (!meeting.candidates.some(one => equalBytes(one, proposal.id))) {
    return refusal('topics/unknown-proposal', 'the proposal has been withdrawn already')
  }
  return () => {
    dropCandidate(turn, meeting.id, proposal.id)
    emit(turn, 'proposal-withdrawn', { topic: hex(topic.id), proposal: hex(proposal.id) })
  }
}

/** Takes a candidate off the list of its meeting. */
export function dropCandidate({ state }: Turn, meetingId: Uint8Array, proposal: Uint8Array): void {
  const meeting = state.tables.meetings.must(meetingId)
  const candidates = meeting.candidates.filter(one => !equalBytes(one, proposal))
  state.tables.meetings.set(meetingId, { ...meeting, candidates })
}

/** Says something. What is said is in the operation; a frozen member speaks about what it froze. */
export function comment({ turn, speaker, body }: Heard<'comment'>): Verdict {
  const { topics, freezers } = turn.state.tables
  const topic = topics.get(body.topic)
  if (topic === undefined) return refusal('topics/unknown-topic', `no topic ${hex(body.topic)}`)
  if (isFinal(topic)) return refusal('topics/too-late', `comment refused: the topic is ${topic.state}`)
  const { member, participant } = speaker
  if (member?.state === 'frozen' && freezers.get(pair(topic.id, member.id)) === undefined) {
    return refusal('topics/frozen-member', 'a frozen member comments on the topic that it froze')
  }
  if (member === undefined && participant === undefined) {
    return refusal('topics/not-a-participant', 'the signer does not take part in the topic')
  }
  return () => {}
}

/** Casts a ballot: a sorted set of candidates of one's own meeting, in place of the one before. */
export function vote({ turn, speaker, body }: Heard<'vote'>): Verdict {
  const cast =
    speaker.signer.type === 'ballot' ? secretSeat(turn, body.meeting) : openSeat(turn, body.meeting, speaker)
  if ('rule' in cast) return cast
  const { topic, meeting, participant } = cast
  const approvals = approvedIn(meeting, body.approvals)
  if ('rule' in approvals) return approvals
  const tag =
    speaker.signer.type === 'ballot' ? speaker.signer.image.slice() : (participant?.tag as Uint8Array)
  return () => {
    const note = noteLeader(turn, topic, meeting)
    turn.state.tables.ballots.set(pair(meeting.id, tag), {
      meeting: meeting.id,
      tag,
      approvals,
    })
    if (participant !== undefined) {
      turn.state.tables.participants.set(pair(topic.id, tag), { ...participant, lastBallot: meeting.id })
    }
    note()
  }
}

type Cast = Pick<Seat, 'topic' | 'meeting'> & { readonly participant: Participant | undefined }

function openSeat(turn: Turn, meetingId: Uint8Array, speaker: Heard<'vote'>['speaker']): Cast | Refusal {
  const seat = seatIn(turn, meetingId, 'vote', speaker)
  if ('rule' in seat) return seat
  return seat.topic.privacy === 'secret'
    ? refusal('topics/wrong-signer', 'in a secret topic votes are ballots under a key image')
    : seat
}

function secretSeat(turn: Turn, meetingId: Uint8Array): Cast | Refusal {
  const { meetings, topics } = turn.state.tables
  const meeting = meetings.get(meetingId)
  const topic = meeting && topics.get(meeting.topic)
  if (meeting === undefined || topic === undefined)
    return refusal('topics/unknown-meeting', `no meeting ${hex(meetingId)}`)
  if (topic.privacy !== 'secret')
    return refusal('topics/wrong-signer', 'only secret topics have ballots under a key image')
  const closed = flawOfClosed(turn, topic, meeting, 'vote')
  if (closed !== undefined) return closed
  return { topic, meeting, participant: undefined }
}

/** The approved candidates as the meeting has them, so that ballots keep no bytes of their own; or what is wrong with them. */
function approvedIn(
  { candidates }: Meeting,
  approvals: readonly Uint8Array[],
): readonly Uint8Array[] | Refusal {
  const known = new Map(candidates.map(candidate => [digestKey(candidate), candidate]))
  const approved: Uint8Array[] = []
  for (const approval of approvals) {
    const candidate = known.get(digestKey(approval))
    if (candidate === undefined) {
      return refusal('topics/wrong-ballot', `${hex(approval)} is no candidate of this meeting`)
    }
    const last = approved.at(-1)
    if (last !== undefined && compareBytes(last, candidate) >= 0) {
      return refusal('topics/wrong-ballot', 'approvals stand in ascending order, each once')
    }
    approved.push(candidate)
  }
  return approved
}

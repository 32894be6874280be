/**
 * Rounds: activation, the roster, the draw that opens a round, and what its end brings.
 *
 * @see topics.md, sections 8 to 10
 */
import { compareBytes, digestKey } from '@mc/crypto'
import type { Domain } from '../organisation/domain.js'
import type { Meeting } from '../topic/parts.js'
import type { Round, Topic } from '../topic/topic.js'
import { aggregate, clamp } from './aggregate.js'
import { closeMeeting, drawWinner, isTied } from './counting.js'
import { dealPeople, dealWinners, participantsOf } from './dealing.js'
import { lapse } from './ending.js'
import { meetingsOf, openMeetings } from './meetings.js'
import { splitSeed } from './partition.js'
import { startPublicity } from './publicity.js'
import { DRAW_DELAY, rulesOf, type Turn, transition } from './turn.js'

// slot free; n ≥ minActivate; age ≥ queueMinAge; the first by (n descending, createdHeight ascending, id ascending)
/** Activates what may begin in a domain. */
export function activate(turn: Turn, domain: Domain): void {
  const { indexes } = turn.state
  const { activeSlots } = domain.parameters
  while ((indexes.activeTopics.get(digestKey(domain.id)) ?? 0) < activeSlots) {
    const next = firstInQueue(turn, domain)
    if (next === undefined) return
    freezeRoster(turn, next, 1)
  }
}

function firstInQueue({ state, block }: Turn, { id, parameters }: Domain): Topic | undefined {
  const { minActivate, minActivatePermille, queueMinAge } = parameters
  const least = Math.max(minActivate, Math.ceil((state.indexes.present * minActivatePermille) / 1000))
  let first: Topic | undefined
  for (const key of state.indexes.queue(id)) {
    const topic = state.tables.topics.at(key) as Topic
    if (topic.participants < least || block.clock - topic.createdL < queueMinAge) continue
    if (first === undefined || comesBefore(topic, first)) first = topic
  }
  return first
}

function comesBefore(left: Topic, right: Topic): boolean {
  if (left.participants !== right.participants) return left.participants > right.participants
  if (left.createdEpoch !== right.createdEpoch) return left.createdEpoch < right.createdEpoch
  return compareBytes(left.id, right.id) < 0
}

// W_r = clamp(agg(meet)), c_r = max(2, agg(cap)), over the participants of that moment; fixed for the round
/** Fixes who is in a round; the beacon two blocks later deals them. */
export function freezeRoster(turn: Turn, topic: Topic, number: number): void {
  const { state, block } = turn
  const { aggregate: kind, meet, capacity, secretCapacityMin } = rulesOf(turn, topic)
  const roster = participantsOf(turn, topic)
  const least = topic.privacy === 'secret' ? Math.max(2, secretCapacityMin) : 2
  const round: Round = {
    number,
    window: clamp(
      aggregate(
        kind,
        roster.map(({ params }) => params.meet),
      ),
      meet,
    ),
    capacity: Math.max(
      least,
      clamp(
        aggregate(
          kind,
          roster.map(({ params }) => params.capacity),
        ),
        capacity,
      ),
    ),
    meetings: 0,
    openedL: 0,
    deadline: 0,
    isExtended: false,
    members: state.indexes.present,
  }
  const draw = { purpose: 'split', at: block.epoch + DRAW_DELAY } as const
  const provenFrom = topic.privacy === 'identified' ? 0 : state.here.rings.renewFloor
  transition(turn, { ...topic, state: 'splitting', round, draw, provenFrom }, 'roster-frozen', {
    round: number,
    participants: topic.participants,
    window: round.window,
    capacity: round.capacity,
  })
}

/** Deals the round: round 1 its participants, a later one the winners of the round before. */
export function split(turn: Turn, topic: Topic): void {
  const round = topic.round as Round
  const everybody = participantsOf(turn, topic)
  const roster = everybody.filter(({ fromRound }) => fromRound <= round.number)
  if (roster.length === 0) return lapse(turn, topic, 'nobody takes part')
  const seed = splitSeed(turn.block.beacon, topic.id, round.number, turn.tools.sha256)
  const plan =
    round.number === 1 ? dealPeople(turn, roster, round, seed) : dealWinners(turn, topic, roster, seed)
  openMeetings(turn, topic, plan, seed)
}

/** Closes all meetings of the round, whose deadline has come. */
export function closeRound(turn: Turn, topic: Topic): void {
  const closed = meetingsOf(turn, topic).map(one => (one.isClosed ? one : closeMeeting(turn, one)))
  if (!closed.some(isTied)) return finishRound(turn, topic)
  const draw = { purpose: 'tie', at: turn.block.epoch + DRAW_DELAY } as const
  transition(turn, { ...topic, draw }, 'tie')
}

/** Breaks the ties of a round whose meetings are closed. */
export function breakTies(turn: Turn, topic: Topic): void {
  for (const meeting of meetingsOf(turn, topic)) if (isTied(meeting)) drawWinner(turn, meeting)
  finishRound(turn, { ...topic, draw: undefined })
}

// one meeting with a winner → Publicity; ≥ 1 winner of several meetings → Splitting(r+1); none → Lapsed
function finishRound(turn: Turn, topic: Topic): void {
  const { number } = topic.round as Round
  const meetings = meetingsOf(turn, topic)
  const [only] = meetings
  if (meetings.some(({ winner }) => winner !== undefined)) {
    if (meetings.length > 1) return freezeRoster(turn, { ...topic, draw: undefined }, number + 1)
    return startPublicity(turn, topic, only as Meeting)
  }
  lapse(turn, topic, 'no proposal was approved in any meeting')
}

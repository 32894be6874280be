/**
 * The meetings of a round: opening them, and seating who comes late.
 *
 * @see topics.md, sections 9.3 and 9.4
 */
import { digestKey, equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import { pair } from '../state/tables.js'
import type { BuiltIn, Meeting } from '../topic/parts.js'
import { dealtDigest } from '../topic/split-receipt.js'
import type { Round, Topic } from '../topic/topic.js'
import { advancesOf, type Planned, participantsOf } from './dealing.js'
import { lateMeeting, u32 } from './partition.js'
import { builtInIdOf, meetingIdOf } from './topic-id.js'
import { DRAW_DELAY, emit, rulesOf, type Turn, transition } from './turn.js'

/** The meetings of a topic's round, in order. */
export function meetingsOf({ state, tools }: Turn, { id, round }: Topic): readonly Meeting[] {
  return Array.from({ length: round?.meetings ?? 0 }, (_, index) =>
    state.tables.meetings.must(meetingIdOf(id, round?.number ?? 0, index, tools.sha256)),
  )
}

/** Opens the meetings of a round as they were dealt. */
export function openMeetings(turn: Turn, topic: Topic, plan: readonly Planned[], seed: Uint8Array): void {
  const { state, tools, block } = turn
  const before = topic.round as Round
  const round: Round = {
    ...before,
    meetings: plan.length,
    openedL: block.clock,
    deadline: block.clock + before.window,
  }
  const extra = builtInsOf(turn, topic, plan.length === 1)
  const seated = new Set<string>()
  for (const [index, { voters, candidates }] of plan.entries()) {
    const id = meetingIdOf(topic.id, round.number, index, tools.sha256)
    state.tables.meetings.set(id, {
      id,
      topic: topic.id,
      round: round.number,
      index,
      voters: voters.length,
      seats: voters.length,
      candidates: [...candidates, ...extra.filter(one => !candidates.some(other => equalBytes(one, other)))],
      isClosed: false,
      winner: undefined,
      ballots: 0,
      tally: [],
    })
    for (const [seat, one] of voters.entries()) {
      const key = pair(topic.id, one.tag)
      seated.add(digestKey(key))
      state.tables.participants.set(key, { ...one, meeting: id, seat, placeAt: undefined })
    }
  }
  unseatOthers(turn, topic, seated)
  keepReceipt(turn, round, topic, { plan, seed })
  transition(turn, { ...topic, state: 'meeting', round, draw: undefined }, 'round-opened', {
    round: round.number,
    seed: hex(seed),
    beacon: block.beaconLabel,
    meetings: plan.map(({ voters }) => voters.length),
  })
}

// The label of the beacon is stored in every split receipt.
function keepReceipt(
  { state, tools, block }: Turn,
  round: Round,
  { id: topic }: Topic,
  { plan, seed }: { readonly plan: readonly Planned[]; readonly seed: Uint8Array },
): void {
  const dealt = plan.map(({ voters, candidates }) => ({ voters: voters.map(({ tag }) => tag), candidates }))
  const dealtTo = (what: 'voters' | 'candidates') => plan.reduce((sum, one) => sum + one[what].length, 0)
  state.tables.splits.set(pair(topic, u32(round.number)), {
    topic,
    round: round.number,
    fixedAt: block.epoch - DRAW_DELAY,
    drawnAt: block.epoch,
    beacon: block.beaconLabel,
    seed,
    window: round.window,
    capacity: round.capacity,
    elements: dealtTo(round.number === 1 ? 'voters' : 'candidates'),
    meetings: plan.length,
    dealt: dealtDigest(dealt, tools.sha256),
  })
}

// In `delegates` a round has voters and onlookers; and whoever came after the roster was fixed still waits.
function unseatOthers(turn: Turn, topic: Topic, seated: ReadonlySet<string>): void {
  for (const one of participantsOf(turn, topic)) {
    const key = pair(topic.id, one.tag)
    if (one.meeting === undefined || seated.has(digestKey(key))) continue
    turn.state.tables.participants.set(key, { ...one, meeting: undefined, seat: 0 })
  }
}

function builtInsOf(turn: Turn, topic: Topic, isFinal: boolean): readonly Uint8Array[] {
  const names: BuiltIn[] = []
  if (topic.target !== undefined && topic.round?.number === 1) names.push('remove', 'keep')
  if (isFinal && topic.target === undefined && rulesOf(turn, topic).statusQuo) names.push('statusQuo')
  return names.map(name => builtInCandidate(turn, topic, name))
}

function builtInCandidate({ state, tools }: Turn, topic: Topic, builtIn: BuiltIn): Uint8Array {
  const id = builtInIdOf(topic.id, builtIn, tools.sha256)
  state.tables.proposals.set(id, {
    id,
    topic: topic.id,
    meeting: undefined,
    author: undefined,
    order: 0,
    program: undefined,
    parent: undefined,
    candidacy: undefined,
    builtIn,
  })
  return id
}

/** Gives a late joiner its meeting; it votes there from now on. */
export function placeLate(turn: Turn, key: string): void {
  const { state, tools, block } = turn
  const one = state.tables.participants.at(key)
  if (one === undefined) return
  const topic = state.tables.topics.must(one.topic)
  // If the round closed before the draw, the person enters the next round.
  if (topic.state !== 'meeting' || topic.draw !== undefined || topic.round === undefined) {
    return state.tables.participants.put(key, { ...one, placeAt: undefined })
  }
  if (advancesOf(turn, topic) === 'delegates' && topic.round.number > 1) {
    return state.tables.participants.put(key, { ...one, placeAt: undefined })
  }
  const index = lateMeeting(block.beacon, topic.id, one.tag, topic.round.meetings, tools.sha256)
  const id = meetingIdOf(topic.id, topic.round.number, index, tools.sha256)
  const meeting = state.tables.meetings.must(id)
  if (meeting.isClosed) return state.tables.participants.put(key, { ...one, placeAt: undefined })
  state.tables.meetings.set(id, { ...meeting, voters: meeting.voters + 1, seats: meeting.seats + 1 })
  state.tables.participants.put(key, {
    ...one,
    placeAt: undefined,
    placedAt: block.epoch,
    meeting: id,
    seat: meeting.seats,
  })
  emit(turn, 'late-joiner-placed', { topic: hex(topic.id), meeting: hex(id), beacon: block.beaconLabel })
}

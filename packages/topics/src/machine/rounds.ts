/**
 * Rounds: activation, splitting, placing late joiners, closing meetings, ties.
 *
 * @see topics.md, sections 8 to 10
 */
import { compareBytes, digestKey, domainHash, equalBytes, keyDigest } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import { ended } from '../operations/joining.js'
import type { Domain } from '../organisation/domain.js'
import { Heap } from '../state/heap.js'
import { pair } from '../state/tables.js'
import type { BuiltIn, Meeting, Participant } from '../topic/parts.js'
import type { Round, Topic } from '../topic/topic.js'
import { aggregate, clamp } from './aggregate.js'
import { lateMeeting, partition, ranked, splitSeed } from './partition.js'
import { startPublicity } from './publicity.js'
import { builtInIdOf, meetingIdOf } from './topic-id.js'
import { DRAW_DELAY, emit, rulesOf, type Turn, transition } from './turn.js'

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

/** The participants of a topic, ascending by tag. */
export function participantsOf({ state }: Turn, topic: Topic): readonly Participant[] {
  const keys = [...(state.indexes.participants.get(digestKey(topic.id)) ?? [])].sort()
  return keys.map(key => state.tables.participants.at(key) as Participant)
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

/** Who and what comes into a meeting. */
interface Planned {
  readonly voters: Participant[]
  readonly candidates: readonly Uint8Array[]
}

function dealPeople(
  { tools }: Turn,
  roster: readonly Participant[],
  { capacity }: Round,
  seed: Uint8Array,
): Planned[] {
  const byTag = new Map(roster.map(one => [digestKey(one.tag), one]))
  const groups = partition(
    roster.map(({ tag }) => tag),
    capacity,
    seed,
    tools.sha256,
  )
  return groups.map(group => ({
    voters: group.map(tag => byTag.get(digestKey(tag)) as Participant),
    candidates: [],
  }))
}

// voters of a new meeting = union of the voters of the source meetings of its winners; the others in order of rank, each to the
// meeting that has the fewest voters at that moment (ties: lowest index)
function dealWinners(turn: Turn, topic: Topic, roster: readonly Participant[], seed: Uint8Array): Planned[] {
  const { tools } = turn
  const { number, capacity } = topic.round as Round
  const sources = winnersOf(turn, topic, number - 1)
  const winners = [...sources.keys()].map(keyDigest)
  const plan: Planned[] = partition(winners, capacity, seed, tools.sha256).map(candidates => ({
    voters: [],
    candidates,
  }))
  if (advancesOf(turn, topic) === 'delegates') return withAuthors(turn, topic, plan)
  const target = new Map<string, number>()
  for (const [index, { candidates }] of plan.entries()) {
    for (const winner of candidates) {
      for (const source of sources.get(digestKey(winner)) ?? []) {
        if (!target.has(source)) target.set(source, index)
      }
    }
  }
  const rest: Participant[] = []
  for (const one of inOrder(roster, seed, turn)) {
    const index = one.meeting && target.get(digestKey(one.meeting))
    if (index === undefined) rest.push(one)
    else plan[index]?.voters.push(one)
  }
  fillUp(plan, rest)
  return plan
}

function inOrder(roster: readonly Participant[], seed: Uint8Array, { tools }: Turn): readonly Participant[] {
  const byTag = new Map(roster.map(one => [digestKey(one.tag), one]))
  const order = ranked(
    roster.map(({ tag }) => tag),
    seed,
    tools.sha256,
  )
  return order.map(tag => byTag.get(digestKey(tag)) as Participant)
}

function fillUp(plan: readonly Planned[], rest: readonly Participant[]): void {
  const heap = new Heap<{ readonly voters: number; readonly index: number }>((left, right) =>
    left.voters === right.voters ? left.index < right.index : left.voters < right.voters,
  )
  for (const [index, { voters }] of plan.entries()) heap.push({ voters: voters.length, index })
  for (const one of rest) {
    const least = heap.pop()
    if (least === undefined) return
    plan[least.index]?.voters.push(one)
    heap.push({ voters: least.voters + 1, index: least.index })
  }
}

// delegates: voters = authors of the winners
function withAuthors({ state }: Turn, topic: Topic, plan: readonly Planned[]): Planned[] {
  const { proposals, participants } = state.tables
  return plan.map(({ candidates }) => {
    const authors = new Map<string, Participant>()
    for (const candidate of candidates) {
      const { author } = proposals.must(candidate)
      const participant = author && participants.get(pair(topic.id, author))
      if (participant !== undefined) authors.set(digestKey(participant.tag), participant)
    }
    return { voters: [...authors.values()], candidates }
  })
}

/** Merge wherever persons cannot be counted over rounds: nobody sees whose secret ballots are whose; built-in candidates have no author. */
export function advancesOf(turn: Turn, topic: Topic): 'merge' | 'delegates' {
  if (topic.privacy === 'secret' || topic.target !== undefined) return 'merge'
  return rulesOf(turn, topic).advance
}

/** The winners of a round, each with the meetings that chose it, by the order of the meetings. */
function winnersOf(
  { state, tools }: Turn,
  topic: Topic,
  number: number,
): ReadonlyMap<string, readonly string[]> {
  const winners = new Map<string, string[]>()
  for (let index = 0; ; index += 1) {
    const meeting = state.tables.meetings.get(meetingIdOf(topic.id, number, index, tools.sha256))
    if (meeting === undefined) return winners
    if (meeting.winner === undefined) continue
    const key = digestKey(meeting.winner)
    const sources = winners.get(key) ?? []
    winners.set(key, [...sources, digestKey(meeting.id)])
  }
}

function openMeetings(turn: Turn, topic: Topic, plan: readonly Planned[], seed: Uint8Array): void {
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
  transition(turn, { ...topic, state: 'meeting', round, draw: undefined }, 'round-opened', {
    round: round.number,
    seed: hex(seed),
    beacon: block.beaconLabel,
    meetings: plan.map(({ voters }) => voters.length),
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
  state.tables.participants.put(key, { ...one, placeAt: undefined, meeting: id, seat: meeting.seats })
  emit(turn, 'late-joiner-placed', { topic: hex(topic.id), meeting: hex(id), beacon: block.beaconLabel })
}

/** Closes all meetings of the round, whose deadline has come. */
export function closeRound(turn: Turn, topic: Topic): void {
  let isTied = false
  for (const meeting of meetingsOf(turn, topic)) {
    const closed = meeting.isClosed ? meeting : closeMeeting(turn, meeting)
    if (closed.winner === undefined && leadersOf(closed).length > 1) isTied = true
  }
  if (!isTied) return finishRound(turn, topic)
  const draw = { purpose: 'tie', at: turn.block.epoch + DRAW_DELAY } as const
  transition(turn, { ...topic, draw }, 'tie')
}

/** The meetings of a topic's round, in order. */
export function meetingsOf({ state, tools }: Turn, { id, round }: Topic): readonly Meeting[] {
  return Array.from({ length: round?.meetings ?? 0 }, (_, index) =>
    state.tables.meetings.must(meetingIdOf(id, round?.number ?? 0, index, tools.sha256)),
  )
}

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

// tie → smallest H('mc/tie/v1', R(h+δ), meetingId, pid), h = block that closed the meeting
/** Breaks the ties of a round whose meetings are closed. */
export function breakTies(turn: Turn, topic: Topic): void {
  const { state, block, tools } = turn
  for (const meeting of meetingsOf(turn, topic)) {
    const leaders = leadersOf(meeting)
    if (meeting.winner !== undefined || leaders.length < 2) continue
    const drawn = leaders
      .map(id => ({ id, lot: domainHash(tools.sha256, 'mc/tie/v1', block.beacon, meeting.id, id) }))
      .sort((left, right) => compareBytes(left.lot, right.lot) || compareBytes(left.id, right.id))
    const winner = drawn[0]?.id as Uint8Array
    state.tables.meetings.set(meeting.id, { ...meeting, winner })
    emit(turn, 'tie-broken', {
      topic: hex(topic.id),
      meeting: hex(meeting.id),
      winner: hex(winner),
      beacon: block.beaconLabel,
    })
  }
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

/** Ends a topic without a decision. */
export function lapse(turn: Turn, topic: Topic, reason: string): void {
  transition(turn, { ...topic, state: 'lapsed', draw: undefined, result: ended(reason) }, 'topic-lapsed', {
    reason,
  })
}

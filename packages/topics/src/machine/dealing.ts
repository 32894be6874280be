/**
 * Who and what comes into which meeting of a round.
 *
 * @see topics.md, section 9
 */
import { digestKey, keyDigest } from '@mc/crypto'
import { Heap } from '../state/heap.js'
import { pair } from '../state/tables.js'
import type { Participant } from '../topic/parts.js'
import type { Round, Topic } from '../topic/topic.js'
import { partition, ranked } from './partition.js'
import { meetingIdOf } from './topic-id.js'
import { rulesOf, type Turn } from './turn.js'

/** The participants of a topic, ascending by tag. */
export function participantsOf({ state }: Turn, topic: Topic): readonly Participant[] {
  const keys = [...(state.indexes.participants.get(digestKey(topic.id)) ?? [])].sort()
  return keys.map(key => state.tables.participants.at(key) as Participant)
}

/** Who and what comes into a meeting. */
export interface Planned {
  readonly voters: Participant[]
  readonly candidates: readonly Uint8Array[]
}

/** Round 1: its participants. */
export function dealPeople(
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
/** A later round: the winners of the round before, and with each the voters that chose it. */
export function dealWinners(
  turn: Turn,
  topic: Topic,
  roster: readonly Participant[],
  seed: Uint8Array,
): Planned[] {
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

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
  readonly voters: readonly Participant[]
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
  const groups = partition(winners, capacity, seed, tools.sha256)
  if (advancesOf(turn, topic) === 'delegates') return withAuthors(turn, topic, groups)
  const order = inOrder(roster, seed, turn)
  const voters = dealVoters(groups, sources, order, ({ meeting }) => meeting && digestKey(meeting))
  return groups.map((candidates, at) => ({ candidates, voters: voters[at] ?? [] }))
}

/**
 * Who votes on which group of winners: whoever sat in a meeting that chose one of them, where it comes first; the others, in the
 * order in which they are given, each where the fewest are.
 *
 * `sources` names the meetings that chose a winner, `seatOf` the one in which somebody sat, if any.
 */
export function dealVoters<Voter>(
  groups: readonly (readonly Uint8Array[])[],
  sources: ReadonlyMap<string, readonly string[]>,
  voters: readonly Voter[],
  seatOf: (voter: Voter) => string | undefined,
): readonly Voter[][] {
  const target = new Map<string, number>()
  for (const [index, winners] of groups.entries()) {
    for (const source of winners.flatMap(winner => sources.get(digestKey(winner)) ?? [])) {
      if (!target.has(source)) target.set(source, index)
    }
  }
  const dealt: Voter[][] = groups.map(() => [])
  const rest: Voter[] = []
  for (const one of voters) {
    const seat = seatOf(one)
    const group = dealt[(seat === undefined ? undefined : target.get(seat)) ?? groups.length]
    if (group === undefined) rest.push(one)
    else group.push(one)
  }
  fillUp(dealt, rest)
  return dealt
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

function fillUp<Voter>(groups: readonly Voter[][], rest: readonly Voter[]): void {
  const heap = new Heap<{ readonly voters: number; readonly index: number }>((left, right) =>
    left.voters === right.voters ? left.index < right.index : left.voters < right.voters,
  )
  for (const [index, voters] of groups.entries()) heap.push({ voters: voters.length, index })
  for (const one of rest) {
    const least = heap.pop()
    if (least === undefined) return
    groups[least.index]?.push(one)
    heap.push({ voters: least.voters + 1, index: least.index })
  }
}

// delegates: voters = authors of the winners
function withAuthors({ state }: Turn, topic: Topic, groups: readonly (readonly Uint8Array[])[]): Planned[] {
  const { proposals, participants } = state.tables
  return groups.map(candidates => {
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

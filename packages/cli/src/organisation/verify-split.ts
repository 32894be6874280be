/** The split of a round, dealt again from the beacon of a proven block. */
import { equalBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import {
  aggregate,
  type Meeting,
  meetingIdOf,
  type Participant,
  partition,
  splitSeed,
  stateCodecs,
  type Topic,
} from '@mc/topics'
import { type LightReader, notVerified } from './light-reader.js'
import type { OrganisationClient } from './organisation-client.js'
import { type Findings, meetingsOf, provenTopic } from './verify-topic.js'

/** The split of the round that a topic is in, dealt again from the beacon. */
export async function verifySplit(
  reader: LightReader,
  organisation: OrganisationClient,
  id: string,
): Promise<Findings> {
  const topic = await provenTopic(reader, id)
  const { round } = topic
  if (round === undefined || round.meetings === 0)
    throw notVerified(`the topic is ${topic.state}: it has no split yet`)
  const meetings = await meetingsOf(reader, topic)
  const dealt =
    round.number === 1
      ? await peopleIn(reader, organisation, topic, meetings)
      : await winnersIn(reader, topic, meetings)
  const drawn = await drawnBlock(reader, organisation, topic, dealt)
  const proven = [
    `round ${round.number}: ${dealt.ids.length} ${dealt.what} in ${meetings.length} meetings of ${dealt.groups.map(group => group.length).join(', ')}`,
    `capacity ${round.capacity}, window ${round.window} s`,
  ]
  if (round.number === 1 && dealt.isWhole) {
    const capacity = aggregateNote(dealt, round.capacity)
    if (capacity !== undefined) proven.push(capacity)
  }
  if (drawn !== undefined)
    proven.push(
      `dealt again from the beacon of block ${drawn.epoch} (${hex(drawn.beacon).slice(0, 16)}…) with the seed ${hex(drawn.seed).slice(0, 16)}…: the same groups`,
    )
  const notProven = [
    ...(meetings.length === 1 ? ['one meeting: there was nothing to draw, so any beacon gives it'] : []),
    ...(round.number > 1
      ? ['which voters follow which winner: where they sat before is no longer in the state']
      : []),
    ...(dealt.late > 0
      ? [`where ${dealt.late} late joiners were placed: the block of their draw is not in the state`]
      : []),
    'that the beacon is the one two blocks after the roster was fixed: the state no longer says when that was',
  ]
  return {
    proven,
    notProven,
    facts: {
      topic: id,
      round: round.number,
      groups: dealt.groups,
      block: drawn?.epoch,
      seed: drawn && hex(drawn.seed),
    },
  }
}

interface Dealt {
  readonly what: string
  /** What is dealt, and how the state says it was. */
  readonly ids: readonly Uint8Array[]
  readonly groups: readonly (readonly string[])[]
  readonly late: number
  /** Everybody whose expectations made the capacity is still here. */
  readonly isWhole: boolean
  readonly capacities: readonly number[]
}

async function peopleIn(
  reader: LightReader,
  organisation: OrganisationClient,
  topic: Topic,
  meetings: readonly Meeting[],
): Promise<Dealt> {
  const listed = await organisation.table('participants', { topic: hex(topic.id) })
  const people: Participant[] = []
  for (const { tag } of listed) {
    const one = await reader.entry('participants', hex(topic.id) + tag, stateCodecs.participant)
    if (one !== undefined) people.push(one)
  }
  // The number of participants is proven, and so is each of these: none is missing.
  if (people.length !== topic.participants)
    throw notVerified(`the node shows ${people.length} of ${topic.participants} participants`)
  const roster = people.filter(({ fromRound }) => fromRound <= 1)
  const groups = meetings.map(({ id }) =>
    roster
      .filter(({ meeting }) => meeting !== undefined && equalBytes(meeting, id))
      .sort((left, right) => left.seat - right.seat)
      .map(({ tag }) => hex(tag)),
  )
  return {
    what: 'participants',
    ids: roster.map(({ tag }) => tag),
    groups,
    late: people.length - roster.length,
    isWhole: true,
    capacities: roster.map(({ params }) => params.capacity),
  }
}

async function winnersIn(reader: LightReader, topic: Topic, meetings: readonly Meeting[]): Promise<Dealt> {
  const before = (topic.round?.number ?? 0) - 1
  const winners = new Map<string, Uint8Array>()
  for (let index = 0; ; index += 1) {
    const name = hex(meetingIdOf(topic.id, before, index, crypto.sha256))
    const meeting = await reader.entry('meetings', name, stateCodecs.meeting)
    if (meeting === undefined) break
    if (meeting.winner !== undefined) winners.set(hex(meeting.winner), meeting.winner)
  }
  const groups = meetings.map(({ candidates }) => candidates.map(hex).filter(one => winners.has(one)))
  return { what: 'winners', ids: [...winners.values()], groups, late: 0, isWhole: false, capacities: [] }
}

/** The block with whose beacon the same groups come out: one of those at the moment when the round was opened. */
async function drawnBlock(
  reader: LightReader,
  organisation: OrganisationClient,
  { id, round }: Topic,
  { ids, groups }: Dealt,
): Promise<{ readonly epoch: number; readonly beacon: Uint8Array; readonly seed: Uint8Array } | undefined> {
  const { openedL = 0, number = 0, capacity = 1 } = round ?? {}
  for (const epoch of await epochsAt(organisation, openedL)) {
    const { block } = await reader.block(epoch)
    const seed = splitSeed(block.beacon, id, number, crypto.sha256)
    const again = partition(ids, capacity, seed, crypto.sha256).map(group => group.map(hex))
    if (JSON.stringify(again) === JSON.stringify(groups)) return { epoch, beacon: block.beacon, seed }
  }
  throw notVerified('no block at the moment when the round was opened has a beacon that gives these groups')
}

async function epochsAt({ api }: OrganisationClient, openedL: number): Promise<readonly number[]> {
  const { nextEpoch } = await api.status()
  let [low, high] = [0, nextEpoch - 1]
  const clockOf = async (epoch: number): Promise<number> =>
    Math.floor((await api.block(String(epoch))).clock / 1_000)
  // The clock never goes back: the first block at this moment is found by halving.
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await clockOf(middle)) < openedL) low = middle + 1
    else high = middle
  }
  const epochs: number[] = []
  for (let epoch = low; epoch < nextEpoch && (await clockOf(epoch)) === openedL; epoch += 1)
    epochs.push(epoch)
  return epochs
}

function aggregateNote({ capacities }: Dealt, capacity: number): string | undefined {
  const mean = Number(aggregate('mean', [...capacities]))
  return Math.max(2, mean) === capacity
    ? `capacity = max(2, ⌊mean of ${capacities.join(', ')}⌋) = ${capacity}`
    : undefined
}

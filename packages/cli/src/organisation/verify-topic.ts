/**
 * What a light client can recompute about a topic: its split from the beacon, its count from the ballots, its publicity.
 *
 * Each check says what holds; what could not be shown is said as well, since silence would be taken for proof.
 */
import { equalBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import {
  aggregate,
  type Ballot,
  type Meeting,
  meetingIdOf,
  type Participant,
  partition,
  publicityNeeded,
  splitSeed,
  stateCodecs,
  type Topic,
} from '@mc/topics'
import { type LightReader, notVerified } from './light-reader.js'
import type { OrganisationClient } from './organisation-client.js'

/** What was found: facts that hold, and what was left open. */
export interface Findings {
  readonly proven: readonly string[]
  readonly notProven: readonly string[]
  /** For programs. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** A topic that is proven to be in the state. @throws CommandError `light/not-verified` if it is proven that there is none. */
export async function provenTopic(reader: LightReader, id: string): Promise<Topic> {
  const topic = await reader.entry('topics', id, stateCodecs.topic)
  if (topic === undefined) throw notVerified(`the state is proven to hold no topic ${id}`)
  return topic
}

/** A topic, its domain, and how long its publicity is. */
export async function verifyTopic(reader: LightReader, id: string): Promise<Findings> {
  const topic = await provenTopic(reader, id)
  const domain = await reader.entry('domains', hex(topic.domain), stateCodecs.domain)
  if (domain === undefined) throw notVerified('the state is proven to hold no domain of this topic')
  const { publicity, winner, state, title, participants } = topic
  const proven = [`topic "${title}" is ${state}, with ${participants} participants`]
  if (winner !== undefined) proven.push(`proposal ${hex(winner)} has won`)
  if (publicity !== undefined) {
    const { publicityBase, publicityNeed } = domain.parameters
    const { members, supporters, needed, expected } = publicity
    const computed = publicityNeeded(publicityBase, members, supporters, publicityNeed)
    // The rules may have changed since; then the numbers of that moment cannot be recomputed from those of now.
    if (computed === needed) {
      proven.push(
        `publicity: max(${expected}, clamp(⌊${publicityBase}·${members}/${supporters}⌋, ${publicityNeed.min}, ${publicityNeed.max})) = ${Math.max(expected, needed)} s`,
      )
    } else
      proven.push(`publicity of ${Math.max(expected, needed)} s was set under other rules than those of now`)
  }
  return {
    proven,
    notProven: [
      'the text of the topic: "mc op verify" proves the operation that carries it',
      'that every operation handed in got onto the ledger',
    ],
    facts: { topic: id, state, title, participants, winner: winner && hex(winner), publicity },
  }
}

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

/** The counts of the round that a topic is in, from its ballots. */
export async function verifyTally(
  reader: LightReader,
  organisation: OrganisationClient,
  id: string,
): Promise<Findings> {
  const topic = await provenTopic(reader, id)
  const meetings = await meetingsOf(reader, topic)
  if (meetings.length === 0) throw notVerified(`the topic is ${topic.state}: nobody has voted yet`)
  const proven: string[] = []
  const notProven: string[] = []
  const counts: unknown[] = []
  for (const meeting of meetings) {
    const ballots = await ballotsIn(reader, organisation, meeting)
    const tally = meeting.isClosed ? meeting.tally.map(({ proposal }) => proposal) : meeting.candidates
    const counted = tally.map(proposal => ({
      proposal: hex(proposal),
      approvals: ballots.filter(({ approvals }) => approvals.some(one => equalBytes(one, proposal))).length,
    }))
    counts.push({ meeting: hex(meeting.id), index: meeting.index, ballots: ballots.length, tally: counted })
    if (!meeting.isClosed) {
      proven.push(`meeting ${meeting.index} is open: ${ballots.length} ballots of ${meeting.voters} voters`)
      notProven.push(
        `that no ballot of meeting ${meeting.index} is missing: the count is fixed when it closes`,
      )
      continue
    }
    requireSame(meeting, ballots, counted)
    proven.push(
      `meeting ${meeting.index}: ${ballots.length} ballots of ${meeting.voters} voters, each proven, none missing; ${counted.map(({ proposal, approvals }) => `${proposal.slice(0, 10)} ${approvals}`).join(', ')}`,
      winnerText(meeting, counted),
    )
  }
  notProven.push(
    topic.privacy === 'identified'
      ? 'that nobody was pressed to vote as they did'
      : 'who stands behind which name: that is what the names are for',
  )
  return { proven, notProven, facts: { topic: id, meetings: counts } }
}

async function meetingsOf(reader: LightReader, { id, round }: Topic): Promise<readonly Meeting[]> {
  const meetings: Meeting[] = []
  for (let index = 0; index < (round?.meetings ?? 0); index += 1) {
    const name = hex(meetingIdOf(id, round?.number ?? 0, index, crypto.sha256))
    const meeting = await reader.entry('meetings', name, stateCodecs.meeting)
    if (meeting === undefined)
      throw notVerified(`the state is proven to hold no meeting ${index} of this round`)
    meetings.push(meeting)
  }
  return meetings
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

async function ballotsIn(
  reader: LightReader,
  organisation: OrganisationClient,
  { id }: Meeting,
): Promise<readonly Ballot[]> {
  const meeting = hex(id)
  const ballots: Ballot[] = []
  for (const { tag } of await organisation.table('ballots', { meeting })) {
    const ballot = await reader.entry('ballots', meeting + tag, stateCodecs.ballot)
    if (ballot !== undefined) ballots.push(ballot)
  }
  return ballots
}

function requireSame(
  { index, ballots: count, tally, voters }: Meeting,
  ballots: readonly Ballot[],
  counted: readonly { readonly proposal: string; readonly approvals: number }[],
): void {
  if (ballots.length !== count)
    throw notVerified(`meeting ${index} counted ${count} ballots, the node shows ${ballots.length}`)
  if (count > voters) throw notVerified(`meeting ${index} counted ${count} ballots of ${voters} voters`)
  for (const [at, { approvals, proposal }] of counted.entries()) {
    if (tally[at]?.approvals !== approvals)
      throw notVerified(
        `meeting ${index}: ${proposal} has ${approvals} approvals in the ballots, ${tally[at]?.approvals} in the count`,
      )
  }
}

function winnerText(
  { winner, index }: Meeting,
  counted: readonly { readonly proposal: string; readonly approvals: number }[],
): string {
  const most = Math.max(0, ...counted.map(({ approvals }) => approvals))
  if (winner === undefined) return `meeting ${index} chose nothing`
  const own = counted.find(({ proposal }) => proposal === hex(winner))?.approvals ?? 0
  if (own !== most || own < 1)
    throw notVerified(`meeting ${index}: ${hex(winner)} won with ${own}, the most is ${most}`)
  const tied = counted.filter(({ approvals }) => approvals === most).length
  return tied === 1
    ? `${hex(winner)} has the most approvals, ${own}`
    : `${hex(winner)} is one of ${tied} with the most approvals, ${own}; the tie was broken by rule or beacon`
}

/** A person's own ballots in the meetings of a topic's round, and that they are counted as cast. */
export async function verifyBallots(
  reader: LightReader,
  id: string,
  tagIn: (meeting: Uint8Array) => string,
): Promise<Findings> {
  const topic = await provenTopic(reader, id)
  const found: { meeting: string; approvals: readonly string[] }[] = []
  for (const meeting of await meetingsOf(reader, topic)) {
    const name = hex(meeting.id)
    const ballot = await reader.entry('ballots', name + tagIn(meeting.id), stateCodecs.ballot)
    if (ballot !== undefined) found.push({ meeting: name, approvals: ballot.approvals.map(hex) })
  }
  const proven = found.map(
    ({ meeting, approvals }) =>
      `your ballot in meeting ${meeting.slice(0, 10)} approves ${approvals.map(one => one.slice(0, 10)).join(', ') || 'nothing'}`,
  )
  return {
    proven: found.length === 0 ? ['the state is proven to hold no ballot of yours in this round'] : proven,
    notProven: ['that it was counted: "mc verify tally" counts all ballots again'],
    facts: { topic: id, ballots: found },
  }
}

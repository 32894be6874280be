/** The counts of a round, from its ballots, each of them proven. */
import { equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import { type Ballot, type Meeting, stateCodecs } from '@mc/topics'
import { type LightReader, notVerified } from './light-reader.js'
import type { OrganisationClient } from './organisation-client.js'
import { type Findings, meetingsOf, provenTopic } from './verify-topic.js'

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

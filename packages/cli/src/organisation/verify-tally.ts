/** The counts of a round, from its ballots, each of them proven. */
import { equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import { type Ballot, type Meeting, stateCodecs, type Topic } from '@mc/topics'
import { fill } from './language.js'
import { type LightReader, notVerified } from './light-reader.js'
import type { OrganisationClient } from './organisation-client.js'
import { receiptAsked } from './split-receipts.js'
import { textsHere } from './texts/texts.js'
import { type Findings, meetingsOf, provenTopic } from './verify-topic.js'

/** The counts of a round, of the one that a topic is in unless another is named, from its ballots. */
export async function verifyTally(
  reader: LightReader,
  organisation: OrganisationClient,
  id: string,
  round?: number,
): Promise<Findings> {
  const { findings: texts } = textsHere()
  const topic = await provenTopic(reader, id)
  const meetings = await meetingsAsked(reader, topic, round)
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
    const { index, voters } = meeting
    if (!meeting.isClosed) {
      proven.push(fill(texts.open, { index, voters, ballots: ballots.length }))
      notProven.push(fill(texts.notFixed, { index }))
      continue
    }
    requireSame(meeting, ballots, counted)
    const approvals = counted.map(one => `${one.proposal.slice(0, 10)} ${one.approvals}`).join(', ')
    proven.push(fill(texts.counted, { index, voters, ballots: ballots.length, tally: approvals }))
    proven.push(winnerText(meeting, counted))
  }
  notProven.push(topic.privacy === 'identified' ? texts.pressed : texts.behind)
  return { proven, notProven, facts: { topic: id, meetings: counts } }
}

async function meetingsAsked(
  reader: LightReader,
  topic: Topic,
  round: number | undefined,
): Promise<readonly Meeting[]> {
  if (round === undefined || round === topic.round?.number)
    return topic.round === undefined ? [] : meetingsOf(reader, topic.id, topic.round)
  const { meetings } = await receiptAsked(reader, topic, round)
  return meetingsOf(reader, topic.id, { number: round, meetings })
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
  const { findings: texts } = textsHere()
  if (winner === undefined) return fill(texts.none, { index })
  const own = counted.find(({ proposal }) => proposal === hex(winner))?.approvals ?? 0
  if (own !== most || own < 1)
    throw notVerified(`meeting ${index}: ${hex(winner)} won with ${own}, the most is ${most}`)
  const tied = counted.filter(({ approvals }) => approvals === most).length
  return fill(tied === 1 ? texts.chosen : texts.tied, { winner: hex(winner), approvals: own, tied })
}

/** A person's own ballots in the meetings of a topic's round, and that they are counted as cast. */
export async function verifyBallots(
  reader: LightReader,
  id: string,
  tagIn: (meeting: Uint8Array) => string,
  round?: number,
): Promise<Findings> {
  const { findings: texts } = textsHere()
  const topic = await provenTopic(reader, id)
  const found: { meeting: string; approvals: readonly string[] }[] = []
  for (const meeting of await meetingsAsked(reader, topic, round)) {
    const name = hex(meeting.id)
    const ballot = await reader.entry('ballots', name + tagIn(meeting.id), stateCodecs.ballot)
    if (ballot !== undefined) found.push({ meeting: name, approvals: ballot.approvals.map(hex) })
  }
  const proven = found.map(({ meeting, approvals }) => {
    const names = approvals.map(one => one.slice(0, 10)).join(', ') || texts.nothing
    return fill(texts.own, { meeting: meeting.slice(0, 10), approvals: names })
  })
  return {
    proven: found.length === 0 ? [texts.noBallot] : proven,
    notProven: [texts.countElsewhere],
    facts: { topic: id, ballots: found },
  }
}

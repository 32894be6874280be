/** The split of a round, dealt again from the beacon of a proven block. */
import { hex } from '@mc/protocol/wire'
import { aggregate, DRAW_DELAY, type Participant, stateCodecs, type Topic } from '@mc/topics'
import { Dealing, type DealtAgain } from './dealing-again.js'
import { fill } from './language.js'
import { type LightReader, notVerified } from './light-reader.js'
import type { OrganisationClient } from './organisation-client.js'
import { receiptAsked } from './split-receipts.js'
import { textsHere } from './texts/texts.js'
import { type Findings, provenTopic } from './verify-topic.js'

/** The split of a round, of the last one that was dealt unless another is named, dealt again from the beacon. */
export async function verifySplit(
  reader: LightReader,
  organisation: OrganisationClient,
  id: string,
  round?: number,
): Promise<Findings> {
  const topic = await provenTopic(reader, id)
  const receipt = await receiptAsked(reader, topic, round)
  const people = await provenPeople(reader, organisation, topic)
  const again = await new Dealing(reader, topic, people).round(receipt.round)
  const { capacity, window, fixedAt, drawnAt, beacon } = receipt
  if (drawnAt !== fixedAt + DRAW_DELAY)
    throw notVerified(
      `round ${receipt.round} was drawn in block ${drawnAt}, its roster was fixed in ${fixedAt}`,
    )
  const { findings: texts } = textsHere()
  const facts = {
    topic: id,
    round: receipt.round,
    capacity,
    window,
    fixedAt,
    block: drawnAt,
    seed: hex(receipt.seed),
  }
  const rules = [
    fill(texts.rules, { capacity, window }),
    fill(texts.delay, { fixed: fixedAt, delay: DRAW_DELAY }),
  ]
  const bent = fill(texts.beaconMade, { label: beacon })
  if (again === undefined) return { proven: rules, notProven: [texts.gone, bent], facts }
  return {
    proven: [dealtText(again), ...rules, ...capacityText(again, people), ...drawnText(again)],
    notProven: [...(again.meetings.length === 1 ? [texts.oneMeeting] : []), bent],
    facts: { ...facts, groups: again.meetings.map(({ voters }) => voters.map(hex)), late: again.late },
  }
}

function dealtText({ receipt, meetings }: DealtAgain): string {
  const { findings: texts } = textsHere()
  const { round, elements: count } = receipt
  const sizes = meetings.map(one => (round === 1 ? one.voters : one.candidates).length).join(', ')
  return fill(round === 1 ? texts.people : texts.winners, { round, count, sizes })
}

function drawnText({ receipt, beacon, late }: DealtAgain): readonly string[] {
  const { findings: texts } = textsHere()
  const { round, drawnAt: block, seed } = receipt
  const start = (bytes: Uint8Array): string => hex(bytes).slice(0, 16)
  return [
    fill(texts.drawn, { block, beacon: start(beacon), seed: start(seed) }),
    ...(round === 1 ? [] : [fill(texts.voters, { round })]),
    ...(late === 0 ? [] : [fill(texts.late, { count: late })]),
  ]
}

/** The capacity of the first round, where it is the mean of what its participants expected and nobody has left since. */
function capacityText({ receipt }: DealtAgain, people: readonly Participant[]): readonly string[] {
  const expected = people.filter(({ fromRound }) => fromRound <= 1).map(({ params }) => params.capacity)
  const { round, capacity } = receipt
  if (round !== 1 || Math.max(2, Number(aggregate('mean', expected))) !== capacity) return []
  return [fill(textsHere().findings.capacity, { capacities: expected.join(', '), capacity })]
}

async function provenPeople(
  reader: LightReader,
  organisation: OrganisationClient,
  { id, participants }: Topic,
): Promise<readonly Participant[]> {
  const listed = await organisation.table('participants', { topic: hex(id) })
  const people: Participant[] = []
  for (const { tag } of listed) {
    const one = await reader.entry('participants', hex(id) + tag, stateCodecs.participant)
    if (one !== undefined) people.push(one)
  }
  // The number of participants is proven, and so is each of these: none is missing.
  if (people.length !== participants)
    throw notVerified(`the node shows ${people.length} of ${participants} participants`)
  return people
}

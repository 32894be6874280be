/**
 * The longest part: a topic splits into five sub-meetings, its winners meet again, it is published, frozen once, resumed and executed;
 * under pseudonyms, with a proof of membership each.
 */
import { compareBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import { agreeOnCid } from '../content-id.js'
import { meetingsOf, opening, reached, words } from '../deciding.js'
import { type Proof, proven } from '../proven.js'
import type { Entry, Person, Stage } from '../stage.js'

/** What the people of example A expect of a sub-meeting: 10 want four, 8 want five, 5 want seven; the mean is five. */
const capacityOf = (at: number): number => (at < 10 ? 4 : at < 18 ? 5 : 7)

/** Proposals of the sub-meetings; the last one makes none. */
const IDEAS = ['秋千 / swings', '沙坑 / a sand pit', '绳网 / a climbing net', '滑梯 / a slide']

/** Seconds of a round: people prove, join, propose and vote in it. */
const EXPECTING = { meet: 14, publicity: 12 }

/** What came of the story's longest part. */
export interface Playground {
  readonly topic: Uint8Array
  readonly split: readonly number[]
  readonly final: Proof
  readonly proofs: readonly Proof[]
}

/** Runs it. */
export async function decidePlayground(
  stage: Stage,
  people: readonly Person[],
  domain: Uint8Array,
): Promise<Playground> {
  const topic = await open(stage, people, domain)
  const created = await stage.entry('topics', topic)
  const ring = await stage.ring(created.ringEpoch)
  await Promise.all(
    people.slice(1).map((person, at) => {
      const params = { ...EXPECTING, capacity: capacityOf(at + 1) }
      return stage.asPseudonym(person, topic, { type: 'join', topic, params }, ring)
    }),
  )
  await reached(stage, topic, 'meeting')
  const meetings = await meetingsOf(stage, topic, 1)
  await discuss(stage, people, topic, meetings)
  await stage.until('the second round', async () => (await stage.entry('topics', topic)).round?.number === 2)
  await reached(stage, topic, 'meeting')
  await finalVote(stage, people, topic)
  await reached(stage, topic, 'publicity')
  await freezeOnce(stage, people, topic)
  await reached(stage, topic, 'executed')
  const command = `mc verify topic ${hex(topic)}`
  return {
    topic,
    split: meetings.map(({ voters }) => voters),
    final: await proven(stage, 'topics', topic, { command }),
    proofs: [
      await proven(stage, 'registry', utf8('playground'), { command: `mc verify topic ${hex(topic)}` }),
    ],
  }
}

// Nobody knows who has opened it: a token of this week, and a pseudonym.
async function open(stage: Stage, people: readonly Person[], domain: Uint8Array): Promise<Uint8Array> {
  const [{ author }] = people as [Person]
  const { week, weekEpoch, membershipEpoch } = await stage.read('/v1/organisation')
  const rings = { token: await stage.ring(weekEpoch), topic: await stage.ring(membershipEpoch) }
  const { topic, ...opened } = author.openAsToken(
    { period: week, slot: 0 },
    opening({
      domain,
      kind: 'resolution',
      privacy: 'pseudonymous',
      title: '操场建什么？/ What does the playground need?',
      params: { ...EXPECTING, capacity: capacityOf(0) },
    }),
    rings,
  )
  await stage.act(opened)
  return topic
}

/** Each sub-meeting finds a winner of its own, but the last, where nobody proposes anything. */
async function discuss(
  stage: Stage,
  people: readonly Person[],
  topic: Uint8Array,
  meetings: readonly Entry[],
): Promise<void> {
  const groups = await groupsOf(stage, people, topic)
  await Promise.all(
    IDEAS.map(async (idea, at) => {
      const meeting = meetings[at]
      const voters = groups.get(meeting?.id) ?? []
      const [first] = voters
      if (first === undefined) return
      const id = fromHex(meeting.id)
      const program = agreeOnCid('playground', idea, crypto.sha256)
      const proposal = await stage.asPseudonym(first, topic, {
        type: 'propose',
        meeting: id,
        parent: undefined,
        ...words(idea),
        program,
      })
      await voteAll(stage, voters, topic, id, [proposal])
    }),
  )
}

/** All of them vote on all winners: most for the first, the others for the second. */
async function finalVote(stage: Stage, people: readonly Person[], topic: Uint8Array): Promise<void> {
  const [final] = await meetingsOf(stage, topic, 2)
  const candidates: readonly Uint8Array[] = final.candidates.map(fromHex)
  const [liked, second] = candidates as [Uint8Array, Uint8Array]
  const id = fromHex(final.id)
  await Promise.all([
    voteAll(stage, people.slice(0, 16), topic, id, [liked]),
    voteAll(stage, people.slice(16), topic, id, [second]),
  ])
}

function voteAll(
  stage: Stage,
  people: readonly Person[],
  topic: Uint8Array,
  meeting: Uint8Array,
  candidates: readonly Uint8Array[],
): Promise<unknown> {
  const approvals = [...candidates].sort(compareBytes)
  return Promise.all(people.map(one => stage.asPseudonym(one, topic, { type: 'vote', meeting, approvals })))
}

/** Who sits in which meeting: everybody finds only its own, here all of them look. */
async function groupsOf(
  stage: Stage,
  people: readonly Person[],
  topic: Uint8Array,
): Promise<ReadonlyMap<string, readonly Person[]>> {
  const participants = await stage.entries('participants', { topic: hex(topic) })
  const meetingOf = new Map(participants.map(({ tag, meeting }) => [tag, meeting]))
  const groups = new Map<string, Person[]>()
  for (const person of people) {
    const meeting = meetingOf.get(hex(person.author.pseudonym(topic)))
    groups.set(meeting, [...(groups.get(meeting) ?? []), person])
  }
  return groups
}

/** Somebody freezes it, and is frozen; the others look at it and let it go on. */
async function freezeOnce(stage: Stage, people: readonly Person[], topic: Uint8Array): Promise<void> {
  const freezer = people.at(-1) as Person
  await stage.asMember(freezer, { type: 'freeze', topic })
  const { freezeCase } = await reached(stage, topic, 'frozen')
  const judges = people.slice(0, 12)
  const choice = 'resume' as const
  await Promise.all(
    judges.map(one => stage.asMember(one, { type: 'evaluate', freezeCase: fromHex(freezeCase), choice })),
  )
  await reached(stage, topic, 'publicity', 'executed')
}

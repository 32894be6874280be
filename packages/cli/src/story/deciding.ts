/**
 * How the people of the story decide: they open a topic, join, propose, approve, and wait for its end.
 */
import { compareBytes } from '@mc/crypto'
import { fromHex, hex } from '@mc/protocol/wire'
import type { BodyOf, JoinParams, Opening } from '@mc/topics'
import { CommandError, FAILED } from '../terminal/failure.js'
import type { Entry, Person, Stage } from './stage.js'

/** Seconds of the story's windows: enough for two dozen people on a slow machine. */
export const EXPECTING: JoinParams = { meet: 8, publicity: 3, capacity: 50 }

/** A proposal of somebody, before its meeting is known. */
export type Proposed = Omit<BodyOf<'propose'>, 'type' | 'meeting' | 'parent'>

/** Words without anything that runs. */
export const words = (text: string): Proposed => ({
  text: { type: 'inline', text },
  program: undefined,
  candidacy: undefined,
})

/** What opening a topic says, where the story leaves it open. */
export const opening = (fields: Pick<Opening, 'domain' | 'kind' | 'title'> & Partial<Opening>): Opening => ({
  privacy: 'identified',
  text: { type: 'inline', text: fields.title },
  params: EXPECTING,
  target: undefined,
  evidence: [],
  ...fields,
})

/** Opens a topic in somebody's own name, and the others join. */
export async function gather(stage: Stage, people: readonly Person[], open: Opening): Promise<Uint8Array> {
  const [first, ...others] = people as [Person, ...Person[]]
  const { topic, ...opened } = first.author.openAsMember(stage.nextSeq(first.author.member), open)
  await stage.act(opened)
  await Promise.all(
    others.map(person => stage.asMember(person, { type: 'join', topic, params: open.params })),
  )
  return topic
}

/** States that a topic never leaves. */
const FINAL = ['executed', 'execFailed', 'expired', 'withdrawn', 'lapsed', 'cancelled']

/** Waits until a topic is in one of these states, and gives it. */
export async function reached(stage: Stage, topic: Uint8Array, ...states: readonly string[]): Promise<Entry> {
  let now: Entry
  await stage.until(`topic ${hex(topic).slice(0, 8)} to be ${states.join(' or ')}`, async () => {
    now = await stage.entry('topics', topic)
    if (FINAL.includes(now.state) && !states.includes(now.state)) {
      const reason = now.result?.reason ?? 'no reason given'
      throw new CommandError('story/other-end', `the topic ended as ${now.state}: ${reason}`, {
        exitCode: FAILED,
      })
    }
    return states.includes(now.state)
  })
  return now
}

/** The open meetings of a topic, in order. */
export async function meetingsOf(stage: Stage, topic: Uint8Array, round: number): Promise<readonly Entry[]> {
  const meetings = await stage.entries('meetings', { topic: hex(topic), round: String(round) })
  return [...meetings].sort((left, right) => left.index - right.index)
}

/** In an identified topic with one meeting: the first proposes, all approve; the id of the proposal. */
export async function agreeOn(
  stage: Stage,
  people: readonly Person[],
  topic: Uint8Array,
  proposed: Proposed,
): Promise<Uint8Array> {
  await reached(stage, topic, 'meeting')
  const [meeting] = await meetingsOf(stage, topic, 1)
  const id = fromHex(meeting.id)
  const [first] = people as [Person]
  const proposal = await stage.asMember(first, {
    type: 'propose',
    meeting: id,
    parent: undefined,
    ...proposed,
  })
  await approve(stage, people, id, [proposal])
  return proposal
}

/** All approve the same candidates of a meeting, in their own names. */
export async function approve(
  stage: Stage,
  people: readonly Person[],
  meeting: Uint8Array,
  candidates: readonly Uint8Array[],
): Promise<void> {
  const approvals = [...candidates].sort(compareBytes)
  await Promise.all(people.map(person => stage.asMember(person, { type: 'vote', meeting, approvals })))
}

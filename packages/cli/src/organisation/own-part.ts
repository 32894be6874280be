/** How one person takes part in a topic: its meeting, its ballot. */
import { fromHex, hex } from '@mc/protocol/wire'
import type { RowJson } from './organisation-client.js'
import type { Person } from './person.js'

/** A person's part in a topic, for that person's eyes. */
export interface OwnPart {
  readonly isParticipant: boolean
  /** The index of its meeting, if it has a seat now. */
  readonly meeting?: number
  /** What its ballot there approves, if it has cast one. */
  readonly approvals?: readonly string[]
}

/** What the state holds about somebody in a topic. @throws CommandError if it is no member. */
export async function ownPart(person: Person, topic: RowJson<'topics'>): Promise<OwnPart> {
  const { organisation } = person
  const part = await person.partIn(topic)
  if (part === undefined) return { isParticipant: false }
  const meeting = part.meeting && (await organisation.entry('meetings', part.meeting))
  if (!meeting) return { isParticipant: true }
  const ballot = await organisation.entry(
    'ballots',
    meeting.id + (await ballotTag(person, topic, meeting.id)),
  )
  const { index } = meeting
  return { isParticipant: true, meeting: index, ...(ballot && { approvals: ballot.approvals }) }
}

/** The name of a person's ballots in a meeting: the key image where nobody may see whose they are. */
export async function ballotTag(person: Person, topic: RowJson<'topics'>, meeting: string): Promise<string> {
  if (topic.privacy !== 'secret') return person.tagIn(topic)
  const member = await person.member()
  return hex(person.keyring.counting(member, topic.ringEpoch).keyImage(fromHex(meeting)))
}

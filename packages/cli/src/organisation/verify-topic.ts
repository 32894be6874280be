/**
 * What a light client can show about a topic, and compute again.
 *
 * Each check says what holds; what could not be shown is said as well, since silence would be taken for proof.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import { type Meeting, meetingIdOf, publicityNeeded, stateCodecs, type Topic } from '@mc/topics'
import { type LightReader, notVerified } from './light-reader.js'

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

/** The meetings of the round that a topic is in, each proven. */
export async function meetingsOf(reader: LightReader, { id, round }: Topic): Promise<readonly Meeting[]> {
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

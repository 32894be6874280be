/**
 * What a light client can show about a topic, and compute again.
 *
 * Each check says what holds; what could not be shown is said as well, since silence would be taken for proof.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import {
  type DomainParameters,
  type Meeting,
  meetingIdOf,
  type Publicity,
  publicityNeeded,
  type Round,
  stateCodecs,
  type Topic,
} from '@mc/topics'
import { fill } from './language.js'
import { type LightReader, notVerified } from './light-reader.js'
import { textsHere } from './texts/texts.js'

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
  const { findings: texts, states } = textsHere()
  const { publicity, winner, state, title, participants } = topic
  const proven = [fill(texts.topic, { title, state: states[state], participants })]
  if (winner !== undefined) proven.push(fill(texts.won, { winner: hex(winner) }))
  if (publicity !== undefined) proven.push(publicityText(publicity, domain.parameters))
  return {
    proven,
    notProven: [texts.noText, texts.noAll],
    facts: { topic: id, state, title, participants, winner: winner && hex(winner), publicity },
  }
}

function publicityText(publicity: Publicity, rules: DomainParameters): string {
  const { findings: texts } = textsHere()
  const { publicityBase: base, publicityNeed } = rules
  const { members, supporters, needed, expected } = publicity
  const length = Math.max(expected, needed)
  // The rules may have changed since; then the numbers of that moment cannot be recomputed from those of now.
  const isSame = publicityNeeded(base, members, supporters, publicityNeed) === needed
  return isSame
    ? fill(texts.publicity, { expected, base, members, supporters, ...publicityNeed, length })
    : fill(texts.publicityOther, { length })
}

/** The meetings of a round that has been dealt, each proven. */
export async function meetingsOf(
  reader: LightReader,
  id: Uint8Array,
  round: Dealt,
): Promise<readonly Meeting[]> {
  const meetings: Meeting[] = []
  for (let index = 0; index < round.meetings; index += 1) {
    const name = hex(meetingIdOf(id, round.number, index, crypto.sha256))
    const meeting = await reader.entry('meetings', name, stateCodecs.meeting)
    if (meeting === undefined)
      throw notVerified(`the state is proven to hold no meeting ${index} of round ${round.number}`)
    meetings.push(meeting)
  }
  return meetings
}

/** The number of a round, and how many meetings it has. */
export type Dealt = Pick<Round, 'number' | 'meetings'>

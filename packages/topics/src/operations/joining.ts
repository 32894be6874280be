/**
 * Joining a topic, saying what one expects, and leaving it.
 *
 * @see topics.md, sections 8 and 9.4
 */
import { equalBytes } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { ended } from '../machine/ending.js'
import { DRAW_DELAY, domainOf, refusal, rulesOf, type Turn, transition } from '../machine/turn.js'
import { pair } from '../state/tables.js'
import type { Participant } from '../topic/parts.js'
import { isJoinable, type Topic } from '../topic/topic.js'
import { clampedParams, flawOfSupport, joinAs } from './opening.js'
import type { Heard, Verdict } from './verdict.js'

/** Takes part in a topic before its publicity. Who comes during a round is placed by the beacon two blocks later. */
export function join({ turn, speaker, body }: Heard<'join'>): Verdict {
  const topic = turn.state.tables.topics.get(body.topic)
  if (topic === undefined) return refusal('topics/unknown-topic', `no topic ${hex(body.topic)}`)
  const by = flawOfSpeaker(topic, speaker.signer)
  if (by !== undefined) return by
  if (!isJoinable(topic)) return refusal('topics/too-late', `join refused: the topic is ${topic.state}`)
  if (speaker.participant !== undefined)
    return refusal('topics/already-joined', 'this tag takes part already')
  const tag = (tagOf(speaker.signer) as Uint8Array).slice()
  const isQueued = topic.state === 'queued'
  const slots = isQueued && speaker.member ? flawOfSupport(turn, domainOf(turn, topic), tag) : undefined
  if (slots !== undefined) return slots
  const proven = speaker.proven ?? turn.state.here.rings.revision
  return () => {
    const waits = !isQueued && rulesOf(turn, topic).lateAs === 'nextRound'
    joinAs(turn, topic.id, tag, body.params, {
      fromRound: isQueued ? 1 : (topic.round?.number ?? 0) + 1,
      placeAt: isQueued || waits ? undefined : turn.block.epoch + DRAW_DELAY,
      proven,
    })
  }
}

/** Whether this kind of name speaks in a topic of this privacy. */
export function flawOfSpeaker(topic: Topic, signer: Heard<'join'>['speaker']['signer']): Refusal | undefined {
  if (topic.privacy === 'identified') {
    return signer.type === 'member'
      ? undefined
      : refusal('topics/wrong-signer', 'an identified topic is spoken in with the member key')
  }
  return signer.type === 'pseudonym' && equalBytes(signer.topic, topic.id)
    ? undefined
    : refusal('topics/wrong-signer', `a ${topic.privacy} topic is spoken in with its own pseudonym`)
}

const tagOf = (signer: Heard<'join'>['speaker']['signer']): Uint8Array | undefined => {
  if (signer.type === 'member') return signer.id
  return signer.type === 'pseudonym' ? signer.tag : undefined
}

/** The speaker's part in a topic, or why it has none to speak of. */
export function partOf(
  turn: Turn,
  topicId: Uint8Array,
  { signer, participant }: Heard<'join'>['speaker'],
): { readonly topic: Topic; readonly participant: Participant } | Refusal {
  const topic = turn.state.tables.topics.get(topicId)
  if (topic === undefined) return refusal('topics/unknown-topic', `no topic ${hex(topicId)}`)
  const by = flawOfSpeaker(topic, signer)
  if (by !== undefined) return by
  if (participant === undefined || !equalBytes(participant.topic, topicId)) {
    return refusal('topics/not-a-participant', 'the signer does not take part in the topic')
  }
  return { topic, participant }
}

/** Says again what one expects, while the topic waits. */
export function updateJoin({ turn, speaker, body }: Heard<'updateJoin'>): Verdict {
  const part = partOf(turn, body.topic, speaker)
  if ('rule' in part) return part
  const { topic, participant } = part
  if (topic.state !== 'queued')
    return refusal('topics/too-late', `update refused: the topic is ${topic.state}`)
  return () => {
    const params = clampedParams(body.params, rulesOf(turn, topic))
    turn.state.tables.participants.set(pair(topic.id, participant.tag), { ...participant, params })
  }
}

/** Leaves a topic that waits. */
export function leave({ turn, speaker, body }: Heard<'leave'>): Verdict {
  const part = partOf(turn, body.topic, speaker)
  if ('rule' in part) return part
  const { topic, participant } = part
  if (topic.state !== 'queued')
    return refusal('topics/too-late', `leave refused: the topic is ${topic.state}`)
  return () => {
    turn.state.tables.participants.delete(pair(topic.id, participant.tag))
    turn.state.tables.topics.set(topic.id, { ...topic, participants: topic.participants - 1 })
  }
}

// creator and n = 1: nobody takes back what others have joined
/** Takes a topic back while nobody else has joined. */
export function withdraw({ turn, speaker, body }: Heard<'withdraw'>): Verdict {
  const part = partOf(turn, body.topic, speaker)
  if ('rule' in part) return part
  const { topic, participant } = part
  if (topic.state !== 'queued')
    return refusal('topics/too-late', `withdraw refused: the topic is ${topic.state}`)
  if (topic.creator === undefined || !equalBytes(topic.creator, participant.tag)) {
    return refusal('topics/not-the-creator', 'only its creator withdraws a topic')
  }
  if (topic.participants !== 1) {
    return refusal(
      'topics/others-joined',
      `withdraw refused: ${topic.participants} take part, need the creator alone`,
    )
  }
  return () =>
    transition(
      turn,
      { ...topic, state: 'withdrawn', result: ended('withdrawn by its creator') },
      'topic-withdrawn',
    )
}

/** Shows again that the holder of a pseudonym is a member: the proof has been checked, there is nothing more to do. */
export function renew({ turn, speaker, body }: Heard<'renew'>): Verdict {
  const part = partOf(turn, body.topic, speaker)
  return 'rule' in part ? part : () => {}
}

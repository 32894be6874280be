/** How a topic ends without being carried out. */
import type { Topic, TopicResult } from '../topic/topic.js'
import { type Turn, transition } from './turn.js'

/** A result without a decision. */
export const ended = (reason: string): TopicResult => ({ type: 'ended', reason })

/** Ends a topic without a decision. */
export function lapse(turn: Turn, topic: Topic, reason: string): void {
  transition(turn, { ...topic, state: 'lapsed', draw: undefined, result: ended(reason) }, 'topic-lapsed', {
    reason,
  })
}

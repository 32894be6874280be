/** What a topic is about: this decides who signs, which candidates stand, and which actions may follow. */
import { type Codec, mapped, u8 } from '@mc/protocol/wire'

/** The kinds of topics, in the order of the wire. */
export const TOPIC_KINDS = [
  'resolution',
  'contract',
  'membership',
  'challenge',
  'election',
  'domain',
  'upgrade',
] as const

/** What a topic is about. */
export type TopicKind = (typeof TOPIC_KINDS)[number]

/** How much of a participant is seen: who it is, a name in this topic, or not even the ballots of that name. */
export const PRIVACIES = ['identified', 'pseudonymous', 'secret'] as const

/** How much of a participant is seen. */
export type Privacy = (typeof PRIVACIES)[number]

/** One of a few words, as one byte. */
export const oneOf = <const W extends readonly string[]>(words: W): Codec<W[number]> =>
  mapped(u8({ max: words.length - 1 }), {
    to: at => words[at] as W[number],
    from: word => words.indexOf(word),
  })

/** The codec of `TopicKind`. */
export const topicKind: Codec<TopicKind> = oneOf(TOPIC_KINDS)

/** The codec of `Privacy`. */
export const privacy: Codec<Privacy> = oneOf(PRIVACIES)

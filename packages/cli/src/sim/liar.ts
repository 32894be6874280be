import { type Adversary, mutator, type Random } from '@mc/sim'
import { subsetPart } from './subset-part.js'

/** Follows the protocol but for its votes: each peer is told another value, drawn anew, with this probability. */
export const liar = ({ probability }: { readonly probability: number }): Adversary<unknown, unknown> => ({
  ...mutator<unknown>({ mutate: withOtherVote, probability }),
  name: 'liar',
})

/** The same vote for a value that is drawn; what is no vote stays as it is. */
function withOtherVote(message: unknown, random: Random): unknown {
  if (subsetPart(message)?.value === undefined) return message
  return replaced(message, changed =>
    'bit' in changed ? { ...changed, bit: random.bit() } : { ...changed, value: random.pick([0, 1, '*']) },
  )
}

/** The message with its innermost part changed, the one that holds the vote. */
function replaced(message: unknown, change: (part: object) => unknown): unknown {
  const part = message as { readonly message?: unknown }
  return part.message === undefined ? change(part) : { ...part, message: replaced(part.message, change) }
}

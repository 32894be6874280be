/**
 * Actions that have a kind of topic of their own.
 *
 * Which capabilities a topic has follows from its kind and domain, and topics knows that. These two actions are bound to the kind besides:
 * a removal needs a challenge, in which the target is heard, and a mandate an election, in which the holder has agreed. Code that returns
 * them, or a schedule that brings them, changes nothing about that.
 */
import type { Action, TopicKind } from '@mc/topics'
import type { Flaw } from './action-context.js'
import { innerActions } from './capabilities.js'

const KIND_OF: Readonly<Partial<Record<Action['type'], TopicKind>>> = {
  'member.remove': 'challenge',
  'mandate.grant': 'election',
}

/** Which of these actions a topic of this kind may not bring. */
export function misplaced(actions: readonly Action[], kind: TopicKind): Flaw {
  for (const action of actions) {
    const needed = KIND_OF[action.type]
    if (needed !== undefined && needed !== kind) return `${action.type} needs a topic of the kind ${needed}`
    const inner = misplaced(innerActions(action), kind)
    if (inner !== undefined) return inner
  }
  return undefined
}

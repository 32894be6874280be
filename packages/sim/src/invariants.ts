/**
 * The laws that most protocols share.
 */
import type { PeerIndex } from '@mc/protocol'
import type { Invariant, Watch } from './invariant.js'
import type { Cost, RunState } from './run.js'
import { sameValue } from './same-value.js'
import { render } from './trace.js'

/**
 * No two correct members give different outputs at the same position.
 *
 * For broadcast and agreement this is agreement; for ordered batches it is agreement and total order at once.
 */
export const agreement = <Output>(
  equal: (a: Output, b: Output) => boolean = sameValue,
): Invariant<unknown, unknown, Output> => ({
  name: 'agreement',
  begin: () => {
    const first: { readonly by: PeerIndex; readonly output: Output }[] = []
    return {
      output(index, output, position) {
        const known = first[position]
        if (known === undefined) first[position] = { by: index, output }
        else if (!equal(known.output, output)) {
          return `output ${position}: member ${known.by} gave ${render(known.output)}, member ${index} gave ${render(output)}`
        }
        return undefined
      },
    }
  },
})

/** A correct member gives at most `max` outputs, 1 by default. */
export const integrity = ({ max = 1 }: { readonly max?: number } = {}): Invariant => ({
  name: 'integrity',
  begin: () => ({
    output: (index, output, position) =>
      position >= max ? `member ${index} gave output ${position}: ${render(output)}` : undefined,
  }),
})

/** Every output of a correct member is allowed, given the run so far. */
export const validity = <Input, Output>(
  isValid: (output: Output, state: RunState<Input, unknown, Output>, index: PeerIndex) => boolean,
): Invariant<Input, unknown, Output> => ({
  name: 'validity',
  begin: state => ({
    output: (index, output) =>
      isValid(output, state, index) ? undefined : `member ${index} gave ${render(output)}`,
  }),
})

/** At the end nothing is pending and every correct member has given at least `outputs` outputs, 1 by default. */
export const termination = ({ outputs = 1 }: { readonly outputs?: number } = {}): Invariant => ({
  name: 'termination',
  begin: state => ({
    end() {
      const waiting = state.correct.filter(index => (state.outputs[index]?.length ?? 0) < outputs)
      if (waiting.length > 0) return `members ${waiting.join(', ')} gave fewer than ${outputs} outputs`
      return state.quiescent ? undefined : `not quiet after ${state.cost.deliveries} deliveries`
    },
  }),
})

/** If one correct member gives an output, all correct members have given as many by the end. */
export const totality = (): Invariant => ({
  name: 'totality',
  begin: state => ({
    end() {
      const counts = state.correct.map(index => state.outputs[index]?.length ?? 0)
      const most = Math.max(...counts)
      const behind = state.correct.filter((_, at) => counts[at] !== most)
      return behind.length > 0
        ? `members ${behind.join(', ')} gave fewer than the ${most} outputs of others`
        : undefined
    },
  }),
})

/** No correct member blames a correct member, and none sees the assumption of f faults broken. */
export const noFaultsAgainstCorrect = (): Invariant => ({
  name: 'no-faults-against-correct',
  begin: state => ({
    fault(by, { rule, peer, detail = '' }) {
      if (peer !== undefined && !state.isCorrect(peer)) return undefined
      return `member ${by} blames ${peer === undefined ? 'nobody' : `member ${peer}`} of ${rule} ${detail}`
    },
  }),
})

/** What makes two messages of one member the same statement. */
export interface NoContradictionOptions<Message> {
  /** The name of a statement, undefined for messages that may differ; all its bytes must then be equal for ever. */
  readonly identity?: (message: Message, to: PeerIndex | 'all') => string | undefined
}

/**
 * A member that comes back says nothing that contradicts what it has said before.
 *
 * By default its log must re-create exactly what it had sent, in order. With `identity` the log may forget, but equal
 * statements must be equal bytes over all its lives.
 */
export const noContradiction = <Message>({
  identity,
}: NoContradictionOptions<Message> = {}): Invariant<unknown, Message, unknown> => ({
  name: 'no-contradiction',
  begin: () => (identity === undefined ? { restarted: blameLoss } : watchStatements(identity)),
})

const blameLoss = (index: PeerIndex, lost: string | undefined): string | undefined =>
  lost === undefined ? undefined : `member ${index} ${lost}`

function watchStatements<Message>(
  identity: (message: Message, to: PeerIndex | 'all') => string | undefined,
): Watch<Message, unknown> {
  const said = new Map<string, Uint8Array>()
  return {
    sent(from, { to, message }, bytes) {
      const name = identity(message, to)
      if (name === undefined) return undefined
      const statement = `${from} ${name}`
      const earlier = said.get(statement)
      if (earlier === undefined) said.set(statement, bytes)
      return earlier === undefined || sameValue(earlier, bytes)
        ? undefined
        : `member ${from} says ${render(bytes)} as ${name}, earlier ${render(earlier)}`
    },
  }
}

/** The costs of the whole run stay within these bounds. */
export const bounded = (limits: Partial<Cost>): Invariant => ({
  name: 'bounded',
  begin: state => ({
    end() {
      const over = (Object.keys(limits) as (keyof Cost)[]).filter(
        what => state.cost[what] > (limits[what] as number),
      )
      if (over.length === 0) return undefined
      return over.map(what => `${what} ${state.cost[what]} over ${limits[what]}`).join(', ')
    },
  }),
})

/** A predicate of the whole run that holds after every output of a correct member, and at the end. */
export const always = <Input, Message, Output>(
  name: string,
  holds: (state: RunState<Input, Message, Output>) => boolean,
): Invariant<Input, Message, Output> => ({
  name,
  begin: state => ({
    output: index => (holds(state) ? undefined : `broken by an output of member ${index}`),
    end: () => (holds(state) ? undefined : 'broken at the end'),
  }),
})

/** A predicate of the whole run that holds at the end. */
export const eventually = <Input, Message, Output>(
  name: string,
  holds: (state: RunState<Input, Message, Output>) => boolean,
): Invariant<Input, Message, Output> => ({
  name,
  begin: state => ({ end: () => (holds(state) ? undefined : 'does not hold at the end') }),
})

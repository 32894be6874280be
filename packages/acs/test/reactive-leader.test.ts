import {
  bindingGather,
  type FinMvbaMessage,
  finMvba,
  type Gather,
  type MvbaInput,
  type MvbaParams,
} from '@mc/acs'
import { localCoin } from '@mc/coin'
import { type Bit, type Domain, type Round, round } from '@mc/protocol'
import { type QuadraticMessage, quadraticRaba } from '@mc/raba'
import { type Adversary, agreement, type Run, type SimEvent, simulate } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { type AskedMessage, idealElection, Oracle } from './ideal-election.js'
import { reactive } from './reactive-schedule.js'
import { hastyGather, type StubRbcMessage, stubRbc } from './stub-parts.js'

type Vote = QuadraticMessage<never>
type Message = FinMvbaMessage<StubRbcMessage, Vote, AskedMessage>

/** Ten members, 7, 8 and 9 of them Byzantine. */
const N = 10
const BYZANTINE = [7, 8, 9]
/** Among the first four members each value is missing to one, so each is counted by f = 3 of them at most. */
const MISSING: readonly (readonly number[])[] = [
  [1, 2, 3],
  [0, 4, 5],
  [6, 7, 8],
  [9, 4, 5],
]

const saidBy = (vote: Vote): Bit | '*' | undefined => {
  if ('bit' in vote) return vote.bit
  return 'value' in vote ? vote.value : undefined
}
const roundOf = (vote: Vote): number => ('round' in vote ? vote.round : 0)

const zeros = (at: Round): Vote[] => [
  { type: 'prevote', round: at, bit: 0 },
  { type: 'vote', round: at, bit: 0 },
  { type: 'mainvote', round: at, value: 0 },
  { type: 'finalvote', round: at, value: 0 },
  ...(at > 0 ? [{ type: 'fixvote' as const, round: at, value: 0 as const }] : []),
]

/** Makes all values available, repeats the first sets and questions of others, and votes 0 in every phase of every round. */
const zeroVoter: Adversary<MvbaInput, Message> = {
  name: 'always 0',
  corrupt: world => {
    const said = new Set<string>()
    const say = (message: Message): void => {
      const key = JSON.stringify(message, (name, value) => (name === 'members' ? undefined : value))
      if (said.has(key)) return
      said.add(key)
      world.send('all', message)
    }
    return {
      input: () => {
        if (world.self !== N - 1) return
        for (const proposer of world.committee.peers) {
          const message: StubRbcMessage = { type: 'deliver', payload: Uint8Array.of(proposer) }
          world.send('all', { type: 'rbc', proposer, message })
        }
      },
      observe: ({ what, event }) => {
        if (what !== 'sent' || event.type !== 'message') return
        const { message } = event
        if (message.type === 'gather' || message.type === 'election') say(message)
        if (message.type !== 'raba') return
        for (const vote of zeros(round(roundOf(message.message)))) say({ ...message, message: vote })
      },
    }
  },
}

/**
 * The first four go ahead with the values that are not missing to them. Once a leader is revealed, its value is delivered to
 * nobody as long as anything else is pending, and the zeros of its agreement come first.
 */
const preference =
  (oracle: Oracle) =>
  ({ type, to, ...event }: SimEvent<MvbaInput, Message>): number => {
    if (type === 'input') return 6
    const { message } = event as Extract<SimEvent<MvbaInput, Message>, { type: 'message' }>
    if (message.type === 'rbc') {
      if ([...oracle.revealed.values()].includes(message.proposer)) return 0
      return MISSING[to]?.includes(message.proposer) ? 2 : to < 4 || to >= 7 ? 5 : 1
    }
    if (message.type !== 'raba') return 4
    const vote = message.message
    return (vote.type === 'term' || roundOf(vote) === 0) && saidBy(vote) === 0 ? 4 : 3
  }

interface Outcome {
  readonly run: Run<MvbaInput, Message, Uint8Array>
  /** How many leaders were asked for. */
  readonly iterations: number
}

/** `first` is the leader of iteration 0, and the ones after it of the iterations after that. */
function outcome(gather: Gather, first: number, { foreseen = false, seed = 0 } = {}): Outcome {
  const leaderOf = (domain: Domain): number => (first + (domain.at(-1) as number)) % N
  const oracle = new Oracle(leaderOf)
  if (foreseen) for (let iteration = 0; iteration < 3; iteration += 1) oracle.ask([iteration], N)
  const known = oracle.revealed.size
  const run = simulate<MvbaParams, MvbaInput, Message, Uint8Array>({
    seed,
    n: N,
    protocol: ({ random }) =>
      finMvba({
        rbc: stubRbc(),
        raba: quadraticRaba({ coin: localCoin({ rng: random }) }),
        election: idealElection(oracle),
        gather,
      }),
    params: committee => ({ committee, domain: ['reactive'], judge: () => 'valid' as const }),
    inputs: index => ({ type: 'propose', value: Uint8Array.of(index) }),
    schedule: reactive(preference(oracle), () => oracle.revealed.size),
    byzantine: Object.fromEntries(BYZANTINE.map(index => [index, zeroVoter])),
    invariants: [agreement<Uint8Array>()],
  })
  expect(run.violations).toEqual([])
  return { run, iterations: oracle.revealed.size - known }
}

const seeds = Array.from({ length: Number(process.env['MC_SEEDS'] ?? 1) }, (_, seed) => seed)
const leaders = Array.from({ length: N }, (_, index) => index)
const outputs = ({ run }: Outcome): readonly Uint8Array[] =>
  run.correct.flatMap(index => run.outputs[index] ?? [])

describe('agreement.md 14.5: a scheduler that reacts to the leader', () => {
  test('without a gather the first leader fails, whoever it is: f + 1 members have asked, and no value is safe', () => {
    for (const seed of seeds) {
      const atOnce = leaders.filter(first => outcome(hastyGather(), first, { seed }).iterations === 1)
      expect(atOnce).toEqual([])
    }
  })

  test('with the binding gather n − f of the n leaders are agreed on at once', () => {
    for (const seed of seeds) {
      const atOnce = leaders.filter(first => outcome(bindingGather(), first, { seed }).iterations === 1)
      expect(atOnce.length).toBeGreaterThanOrEqual(7)
    }
  })

  test('an election that is foreseen costs time and nothing else: f leaders fail, and never more', () => {
    for (const seed of seeds) {
      for (const first of leaders) {
        const late = outcome(bindingGather(), first, { foreseen: true, seed })
        expect(late.iterations).toBe(4)
        expect(outputs(late)).toHaveLength(7)
      }
    }
  })
})

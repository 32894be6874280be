import { localCoin } from '@mc/coin'
import { type Bit, round } from '@mc/protocol'
import { quadraticRaba, type RabaInput } from '@mc/raba'
import { bitOf, reproposalsLast } from '@mc/raba/conformance'
import { type Adversary, contentAware, type SimEvent, simulate, termination } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../src/quadratic/inspect.js'
import { type Message, votesFor } from '../liars.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 10)

/** Sends 0 in every phase of round 0. */
const zeros = (): Adversary<RabaInput, Message> => ({
  name: 'zeros',
  corrupt: world => ({
    input: () => {
      for (const message of votesFor(round(0), 0)) if (message.type !== 'fixvote') world.send('all', message)
    },
  }),
})

const zerosFirst = contentAware((event: SimEvent<RabaInput, Message>) =>
  event.type === 'input' ? 1 : bitOf(event.message) === 0 ? 2 : 0,
)

describe('X9: biased validity is sharp at f + 1 (n = 7, zeros first, reproposals last)', () => {
  for (const ones of [0, 1, 2, 3, 4, 5]) {
    const expected: Bit = ones >= 3 ? 1 : 0
    test(`${ones} correct proposals of 1: everybody decides ${expected} and halts`, () => {
      for (let seed = 0; seed < seeds; seed += 1) {
        const run = simulate({
          seed,
          n: 7,
          protocol: ({ random }) => quadraticRaba({ coin: localCoin({ rng: random }) }),
          params: committee => ({ committee, domain: ['x9'] }),
          inputs: (index): RabaInput => ({ type: 'propose', bit: index < ones ? 1 : 0 }),
          onInput: ({ input, give }) => {
            if (ones > 0 && input.type === 'propose' && input.bit === 0) give({ type: 'repropose' })
          },
          schedule: reproposalsLast(zerosFirst),
          byzantine: { 5: zeros(), 6: zeros() },
          invariants: [termination()],
        })
        expect(run.violations).toEqual([])
        expect(run.correct.map(index => run.outputs[index])).toEqual(run.correct.map(() => [expected]))
        expect(run.correct.every(index => inspect(run.instance(index) as object).halted)).toBe(true)
      }
    })
  }
})

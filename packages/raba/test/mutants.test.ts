/**
 * Each line of the acceptance table is removed in turn. A line that no seed and no script misses must be one that is argued
 * redundant: MAINVOTE support everywhere, FINALVOTE support inside five-phase rounds.
 */
import type { Bit } from '@mc/protocol'
import { abaLaws, abaTermination, bitOf, drawScenario, rabaLaws, runScenario } from '@mc/raba/conformance'
import { describe, expect, test } from 'vitest'
import { bindingRound, fourPhaseRound } from '../src/quadratic/ordinary-round.js'
import type { RoundRules } from '../src/quadratic/round-rules.js'
import { roundZeroS2 } from '../src/quadratic/round-zero.js'
import type { Acceptance } from '../src/rounds/acceptance.js'
import type { VotingRound } from '../src/rounds/voting-round.js'
import { randomLiar, randomSplitter, splitter } from './liars.js'
import { accepting, weakened } from './weakened.js'

const inBset = (round: VotingRound, bit: Bit) => round.inBset(bit)
const always = () => true
const safety = (laws: typeof rabaLaws) => laws.filter(({ name }) => name !== 'termination')
const seedsMax = Number(process.env['MC_SEEDS'] ?? 200)

interface Rules {
  readonly reproposable: boolean
  readonly roundZero: RoundRules
  readonly laterRounds: RoundRules
}

const agreements: Readonly<Record<string, Rules>> = {
  'five-phase ABA': { reproposable: false, roundZero: bindingRound, laterRounds: bindingRound },
  'four-phase ABA': { reproposable: false, roundZero: fourPhaseRound, laterRounds: fourPhaseRound },
  RABA: { reproposable: true, roundZero: roundZeroS2, laterRounds: bindingRound },
}

/** The first seed in which a law or an assert of the mutant breaks; undefined if it survives them all. */
function killedBy(
  rules: Rules,
  lines: Partial<Acceptance>,
  { seeds = seedsMax, live = false } = {},
): number | undefined {
  const all = rules.reproposable ? rabaLaws : [...abaLaws, abaTermination]
  const laws = live ? all : safety(all)
  const mutant: Rules = {
    ...rules,
    roundZero: accepting(rules.roundZero, lines),
    laterRounds: accepting(rules.laterRounds, lines),
  }
  for (let seed = 0; seed < seeds; seed += 1) {
    const run = runScenario(drawScenario(seed, seed % 3 === 0 ? 7 : 4, rules), {
      protocol: ({ random }) => weakened(mutant, random),
      adversary: [randomLiar, splitter, randomSplitter][seed % 3] as typeof splitter,
      laws,
      bitOf,
    })
    if (run.violations.length > 0) return seed
  }
  return undefined
}

describe('mutants of the acceptance table', () => {
  const killed: readonly [agreement: keyof typeof agreements, line: string, lines: Partial<Acceptance>][] = [
    ['five-phase ABA', 'FIXVOTE support', { fixvote: inBset }],
    ['RABA', 'FIXVOTE support', { fixvote: inBset }],
    ['RABA', 'FINALVOTE support', { finalvote: inBset }],
    ['four-phase ABA', 'FINALVOTE support', { finalvote: inBset }],
    ['five-phase ABA', 'bset = {0, 1} for *', { star: always }],
    ['RABA', 'bset = {0, 1} for *', { star: always }],
  ]
  test.each(killed)('%s without %s: some seed breaks a law', (agreement, _, lines) => {
    expect(killedBy(agreements[agreement] as Rules, lines, { seeds: 4_000 })).toBeDefined()
  })

  test.each(['five-phase ABA', 'four-phase ABA'])(
    '%s without v ∈ bset for VOTE(v): some seed blocks it',
    agreement => {
      expect(
        killedBy(agreements[agreement] as Rules, { vote: always }, { seeds: 4_000, live: true }),
      ).toBeDefined()
    },
  )

  const redundant: readonly [agreement: keyof typeof agreements, line: string, lines: Partial<Acceptance>][] =
    [
      ['five-phase ABA', 'MAINVOTE support', { mainvote: inBset }],
      ['RABA', 'MAINVOTE support', { mainvote: inBset }],
      ['five-phase ABA', 'FINALVOTE support', { finalvote: inBset }],
    ]
  test.each(redundant)('%s without %s: redundant, no seed misses it', (agreement, _, lines) => {
    expect(killedBy(agreements[agreement] as Rules, lines)).toBeUndefined()
  })
})

/**
 * The laws of binary agreement, as data.
 */
import type { Bit } from '@mc/protocol'
import { agreement, type Invariant, integrity, noFaultsAgainstCorrect, termination, validity } from '@mc/sim'
import type { RabaInput } from '../raba.js'
import { mustTerminate, type Scenario } from './scenario.js'

/** A law and how a run is watched for it; undefined where the situation does not concern it. */
export interface AgreementLaw {
  readonly name: string
  readonly statement: string
  readonly watch: (scenario: Scenario) => Invariant<RabaInput, unknown, Bit> | undefined
}

const correctProposals = ({ proposals, byzantine }: Scenario): readonly Bit[] =>
  proposals.filter((_, index) => !byzantine.includes(index))

const onlyDecides = (name: string, bit: Bit): Invariant<RabaInput, unknown, Bit> => ({
  ...validity<RabaInput, Bit>(decision => decision === bit),
  name,
})

/** What every binary agreement must obey. */
export const abaLaws: readonly AgreementLaw[] = [
  {
    name: 'integrity',
    statement: 'a correct member decides at most once',
    watch: () => integrity(),
  },
  {
    name: 'agreement',
    statement: 'no two correct members decide differently',
    watch: () => agreement(),
  },
  {
    name: 'validity',
    statement: 'if all correct members propose v and none reproposes 1 − v, only v is decided',
    watch: scenario => {
      const [first, ...others] = correctProposals(scenario)
      if (first === undefined || others.some(bit => bit !== first)) return undefined
      return first === 0 && scenario.reproposals !== 'never' ? undefined : onlyDecides('validity', first)
    },
  },
  {
    name: 'blame',
    statement: 'no correct member blames a correct member, and none sees more than f faulty members',
    watch: () => noFaultsAgainstCorrect(),
  },
]

/** Termination of an ABA: for every pattern of inputs. */
export const abaTermination: AgreementLaw = {
  name: 'termination',
  statement: 'if all correct members propose, all correct members decide, and the network falls silent',
  watch: () => termination(),
}

/** What a reproposable agreement must obey beyond that. */
export const rabaLaws: readonly AgreementLaw[] = [
  ...abaLaws,
  {
    name: 'termination',
    statement:
      'all correct members decide if their proposals are alike, or if all of them propose or repropose 1; the network falls silent',
    watch: scenario => (mustTerminate(scenario) ? termination() : undefined),
  },
  {
    name: 'biased-validity',
    statement: 'if f + 1 correct members propose 1 (reproposals do not count), only 1 is decided',
    watch: scenario => {
      const ones = correctProposals(scenario).filter(bit => bit === 1).length
      return ones >= scenario.f + 1 ? onlyDecides('biased-validity', 1) : undefined
    },
  },
  {
    name: 'support',
    statement: '1 is decided only if some correct member proposed or reproposed 1',
    // A member alone in its committee decides within the step of its own proposal, which is not among the given inputs yet.
    watch: ({ proposals }) => ({
      ...validity<RabaInput, Bit>(
        (bit, { correct, inputs }, index) =>
          bit === 0 || proposals[index] === 1 || correct.some(at => speaksFor1(inputs[at])),
      ),
      name: 'support',
    }),
  },
]

const speaksFor1 = (inputs: readonly RabaInput[] = []): boolean =>
  inputs.some(input => input.type === 'repropose' || input.bit === 1)

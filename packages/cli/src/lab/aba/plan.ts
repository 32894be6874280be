/**
 * Which cells a comparison of agreements has.
 */
import type { AbaCell } from './cell.js'
import type { InputPattern } from './inputs.js'
import { UNTIMED } from './networks.js'

/** What is asked for. */
export interface AbaPlan {
  readonly variants: readonly string[]
  readonly sizes: readonly number[]
  readonly inputs: readonly InputPattern[]
  readonly adversaries: readonly string[]
  readonly networks: readonly string[]
  readonly firstSeed: number
  readonly seeds: number
}

/** What a first answer needs, within a minute on two cores. */
export const QUICK: Omit<AbaPlan, 'variants' | 'firstSeed'> = {
  sizes: [4, 7],
  inputs: ['all0', 'all1', 'mixed'],
  adversaries: ['none', 'crash', 'equivocate', 'split', 'content-aware'],
  networks: [UNTIMED, 'wan5'],
  seeds: 40,
}

/** The cells of a plan, small sizes first, so that any beginning of a run compares all variants. */
export const cellsOf = ({
  variants,
  sizes,
  inputs,
  adversaries,
  networks,
  firstSeed,
  seeds,
}: AbaPlan): readonly AbaCell[] =>
  sizes.flatMap(n =>
    networks.flatMap(network =>
      adversaries.flatMap(adversary =>
        inputs.flatMap(pattern =>
          variants.map(variant => ({ variant, n, inputs: pattern, adversary, network, firstSeed, seeds })),
        ),
      ),
    ),
  )

/** How long a cell takes beside others, roughly: for the time that is left. */
export const weightOf = ({ n, seeds, variant }: AbaCell): number =>
  seeds * n ** (/bracha|cubic/.test(variant) ? 3 : 2.2)

/**
 * The good case in simulation, to stand beside its formula.
 */
import { type Bit, faultsTolerated } from '@mc/protocol'
import { fifo } from '@mc/sim'
import type { Variant } from '../variant.js'
import { runAbaCell } from './run-cell.js'
import { type GoodCaseCost, goodCase } from './theory.js'

/** One good case, by formula and counted. */
export interface GoodCaseRow {
  readonly variant: string
  readonly n: number
  readonly f: number
  readonly bit: Bit
  readonly formula?: GoodCaseCost
  readonly messages: number
  readonly bytes: number
  readonly steps: number
}

/** Counts the good case of a variant: one run, since nothing in it is left to chance. */
export function countGoodCase(variant: Variant, n: number, bit: Bit): GoodCaseRow {
  const cell = {
    variant: variant.name,
    n,
    inputs: bit === 0 ? ('all0' as const) : ('all1' as const),
    adversary: 'none',
    network: 'fifo',
    firstSeed: 0,
    seeds: 1,
  }
  const { messages, bytes, steps } = runAbaCell(cell, variant, { schedule: fifo(), favour: bit })
  const f = faultsTolerated(n)
  const formula = goodCase(variant.name, bit, { n, f })
  return {
    variant: variant.name,
    n,
    f,
    bit,
    ...(formula === undefined ? {} : { formula }),
    messages: messages.max,
    bytes: bytes.max,
    steps: steps.max,
  }
}

/**
 * One cell of the comparison of agreements: one variant in one situation, over many seeds.
 */
import type { Distribution } from '../run/distribution.js'
import type { InputPattern } from './inputs.js'

/** Which variant in which situation. */
export interface AbaCell {
  readonly variant: string
  readonly n: number
  readonly inputs: InputPattern
  readonly adversary: string
  readonly network: string
  readonly firstSeed: number
  readonly seeds: number
}

/** What came of it. Everything but `cpuMs` is exact: the same code and seeds give the same numbers on any machine. */
export interface AbaFigures {
  readonly kind: 'aba' | 'raba'
  readonly f: number
  /** Of the variant's descriptor. */
  readonly fingerprint: string
  /** Rounds until the last correct member had decided. */
  readonly rounds: Distribution
  /** How many runs took so many rounds. */
  readonly roundsHistogram: Readonly<Record<string, number>>
  /** Longest chain of messages before the last decision. */
  readonly steps: Distribution
  /** Messages by correct members to others until nobody says anything more, the halt included. */
  readonly messages: Distribution
  readonly bytes: Distribution
  /** Coins flipped by correct and copied members. */
  readonly flips: Distribution
  /** Messages that are shares of a common coin. */
  readonly shares: Distribution
  /** Virtual milliseconds until the last correct member had decided; only on a network with a clock. */
  readonly decidedMs?: Distribution
  /** How many runs decided 1. */
  readonly ones: number
  /** Runs in which a correct member had not decided when they were cut off, or nothing was pending any more. */
  readonly undecided: number
  /** Of these, those in which nothing was pending any more: they would never have ended. The others were cut off. */
  readonly stuck?: number
  /** Broken laws, the first of each; a variant that breaks one is not an agreement. */
  readonly violations: readonly string[]
  /** Of all runs: equal if and only if, but for chance, everything happened alike. */
  readonly traceHash: string
  /** Processor milliseconds per run, all members and the simulator together; noisy. */
  readonly cpuMs: number
}

/** Names a cell; a finished one is not run again. */
export const abaCellKey = ({ variant, n, inputs, adversary, network, firstSeed, seeds }: AbaCell): string =>
  `aba ${variant} n=${n} inputs=${inputs} adversary=${adversary} network=${network} seeds=${firstSeed}+${seeds}`

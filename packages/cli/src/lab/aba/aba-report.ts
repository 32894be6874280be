/**
 * The report of a comparison of agreements.
 */
import type { Report } from '../report/report.js'
import type { AbaResult } from './aba-bench.js'
import { abaFigures } from './aba-figures.js'
import { abaTables } from './aba-tables.js'
import { ADVERSARIES } from './adversaries.js'
import { INPUTS } from './inputs.js'
import { OVERHEAD_BYTES, TIMED_NETWORKS } from './networks.js'

/** Pictures, tables, and how all of it was taken. */
export function abaReport({ rows, goodCases }: AbaResult): Report {
  return {
    title: 'Binary agreements compared, in simulation',
    facts: [...origin(rows), ...situations(rows)],
    figures: abaFigures(rows),
    tables: abaTables(rows, goodCases),
  }
}

function origin(rows: AbaResult['rows']): readonly string[] {
  const commits = [...new Set(rows.map(({ commit }) => commit))]
  const machines = [
    ...new Set(
      rows.map(
        ({ machine: { cpu, cores, node, state, load } }) =>
          `${cpu}, ${cores} cores, Node ${node}, ${state} (load ${load})`,
      ),
    ),
  ]
  return [
    'Simulated: the protocols and their codecs are real, members live in one process, the network is a seeded schedule. Messages, bytes, steps and rounds are exact: the same code and seeds give the same numbers anywhere.',
    'Processor time is measured, includes the simulator, and of a noisy machine it is no more than a hint.',
    'A common coin is simulated: f + 1 shares of 128 bytes each, no cryptography; T1 of a measured run says what real shares cost.',
    `Code: ${commits.join(', ')}. Machine: ${machines.join('; ')}.`,
  ]
}

function situations(rows: AbaResult['rows']): readonly string[] {
  const used = <Name extends string>(names: readonly Name[]): readonly Name[] => [...new Set(names)]
  const inputs = used(rows.map(({ cell }) => cell.inputs)).map(name => `${name}: ${INPUTS[name]}`)
  const adversaries = used(rows.map(({ cell }) => cell.adversary)).map(
    name => `${name}: ${ADVERSARIES[name]?.sentence}`,
  )
  const networks = used(rows.map(({ cell }) => cell.network)).flatMap(name => {
    const timed = TIMED_NETWORKS[name]
    return timed === undefined
      ? []
      : [`${name}: ${timed.sentence}, ${OVERHEAD_BYTES} bytes of headers on every message`]
  })
  return [
    `Inputs. ${inputs.join('. ')}. In a RABA, members that proposed 0 come back with 1 once a correct member proposed 1, as its contract asks.`,
    `Adversaries. ${adversaries.join('. ')}.`,
    ...(networks.length === 0
      ? []
      : [
          `Networks with a virtual clock. ${networks.join('. ')}. What an adversary holds back takes five times as long.`,
        ]),
  ]
}

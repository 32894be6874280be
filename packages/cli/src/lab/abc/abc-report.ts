/**
 * The report of a comparison of systems.
 */
import type { PartFigure } from '../../bench/parts/stopwatch.js'
import type { Report } from '../report/report.js'
import type { AbcResult } from './abc-bench.js'
import { abcFigures } from './abc-figures.js'
import { abcTables } from './abc-tables.js'
import type { KeyFigure } from './crypto-figures.js'
import { FAULTS } from './faults.js'

/** Pictures, tables, and how all of it was taken. */
export function abcReport(
  { rows }: AbcResult,
  crypto: { readonly parts: readonly PartFigure[]; readonly keys: readonly KeyFigure[] },
): Report {
  const machines = distinct(
    rows.map(
      ({ machine: { cpu, cores, memoryGiB, system, node } }) =>
        `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`,
    ),
  )
  const loads = rows.map(({ machine }) => machine.load)
  const noisy = rows.filter(({ machine }) => machine.state === 'noisy').length
  const faults = distinct(rows.map(({ cell }) => cell.faults)).map(
    name => `${name}: ${FAULTS[name]?.sentence}`,
  )
  return {
    title: 'Atomic broadcasts compared, measured',
    facts: [
      'Measured in real time. In memory: all members in one process and one thread, real messages as bytes, real coins with dealt keys, no sockets, no log, no ledger. In nodes: one process per member over libp2p, whole nodes as they are shipped. The two are never in one figure.',
      'Closed loop: every member proposes a full batch in every epoch. Throughput counts distinct delivered transactions until the (n − f)-th member’s last batch.',
      `State of the machine: ${noisy} of ${rows.length} cells were taken under load (load of the minute before: ${Math.min(...loads)} to ${Math.max(...loads)}). Of those only processor time, messages, bytes and memory may be quoted.`,
      `Machine: ${machines.join('; ')}. Code: ${distinct(rows.map(({ commit }) => commit)).join(', ')}.`,
      `Faults. ${faults.join('. ')}.`,
    ],
    figures: abcFigures(rows),
    tables: abcTables(rows, crypto),
  }
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)]

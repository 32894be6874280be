/**
 * The tables of a comparison of agreements.
 */
import { figure, type Table } from '../report/report.js'
import { type AbaRow, isFailure } from './aba-bench.js'
import { goodRows } from './aba-figures.js'
import type { AbaFigures } from './cell.js'
import type { GoodCaseRow } from './good-case.js'

/** T2, the cells, and what failed. */
export const abaTables = (rows: readonly AbaRow[], goodCases: readonly GoodCaseRow[]): readonly Table[] => [
  theoryTable(goodCases),
  distanceTable(rows, goodCases),
  cellTable(rows),
  ...failureTable(rows),
]

function theoryTable(goodCases: readonly GoodCaseRow[]): Table {
  const known = goodCases.filter(({ formula }) => formula !== undefined)
  const off = known.filter(
    ({ formula, messages, steps }) => formula?.messages !== messages || formula.steps !== steps,
  )
  return {
    id: 'T2',
    title: 'good cases, by formula and in simulation',
    meaning:
      `All propose the same bit, nobody is faulty, every message takes equally long, a common coin agrees at once. ` +
      `${known.length - off.length} of ${known.length} rows with a formula are exact.`,
    head: [
      'variant',
      'n',
      'f',
      'all propose',
      'steps: formula',
      'steps',
      'messages: formula',
      'messages',
      'off by',
      'bytes',
      'because',
    ],
    rows: goodCases.map(({ variant, n, f, bit, formula, messages, steps, bytes }) => [
      variant,
      String(n),
      String(f),
      String(bit),
      formula ? String(formula.steps) : '–',
      String(steps),
      formula ? figure(formula.messages, 12) : '–',
      figure(messages, 12),
      formula ? String(messages - formula.messages) : '–',
      figure(bytes, 12),
      formula?.because ?? 'no formula is known here',
    ]),
  }
}

/** How many times the good case a situation costs. */
function distanceTable(rows: readonly AbaRow[], goodCases: readonly GoodCaseRow[]): Table {
  const untimed = goodRows(rows).filter(({ cell }) => cell.network === 'random' && cell.inputs === 'mixed')
  return {
    id: 'T2b',
    title: 'how far from the good case',
    meaning:
      'Mixed inputs in random order, beside the dearer of the two good cases (all 0, all 1) of the same variant and size. Below 1: chance was kinder than that case; far above 1: what a network or an adversary costs beyond theory’s best.',
    head: [
      'variant',
      'n',
      'adversary',
      'messages',
      'of the good case',
      'steps',
      'of the good case',
      'rounds',
    ],
    rows: untimed.flatMap(({ cell, figures }) => {
      const own = goodCases.filter(({ variant, n }) => variant === cell.variant && n === cell.n)
      if (own.length === 0) return []
      const best = {
        messages: Math.max(...own.map(one => one.messages)),
        steps: Math.max(...own.map(one => one.steps)),
      }
      return [
        [
          cell.variant,
          String(cell.n),
          cell.adversary,
          figure(figures.messages.mean, 4),
          (figures.messages.mean / best.messages).toFixed(2),
          figure(figures.steps.mean),
          (figures.steps.mean / best.steps).toFixed(2),
          figure(figures.rounds.mean),
        ],
      ]
    }),
  }
}

function cellTable(rows: readonly AbaRow[]): Table {
  return {
    id: 'Cells',
    title: 'everything that was counted',
    meaning:
      'Per agreement, all members together, until nobody says anything more; counts are exact, processor time includes the simulator and is noisy. ' +
      'Undecided runs are those in which a correct member had not decided when nothing was pending any more, or at the cut-off.',
    head: [
      'variant',
      'n',
      'inputs',
      'adversary',
      'network',
      'runs',
      'rounds mean',
      'p95',
      'most',
      'steps mean',
      'messages mean',
      'p95',
      'bytes mean',
      'flips',
      'share messages',
      'virtual ms, median',
      'CPU ms',
      'undecided',
      'fingerprint',
    ],
    rows: rows.flatMap(({ cell, figures }) =>
      figures === undefined
        ? []
        : [
            [
              cell.variant,
              String(cell.n),
              cell.inputs,
              cell.adversary,
              cell.network,
              String(cell.seeds),
              figure(figures.rounds.mean),
              figure(figures.rounds.p95),
              figure(figures.rounds.max),
              figure(figures.steps.mean),
              figure(figures.messages.mean, 4),
              figure(figures.messages.p95, 6),
              figure(figures.bytes.mean, 4),
              figure(figures.flips.mean),
              figure(figures.shares.mean),
              figure(figures.decidedMs?.median),
              figure(figures.cpuMs),
              undecidedText(figures),
              figures.fingerprint.slice(0, 8),
            ],
          ],
    ),
  }
}

const undecidedText = ({ undecided, stuck = 0 }: AbaFigures): string =>
  undecided === 0 ? '0' : `${undecided} (${stuck} stuck, ${undecided - stuck} cut off)`

function failureTable(rows: readonly AbaRow[]): readonly Table[] {
  const failures = rows.filter(isFailure)
  if (failures.length === 0) return []
  return [
    {
      id: 'Failures',
      title: 'what failed, and why',
      meaning: `${failures.length} cells have no figures, or figures of something that broke a law; no figure is drawn of them.`,
      head: ['variant', 'n', 'inputs', 'adversary', 'network', 'reason'],
      rows: failures.map(({ cell, failure, figures }) => [
        cell.variant,
        String(cell.n),
        cell.inputs,
        cell.adversary,
        cell.network,
        failure ?? (figures?.violations.join('; ') as string),
      ]),
    },
  ]
}

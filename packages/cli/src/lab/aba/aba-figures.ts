/**
 * The figures of a comparison of agreements. ABA stand beside ABA and RABA beside RABA; everything is simulated, and says so.
 */
import { barChart } from '../plot/bar-chart.js'
import { lineChart, type Series } from '../plot/line-chart.js'
import { type Figure, figure } from '../report/report.js'
import type { AbaRow } from './aba-bench.js'
import type { AbaCell, AbaFigures } from './cell.js'
import { UNTIMED } from './networks.js'

/** A row with figures of something that keeps the laws. */
export interface GoodRow {
  readonly cell: AbaCell
  readonly figures: AbaFigures
}

/** Rows that figures may be drawn of. */
export const goodRows = (rows: readonly AbaRow[]): readonly GoodRow[] =>
  rows.flatMap(({ cell, figures }) =>
    figures === undefined || figures.violations.length > 0 || figures.rounds.count === 0
      ? []
      : [{ cell, figures }],
  )

type Kind = AbaFigures['kind']

/** All figures that these rows suffice for. */
export function abaFigures(rows: readonly AbaRow[]): readonly Figure[] {
  const good = goodRows(rows)
  return (['raba', 'aba'] as const).flatMap(kind => {
    const own = good.filter(({ figures }) => figures.kind === kind)
    if (own.length === 0) return []
    return [
      ...costFigures(own, kind),
      ...roundFigures(own, kind),
      ...stepFigure(own, kind),
      ...timeFigures(own, kind),
    ]
  })
}

const NAMES: Readonly<Record<Kind, string>> = { raba: 'RABA', aba: 'ABA' }

/** The inputs that a figure is drawn for: mixed ones tell most, if they were run. */
const pattern = (rows: readonly GoodRow[]): string =>
  rows.some(({ cell }) => cell.inputs === 'mixed') ? 'mixed' : ((rows[0] as GoodRow).cell.inputs as string)

const perVariant = (
  rows: readonly GoodRow[],
  value: (row: GoodRow) => Series['points'][number] | undefined,
): Series[] =>
  distinct(rows.map(({ cell }) => cell.variant)).map(name => ({
    name,
    points: rows.filter(({ cell }) => cell.variant === name).flatMap(row => value(row) ?? []),
  }))

function costFigures(rows: readonly GoodRow[], kind: Kind): readonly Figure[] {
  const inputs = pattern(rows)
  const calm = rows.filter(
    ({ cell }) => cell.network === UNTIMED && cell.adversary === 'none' && cell.inputs === inputs,
  )
  return (['messages', 'bytes'] as const).flatMap(what => {
    const series = perVariant(calm, ({ cell, figures }) => ({
      x: cell.n,
      y: figures[what].mean,
      min: figures[what].min,
      max: figures[what].max,
    }))
    if (series.every(({ points }) => points.length < 2)) return []
    const svg = lineChart({
      title: `F8  ${NAMES[kind]}: ${what} per agreement against n`,
      note: `Simulated, ${inputs} inputs, all correct, random order; all members together until the halt; mean, bars from least to most.`,
      x: { label: 'members n', kind: 'log' },
      y: { label: what, kind: 'log' },
      series,
    })
    return [{ id: `F8-${kind}-${what}`, svg, meaning: extremes(series, what, 'at n') }]
  })
}

/** Which series ends lowest and which highest, and how far apart. */
function extremes(series: readonly Series[], what: string, where: string): string {
  const ends = series
    .flatMap(({ name, points }) =>
      points.length > 0 ? [{ name, end: points.at(-1) as Series['points'][number] }] : [],
    )
    .sort((a, b) => a.end.y - b.end.y)
  const [least, most] = [ends[0], ends.at(-1)]
  if (least === undefined || most === undefined) return 'No figures.'
  const times = figure(most.end.y / least.end.y, 2)
  return `Fewest ${what} ${where} = ${least.end.x}: ${least.name} with ${figure(least.end.y)}; most: ${most.name} with ${figure(most.end.y)}, ${times} times as many.`
}

function roundFigures(rows: readonly GoodRow[], kind: Kind): readonly Figure[] {
  const inputs = pattern(rows)
  const n = Math.max(...rows.map(({ cell }) => cell.n))
  const own = rows.filter(({ cell }) => cell.network === UNTIMED && cell.n === n && cell.inputs === inputs)
  if (own.length === 0) return []
  const adversaries = distinct(own.map(({ cell }) => cell.adversary))
  return [
    roundBars(own, kind, n, inputs, adversaries),
    ...adversaries.map(adversary => survival(own, kind, n, inputs, adversary)),
  ]
}

function roundBars(
  rows: readonly GoodRow[],
  kind: Kind,
  n: number,
  inputs: string,
  adversaries: readonly string[],
): Figure {
  const groups = distinct(rows.map(({ cell }) => cell.variant)).map(name => ({
    name,
    bars: adversaries.flatMap(series => {
      const found = rows.find(({ cell }) => cell.variant === name && cell.adversary === series)
      return found === undefined
        ? []
        : [
            {
              series,
              value: found.figures.rounds.mean,
              min: found.figures.rounds.min,
              max: found.figures.rounds.max,
            },
          ]
    }),
  }))
  const svg = barChart({
    title: `F9  ${NAMES[kind]}: rounds to decide, n = ${n}, by adversary`,
    note: `Simulated, ${inputs} inputs; rounds of the last correct member to decide; mean, bars from least to most.`,
    x: 'variant',
    y: { label: 'rounds' },
    groups,
  })
  const worst = rows.reduce((a, b) => (b.figures.rounds.mean > a.figures.rounds.mean ? b : a))
  const { cell, figures } = worst
  return {
    id: `F9-${kind}-means`,
    svg,
    meaning: `Most rounds in the mean: ${cell.variant} under ${cell.adversary}, ${figure(figures.rounds.mean)} (at most ${figures.rounds.max} in ${figures.rounds.count} runs).`,
  }
}

function survival(
  rows: readonly GoodRow[],
  kind: Kind,
  n: number,
  inputs: string,
  adversary: string,
): Figure {
  const own = rows.filter(({ cell }) => cell.adversary === adversary)
  const series = own.map(({ cell, figures }) => ({ name: cell.variant, points: undecidedAfter(figures) }))
  const svg = lineChart({
    title: `F9  ${NAMES[kind]}: runs undecided after so many rounds, ${adversary}, n = ${n}`,
    note: `Simulated, ${inputs} inputs; percent of the runs, on a log scale: a straight line ends with equal chance in every round.`,
    x: { label: 'rounds' },
    y: { label: 'percent', kind: 'log' },
    series,
  })
  const last = own.reduce((a, b) => (b.figures.rounds.max > a.figures.rounds.max ? b : a))
  return {
    id: `F9-${kind}-${adversary}`,
    svg,
    meaning: `The longest run under ${adversary} was one of ${last.cell.variant}: ${last.figures.rounds.max} rounds.`,
  }
}

function undecidedAfter({ roundsHistogram, rounds, undecided }: AbaFigures): Series['points'] {
  const runs = rounds.count + undecided
  let open = runs
  const points = [{ x: 0, y: 100 }]
  for (let round = 1; round <= rounds.max; round += 1) {
    open -= roundsHistogram[round] ?? 0
    points.push({ x: round, y: (100 * open) / runs })
  }
  return points
}

function stepFigure(rows: readonly GoodRow[], kind: Kind): readonly Figure[] {
  const n = Math.max(...rows.map(({ cell }) => cell.n))
  const calm = rows.filter(
    ({ cell }) => cell.network === UNTIMED && cell.n === n && cell.adversary === 'none',
  )
  if (calm.length === 0) return []
  const groups = distinct(calm.map(({ cell }) => cell.variant)).map(name => ({
    name,
    bars: calm
      .filter(({ cell }) => cell.variant === name)
      .map(({ cell, figures: { steps } }) => ({
        series: cell.inputs,
        value: steps.mean,
        min: steps.min,
        max: steps.max,
      })),
  }))
  const svg = barChart({
    title: `${NAMES[kind]}: asynchronous steps to decide, n = ${n}, by inputs`,
    note: 'Simulated, all correct, random order: the longest chain of messages before the last decision; mean, bars from least to most.',
    x: 'variant',
    y: { label: 'steps' },
    groups,
  })
  const least = calm.reduce((a, b) => (b.figures.steps.mean < a.figures.steps.mean ? b : a))
  return [
    {
      id: `steps-${kind}`,
      svg,
      meaning: `Shortest: ${least.cell.variant} on ${least.cell.inputs}, ${figure(least.figures.steps.mean)} steps in the mean; a random order makes chains longer than the good case of T2.`,
    },
  ]
}

/** Virtual time against n, one figure for each network that has a clock. */
function timeFigures(rows: readonly GoodRow[], kind: Kind): readonly Figure[] {
  const inputs = pattern(rows)
  const timed = rows.filter(
    ({ cell }) => cell.network !== UNTIMED && cell.inputs === inputs && cell.adversary === 'none',
  )
  return distinct(timed.map(({ cell }) => cell.network)).map(network => {
    const series = perVariant(
      timed.filter(({ cell }) => cell.network === network),
      ({ cell, figures: { decidedMs } }) =>
        decidedMs && { x: cell.n, y: decidedMs.median, min: decidedMs.min, max: decidedMs.p95 },
    )
    const svg = lineChart({
      title: `F5  ${NAMES[kind]}: virtual time to decide on ${network} against n`,
      note: `Simulated clock, ${inputs} inputs, all correct, no processor time; median, bars from the least to the 95th percentile.`,
      x: { label: 'members n', kind: 'log' },
      y: { label: 'virtual ms' },
      series,
    })
    return {
      id: `F5-${kind}-${network}`,
      svg,
      meaning: extremes(series, 'virtual milliseconds', `on ${network} at n`),
    }
  })
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)]

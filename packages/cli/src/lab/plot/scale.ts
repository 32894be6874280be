/**
 * Axes: from values to places on paper, and where the marks stand.
 */

/** How values spread along an axis. */
export type ScaleKind = 'linear' | 'log'

/** Maps values to places; `ticks` are the values that are named. */
export interface Scale {
  readonly ticks: readonly number[]
  /** The place of a value between `from` and `to`. */
  at(value: number): number
}

/** What a scale is made from. */
export interface ScaleOptions {
  readonly kind: ScaleKind
  /** All values that must fit; on a log scale those above 0 count. */
  readonly values: readonly number[]
  /** Where the least and the greatest value stand. */
  readonly from: number
  readonly to: number
  /** Ends just beyond the least and the greatest value, where these name themselves. */
  readonly tight?: boolean
}

/**
 * A scale that holds all values: a linear one begins at 0 and ends at a round number, a log one ends at powers of ten or,
 * where it spans less than two decades, at 1, 2 or 5 times such a power.
 */
export function scaleOf({ kind, values, from, to, tight = false }: ScaleOptions): Scale {
  const usable = values.filter(value => Number.isFinite(value) && (kind === 'linear' || value > 0))
  const ticks = kind === 'log' ? logTicks(usable) : linearTicks(usable)
  const [low = 0, high = 1] = tight && kind === 'log' ? justBeyond(usable) : [ticks[0], ticks.at(-1)]
  const position = kind === 'log' ? Math.log10 : (value: number) => value
  const span = position(high) - position(low) || 1
  return { ticks, at: value => from + ((position(value) - position(low)) / span) * (to - from) }
}

const justBeyond = (values: readonly number[]): readonly [number, number] | [] =>
  values.length === 0 ? [] : [Math.min(...values) / 1.12, Math.max(...values) * 1.12]

/** About five round numbers from 0, or from a negative least value, to the greatest one. */
export function linearTicks(values: readonly number[]): readonly number[] {
  const high = Math.max(0, ...values)
  const low = Math.min(0, ...values)
  if (high === low) return [0, 1]
  const step = roundStep((high - low) / 5)
  const [first, last] = [Math.floor(low / step + ROUNDING), Math.ceil(high / step - ROUNDING)]
  return Array.from({ length: last - first + 1 }, (_, at) => tidy((first + at) * step))
}

/** Powers of ten around the values; 1, 2 and 5 times these where there are few. */
export function logTicks(values: readonly number[]): readonly number[] {
  if (values.length === 0) return [1, 10]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const [first, last] = [Math.floor(Math.log10(low) + ROUNDING), Math.ceil(Math.log10(high) - ROUNDING)]
  if (last - first > 2) return range(first, last).map(power => tidy(10 ** power))
  const fine = range(first - 1, last + 1).flatMap(power => [1, 2, 5].map(digit => tidy(digit * 10 ** power)))
  const below = fine.filter(tick => tick <= low * (1 + ROUNDING)).at(-1) as number
  const above = fine.find(tick => tick >= high * (1 - ROUNDING)) as number
  const ticks = fine.filter(tick => tick >= below && tick <= above)
  return ticks.length > 1 ? ticks : [below, fine[fine.indexOf(below) + 1] as number]
}

/** A value as an axis names it: at most three digits, with k, M or G for thousands and their powers. */
export function tickText(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e9) return `${short(value / 1e9)}G`
  if (size >= 1e6) return `${short(value / 1e6)}M`
  if (size >= 1e4) return `${short(value / 1e3)}k`
  return short(value)
}

const ROUNDING = 1e-9

const short = (value: number): string => String(Number(value.toPrecision(3)))

const tidy = (value: number): number => Number(value.toPrecision(12))

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)

/** The least of 1, 2 or 5 times a power of ten that is not below. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const digit = [1, 2, 5, 10].find(candidate => candidate * power >= least * (1 - ROUNDING)) as number
  return digit * power
}

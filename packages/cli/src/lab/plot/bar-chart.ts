/**
 * Bars in groups, side by side or on top of each other.
 */
import {
  AREA,
  type Axis,
  baseLine,
  type ChartWords,
  chart,
  shown,
  verticalAxis,
  verticalScale,
} from './frame.js'
import { mark } from './marks.js'
import { type Scale, tickText } from './scale.js'
import { COLOURS, element, text, tooltip } from './svg.js'

/** One bar; `min` and `max` of repeated measurements become an error bar. */
export interface Bar {
  readonly series: string
  readonly value: number | undefined
  readonly min?: number
  readonly max?: number
}

/** Bars that belong together. */
export interface BarGroup {
  readonly name: string
  readonly bars: readonly Bar[]
}

/** A chart of bars. */
export interface BarChart extends ChartWords {
  readonly x: string
  readonly y: Axis
  readonly groups: readonly BarGroup[]
  /** Bars of a group stand on each other: parts of a whole. Not on a log axis. */
  readonly stacked?: boolean
}

/** Draws the chart; a bar without a value is left out, its place stays. */
export function barChart({ x, y, groups, stacked = false, ...words }: BarChart): string {
  if (stacked && y.kind === 'log') throw new RangeError('bar chart: parts of a whole need a linear axis')
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ series }) => series)))]
  const up = verticalScale(y, stacked ? groups.map(heightOf) : groups.flatMap(valuesOf))
  const width = (AREA.right - AREA.left) / Math.max(1, groups.length)
  const turned = groups.some(({ name }) => name.length * 6.2 > width)
  return chart(
    words,
    verticalAxis(y, up),
    baseLine(x),
    ...groups.map((group, at) => {
      const left = AREA.left + at * width
      const bars = stacked ? stack(group, names, left, width, up) : row(group, names, left, width, up)
      return bars + groupName(group.name, left + width / 2, turned)
    }),
    legend(names),
  )
}

const heightOf = ({ bars }: BarGroup): number => bars.reduce((sum, { value = 0 }) => sum + value, 0)

const valuesOf = ({ bars }: BarGroup): readonly number[] =>
  bars.flatMap(({ value, min, max }) => [value, min, max].filter(shown))

function row(
  { name, bars }: BarGroup,
  names: readonly string[],
  left: number,
  width: number,
  up: Scale,
): string {
  const step = (width * 0.86) / names.length
  return bars
    .map(bar => {
      if (!shown(bar.value) || !Number.isFinite(up.at(bar.value))) return ''
      const x = left + width * 0.07 + names.indexOf(bar.series) * step
      const y = up.at(bar.value)
      return (
        rectangle(
          bar.series,
          names,
          { x, y, width: Math.max(1, step - 1), height: AREA.bottom - y },
          said(name, bar),
        ) + whisker(bar, x + step / 2, up)
      )
    })
    .join('')
}

function stack(
  { name, bars }: BarGroup,
  names: readonly string[],
  left: number,
  width: number,
  up: Scale,
): string {
  let below = 0
  return bars
    .map(bar => {
      if (!shown(bar.value) || bar.value <= 0) return ''
      const [from, to] = [up.at(below), up.at(below + bar.value)]
      below += bar.value
      const place = { x: left + width * 0.2, y: to, width: width * 0.6, height: from - to }
      return rectangle(bar.series, names, place, said(name, bar))
    })
    .join('')
}

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const rectangle = (series: string, names: readonly string[], place: Place, words: string): string =>
  element(
    'rect',
    {
      ...place,
      class: `f${names.indexOf(series) % COLOURS}`,
      'fill-opacity': names.indexOf(series) >= COLOURS ? 0.55 : undefined,
    },
    tooltip(words),
  )

const said = (group: string, { series, value, min, max }: Bar): string => {
  const spread = shown(min) && shown(max) && min !== max ? ` (${tickText(min)} to ${tickText(max)})` : ''
  return `${group}, ${series}: ${shown(value) ? tickText(value) : 'none'}${spread}`
}

function whisker({ min, max }: Bar, x: number, up: Scale): string {
  if (!shown(min) || !shown(max) || min === max || !Number.isFinite(up.at(min))) return ''
  return element('path', {
    d: `M${x - 3} ${up.at(min)}h6M${x} ${up.at(min)}V${up.at(max)}m-3 0h6`,
    class: 'axis',
    fill: 'none',
  })
}

/** Where one name is longer than its place, all are turned. */
function groupName(name: string, x: number, turned: boolean): string {
  const y = AREA.bottom + 16
  if (!turned) return text(name, { x, y, 'text-anchor': 'middle' })
  return text(name, {
    x,
    y: y - 4,
    'text-anchor': 'end',
    transform: `rotate(-18 ${Math.round(x)} ${y - 4})`,
    'font-size': 10,
  })
}

const legend = (names: readonly string[]): string =>
  names
    .map((name, at) => {
      const y = AREA.top + 8 + at * 18
      return mark(at, AREA.right + 16, y) + text(name, { x: AREA.right + 26, y: y + 4 })
    })
    .join('')

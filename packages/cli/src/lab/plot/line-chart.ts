/**
 * Series of points over a common axis, each named at its end.
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
import { spread } from './labels.js'
import { mark } from './marks.js'
import { type Scale, scaleOf, tickText } from './scale.js'
import { COLOURS, element, text, tooltip } from './svg.js'

/** A point; `min` and `max` of repeated measurements become an error bar. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly min?: number
  readonly max?: number
  /** Said about this point beside its figures. */
  readonly label?: string
}

/** Points of one kind, in the order in which they are joined. */
export interface Series {
  readonly name: string
  readonly points: readonly Point[]
}

/** A chart of series. */
export interface LineChart extends ChartWords {
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

/** Draws the chart. Points without a finite place, and on log axes those not above 0, are left out. */
export function lineChart({ x, y, series, ...words }: LineChart): string {
  const visible = series
    .map(({ name, points }) => ({ name, points: points.filter(point => drawable(point, x, y)) }))
    .filter(({ points }) => points.length > 0)
  const points = visible.flatMap(one => one.points)
  const named = x.kind === 'log' && namesItself(points)
  const across = scaleOf({
    kind: x.kind ?? 'linear',
    values: points.map(point => point.x),
    tight: named,
    from: AREA.left,
    to: AREA.right,
  })
  const up = verticalScale(
    y,
    points.flatMap(point => [point.y, point.min, point.max].filter(shown)),
  )
  return chart(
    words,
    verticalAxis(y, up),
    horizontalTicks(across, named ? distinctX(points) : across.ticks),
    baseLine(x.label),
    ...visible.map((one, at) => drawSeries(one, at, across, up)),
    endLabels(visible, across, up),
  )
}

function drawable(point: Point, x: Axis, y: Axis): boolean {
  const fits = (value: number, axis: Axis): boolean =>
    Number.isFinite(value) && (axis.kind !== 'log' || value > 0)
  return fits(point.x, x) && fits(point.y, y)
}

const distinctX = (points: readonly Point[]): readonly number[] => [...new Set(points.map(({ x }) => x))]

/** Few distinct values name themselves; many are named by round numbers. */
const namesItself = (points: readonly Point[]): boolean => distinctX(points).length <= 8

function horizontalTicks(across: Scale, ticks: readonly number[]): string {
  return ticks
    .map(tick => {
      const x = across.at(tick)
      return (
        element('line', { x1: x, x2: x, y1: AREA.bottom, y2: AREA.bottom + 5, class: 'axis' }) +
        text(tickText(tick), { x, y: AREA.bottom + 19, 'text-anchor': 'middle' })
      )
    })
    .join('')
}

function drawSeries({ name, points }: Series, at: number, across: Scale, up: Scale): string {
  const path = points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${across.at(x).toFixed(1)} ${up.at(y).toFixed(1)}`)
    .join('')
  const dashes = at >= COLOURS ? '5 3' : undefined
  return element(
    'g',
    { class: `s${at % COLOURS}` },
    element('path', { d: path, class: 'line', 'stroke-dasharray': dashes }),
    ...points.map((point, index) => {
      const isMarked = index % Math.ceil(points.length / MARKS_MAX) === 0 || index === points.length - 1
      return errorBar(point, across, up) + (isMarked ? pointMark(name, point, at, across, up) : '')
    }),
  )
}

/** More marks than this would hide the line. */
const MARKS_MAX = 24

function errorBar({ x, min, max }: Point, across: Scale, up: Scale): string {
  if (!shown(min) || !shown(max) || min === max) return ''
  const place = across.at(x)
  return element('path', {
    d: `M${place - 4} ${up.at(min)}h8M${place} ${up.at(min)}V${up.at(max)}m-4 0h8`,
    class: 'line bar',
  })
}

function pointMark(name: string, point: Point, at: number, across: Scale, up: Scale): string {
  const { x, y, min, max, label } = point
  const spreadText = shown(min) && shown(max) && min !== max ? ` (${tickText(min)} to ${tickText(max)})` : ''
  const said = `${name}: ${tickText(x)}, ${tickText(y)}${spreadText}${label === undefined ? '' : `, ${label}`}`
  return mark(at, across.at(x), up.at(y), tooltip(said))
}

function endLabels(series: readonly Series[], across: Scale, up: Scale): string {
  const ends = series.map(({ points }) => points.at(-1) as Point)
  const heights = spread(
    ends.map(({ y }) => up.at(y)),
    { gap: 15, top: AREA.top, bottom: AREA.bottom },
  )
  return series
    .map(({ name }, at) => {
      const [from, y] = [ends[at] as Point, heights[at] as number]
      const line = `M${across.at(from.x) + 5} ${up.at(from.y)}L${AREA.right + 10} ${y}`
      return (
        element('path', { d: line, class: 'grid', fill: 'none' }) +
        element('g', { class: `s${at % COLOURS}` }, mark(at, AREA.right + 16, y)) +
        text(name, { x: AREA.right + 24, y: y + 4 })
      )
    })
    .join('')
}

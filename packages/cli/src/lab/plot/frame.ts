/**
 * What every chart stands in: a title, two axes, a grid.
 */
import { type Scale, type ScaleKind, scaleOf, tickText } from './scale.js'
import { drawing, element, escaped, text } from './svg.js'

/** One axis. */
export interface Axis {
  readonly label: string
  readonly kind?: ScaleKind
}

/** What any chart says beside its figures. */
export interface ChartWords {
  readonly title: string
  /** One sentence on what the figures are and how they were taken; it stands below the title. */
  readonly note: string
}

/** Where the figures go. */
export interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The size of all charts, in pixels at its natural size. */
export const WIDTH = 760
export const HEIGHT = 420

/** The place between the axes; names of series stand right of it. */
export const AREA: Area = { left: 62, right: 590, top: 82, bottom: 368 }

/** A value that a chart can show, undefined where it was not measured. */
export const shown = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value)

/** The scale of a vertical axis over these values. */
export const verticalScale = (axis: Axis, values: readonly number[]): Scale =>
  scaleOf({ kind: axis.kind ?? 'linear', values, from: AREA.bottom, to: AREA.top })

/** The marks and lines of a vertical axis. */
export const verticalAxis = (axis: Axis, scale: Scale): string =>
  [
    ...scale.ticks.map(tick => {
      const y = scale.at(tick)
      return (
        element('line', { x1: AREA.left, x2: AREA.right, y1: y, y2: y, class: 'grid' }) +
        text(tickText(tick), { x: AREA.left - 8, y: y + 4, 'text-anchor': 'end' })
      )
    }),
    text(axis.label, { x: AREA.left - 50, y: AREA.top - 16, class: 'quiet' }),
  ].join('')

/** The line below everything, and what runs along it. */
export const baseLine = (label: string): string =>
  element('line', { x1: AREA.left, x2: AREA.right, y1: AREA.bottom, y2: AREA.bottom, class: 'axis' }) +
  text(label, {
    x: (AREA.left + AREA.right) / 2,
    y: AREA.bottom + 38,
    'text-anchor': 'middle',
    class: 'quiet',
  })

/** A whole chart from its content. */
export const chart = ({ title, note }: ChartWords, ...content: readonly string[]): string =>
  drawing(
    { width: WIDTH, height: HEIGHT, title, description: note },
    text(title, { x: 12, y: 22, class: 'title' }),
    noteLine(note),
    ...content,
  )

/** As much of the note as the width holds; the whole of it is the description of the drawing. */
const noteLine = (note: string): string => {
  const shortened = note.length > NOTE_MAX ? `${note.slice(0, NOTE_MAX - 1).trimEnd()}…` : note
  return element('text', { x: 12, y: 40, class: 'quiet' }, escaped(shortened))
}

const NOTE_MAX = 118

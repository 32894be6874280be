import { COLOURS, element } from './svg.js'

const SHAPES = [
  (x: number, y: number) => `M${x - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`,
  (x: number, y: number) => `M${x - 3.2} ${y - 3.2}h6.4v6.4h-6.4z`,
  (x: number, y: number) => `M${x} ${y - 4}l4 7h-8z`,
  (x: number, y: number) => `M${x} ${y - 4.4}l4 4.4l-4 4.4l-4 -4.4z`,
  (x: number, y: number) => `M${x} ${y + 4}l4 -7h-8z`,
]

/** The mark of a series: neither colour alone nor shape alone tells two apart, so that nobody has to see both. */
export function mark(series: number, x: number, y: number, content = ''): string {
  const shape = SHAPES[series % SHAPES.length] as (typeof SHAPES)[number]
  return element('path', { d: shape(round(x), round(y)), class: `f${series % COLOURS}` }, content)
}

const round = (value: number): number => Math.round(value * 10) / 10

import { describe, expect, test } from 'vitest'
import { barChart } from '../../src/lab/plot/bar-chart.js'
import { spread } from '../../src/lab/plot/labels.js'
import { lineChart } from '../../src/lab/plot/line-chart.js'
import { linearTicks, logTicks, scaleOf, tickText } from '../../src/lab/plot/scale.js'
import { escaped } from '../../src/lab/plot/svg.js'

const words = { title: 'A title', note: 'How it was taken.' }

/** All numbers that a drawing places something at. */
const places = (svg: string): readonly number[] =>
  [...svg.matchAll(/ (?:x|y|x1|x2|y1|y2|width|height|d)="([^"]*)"/g)].flatMap(([, value = '']) =>
    (value.match(/-?\d+(\.\d+)?/g) ?? []).map(Number),
  )

describe('axes', () => {
  test.each([
    [
      [3, 7],
      [0, 2, 4, 6, 8],
    ],
    [
      [0.02, 0.05],
      [0, 0.01, 0.02, 0.03, 0.04, 0.05],
    ],
    [[1000], [0, 200, 400, 600, 800, 1000]],
    [[], [0, 1]],
    [
      [-3, 4],
      [-4, -2, 0, 2, 4],
    ],
  ])('a linear axis over %j is named at %j', (values, ticks) => {
    expect(linearTicks(values)).toEqual(ticks)
  })

  test.each([
    [
      [1, 100_000],
      [1, 10, 100, 1_000, 10_000, 100_000],
    ],
    [
      [4, 16],
      [2, 5, 10, 20],
    ],
    [[10], [10, 20]],
    [[], [1, 10]],
  ])('a log axis over %j is named at %j', (values, ticks) => {
    expect(logTicks(values)).toEqual(ticks)
  })

  test('every value lies between the ends of its axis, and greater values further', () => {
    for (const kind of ['linear', 'log'] as const) {
      const values = [0.3, 4, 17, 5_000]
      const scale = scaleOf({ kind, values, from: 0, to: 100 })
      const at = values.map(value => scale.at(value))
      expect([...at].sort((a, b) => a - b)).toEqual(at)
      expect(at.every(place => place >= 0 && place <= 100)).toBe(true)
    }
  })

  test('numbers are named in at most three digits', () => {
    expect([0.1234, 12, 999, 12_345, 2_500_000, 7.1e9].map(tickText)).toEqual([
      '0.123',
      '12',
      '999',
      '12.3k',
      '2.5M',
      '7.1G',
    ])
  })
})

describe('charts', () => {
  const series = [
    {
      name: 'one',
      points: [
        { x: 4, y: 10, min: 8, max: 12 },
        { x: 7, y: 40 },
      ],
    },
    {
      name: 'two',
      points: [
        { x: 4, y: 11 },
        { x: 7, y: 41 },
      ],
    },
  ]

  test('a chart has its title, its axes, each series by name at its end, and error bars', () => {
    const svg = lineChart({ ...words, x: { label: 'n', kind: 'log' }, y: { label: 'ms' }, series })
    for (const text of [
      'A title',
      'How it was taken.',
      '>n<',
      '>ms<',
      '>one<',
      '>two<',
      'one: 4, 10 (8 to 12)',
    ])
      expect(svg).toContain(text)
    expect(svg.match(/class="line bar"/g)).toHaveLength(1)
  })

  test('points without a finite place are left out, and no place is ever undefined', () => {
    const holes = [
      {
        name: 'holes',
        points: [
          { x: 0, y: 5 },
          { x: 4, y: Number.NaN },
          { x: 4, y: 0 },
          { x: 7, y: 3 },
        ],
      },
    ]
    for (const kind of ['linear', 'log'] as const) {
      const svg = lineChart({
        ...words,
        x: { label: 'n', kind },
        y: { label: 'ms', kind },
        series: [...holes, { name: 'empty', points: [] }],
      })
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      expect(svg).not.toContain('>empty<')
    }
    expect(lineChart({ ...words, x: { label: 'n' }, y: { label: 'ms' }, series: [] })).not.toMatch(
      /NaN|Infinity/,
    )
  })

  test('everything stays within the drawing', () => {
    const many = Array.from({ length: 14 }, (_, at) => ({
      name: `series ${at}`,
      points: [
        { x: 1, y: at },
        { x: 1_000, y: at / 100 },
      ],
    }))
    const groups = Array.from({ length: 9 }, (_, at) => ({
      name: `a rather long name ${at}`,
      bars: [{ series: 'a', value: at, min: 0, max: 2 * at }],
    }))
    const drawings = [
      lineChart({ ...words, x: { label: 'n', kind: 'log' }, y: { label: 'ms' }, series: many }),
      barChart({ ...words, x: 'group', y: { label: 'rounds' }, groups }),
    ]
    for (const svg of drawings)
      for (const place of places(svg)) expect(Math.abs(place)).toBeLessThanOrEqual(760)
  })

  test('names at the ends do not cover each other', () => {
    const heights = spread([100, 101, 102, 360, 361], { gap: 15, top: 60, bottom: 368 })
    const sorted = [...heights].sort((a, b) => a - b)
    sorted.slice(1).forEach((height, at) => {
      expect(height - (sorted[at] as number)).toBeGreaterThanOrEqual(15)
    })
    expect(Math.max(...heights)).toBeLessThanOrEqual(368)
  })

  test('parts of a whole stand on each other, and need a linear axis', () => {
    const groups = [
      {
        name: 'g',
        bars: [
          { series: 'a', value: 60 },
          { series: 'b', value: 40 },
        ],
      },
    ]
    const svg = barChart({ ...words, x: 'x', y: { label: '%' }, groups, stacked: true })
    const heights = [...svg.matchAll(/<rect[^>]*y="([\d.]+)"[^>]*height="([\d.]+)"/g)].map(
      ([, y, height]) => [Number(y), Number(height)],
    )
    const [[upper = 0] = [], [lower = 0, height = 0] = []] = [heights[0], heights[1]]
    expect(lower + height).toBeCloseTo(upper, 0)
    expect(() =>
      barChart({ ...words, x: 'x', y: { label: '%', kind: 'log' }, groups, stacked: true }),
    ).toThrow(RangeError)
  })

  test('what is written in it cannot become markup', () => {
    const svg = lineChart({
      title: '<script>',
      note: 'a "b" & c',
      x: { label: '</svg>' },
      y: { label: 'y' },
      series,
    })
    expect(svg).not.toContain('<script>')
    expect(svg.match(/<\/svg>/g)).toHaveLength(1)
    expect(escaped('<&">')).toBe('&lt;&amp;&quot;&gt;')
  })

  test('the same figures give the same drawing, and nothing in it is loaded from elsewhere', () => {
    const draw = () => lineChart({ ...words, x: { label: 'n' }, y: { label: 'ms' }, series })
    expect(draw()).toBe(draw())
    expect(draw().replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|href/)
    expect(draw()).toContain('prefers-color-scheme:dark')
  })
})

/**
 * Elements of a drawing, as text: escaped, in the order given, without anything from outside.
 */

/** What an attribute holds; undefined leaves it out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** One element with its content, which is markup already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? place(value) : String(value))}"`)
  const inner = content.join('')
  return inner === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${inner}</${name}>`
}

/** Text as markup that shows it. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** A line of text in a drawing. */
export const text = (words: string, attributes: Attributes): string =>
  element('text', attributes, escaped(words))

/** What a reader sees who points at something, and what a screen reader says. */
export const tooltip = (words: string): string => element('title', {}, escaped(words))

/** A tenth of a pixel is fine enough, and keeps drawings equal between machines. */
const place = (value: number): string => String(Math.round(value * 10) / 10)

/** What all drawings wear: it follows the reader's choice of light or dark, also in a file of its own. */
const STYLE = `
.mc-figure{font:12px system-ui,sans-serif;color:#1b1f24;background:#fff}
.mc-figure text{fill:currentColor}
.mc-figure .quiet{opacity:.72}
.mc-figure .title{font-size:14px;font-weight:600}
.mc-figure .grid{stroke:currentColor;stroke-opacity:.14}
.mc-figure .axis{stroke:currentColor;stroke-opacity:.6}
.mc-figure .line{fill:none;stroke-width:1.8}
.mc-figure .bar{stroke-width:1;stroke-opacity:.55}
${[
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff8c42'],
  ['#00795a', '#2bc49a'],
  ['#a3518a', '#e29ac8'],
  ['#8a6d00', '#e6c229'],
  ['#3f51b5', '#9fa8ff'],
  ['#b3261e', '#ff8a80'],
  ['#5f6368', '#bdc1c6'],
]
  .flatMap(([light], at) => [`.mc-figure .s${at}{stroke:${light}}`, `.mc-figure .f${at}{fill:${light}}`])
  .join('\n')}
@media (prefers-color-scheme:dark){
.mc-figure{color:#e6e8ea;background:#15181c}
${['#56b4e9', '#ff8c42', '#2bc49a', '#e29ac8', '#e6c229', '#9fa8ff', '#ff8a80', '#bdc1c6']
  .flatMap((dark, at) => [`.mc-figure .s${at}{stroke:${dark}}`, `.mc-figure .f${at}{fill:${dark}}`])
  .join('\n')}
}`

/** How many colours there are; further series repeat them with another mark and another line. */
export const COLOURS = 8

/** A whole drawing. `title` and `description` are what somebody hears who does not see it. */
export function drawing(
  { width, height, title, description }: Drawing,
  ...content: readonly string[]
): string {
  const label = { role: 'img', 'aria-label': `${title}. ${description}` }
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, class: 'mc-figure', ...label },
    element('style', {}, STYLE),
    tooltip(title),
    element('desc', {}, escaped(description)),
    ...content,
  )
}

/** The frame of a drawing. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly description: string
}

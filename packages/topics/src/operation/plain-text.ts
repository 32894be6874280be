/**
 * What people may write where others must be able to trust what they see: titles and texts.
 *
 * The tables stand here, in numbers: what an engine calls a letter changes with its version, and all members must agree.
 */

type Ranges = readonly (readonly [first: number, last: number])[]

/** Controls, and the two separators that break lines where no line should break. */
const CONTROLS: Ranges = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x2028, 0x2029],
]

/** What turns the reading direction around: marks, embeddings, overrides, isolates. */
const DIRECTIONS: Ranges = [
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
]

/** Embeddings and overrides reach beyond their text; isolates do not. */
const OVERRIDES: Ranges = [[0x202a, 0x202e]]

/** What nobody sees, so that two titles look alike: soft hyphen, fillers, zero-width spaces, tags, private use. */
const INVISIBLE: Ranges = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200b],
  [0x2060, 0x2065],
  [0x206a, 0x206f],
  [0x3164, 0x3164],
  [0xe000, 0xf8ff],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0x10ffff],
]

const COMBINING: Ranges = [
  [0x0300, 0x036f],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
]

/** Scripts whose letters are taken for one another. */
const LOOKALIKES: readonly { readonly name: string; readonly ranges: Ranges }[] = [
  {
    name: 'Latin',
    ranges: [
      [0x41, 0x5a],
      [0x61, 0x7a],
      [0xc0, 0xd6],
      [0xd8, 0xf6],
      [0xf8, 0x024f],
      [0x0250, 0x02af],
      [0x1e00, 0x1eff],
      [0xff21, 0xff3a],
      [0xff41, 0xff5a],
    ],
  },
  {
    name: 'Greek',
    ranges: [
      [0x0370, 0x03ff],
      [0x1f00, 0x1fff],
    ],
  },
  {
    name: 'Cyrillic',
    ranges: [
      [0x0400, 0x052f],
      [0x1c80, 0x1c8f],
      [0xa640, 0xa69f],
    ],
  },
  { name: 'Armenian', ranges: [[0x0530, 0x058f]] },
  {
    name: 'Cherokee',
    ranges: [
      [0x13a0, 0x13ff],
      [0xab70, 0xabbf],
    ],
  },
]

/** Accents on one letter, at most: more pile up over the lines above. */
const COMBINING_MAX = 3

const isIn = (ranges: Ranges, point: number): boolean =>
  ranges.some(([first, last]) => point >= first && point <= last)

const named = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`

/**
 * What is wrong with a title, or nothing.
 *
 * One line, not empty, no space around it; no controls, no change of direction, nothing invisible, and no word in which letters
 * of scripts that look alike stand side by side.
 */
export function flawOfTitle(title: string): string | undefined {
  if (title.length === 0) return 'a title is not empty'
  if (title !== title.trim() || /\s\s/.test(title)) return 'a title has single spaces, and none around it'
  return flawOfCharacters(title, [CONTROLS, DIRECTIONS, INVISIBLE]) ?? flawOfWords(title)
}

/** What is wrong with a text, or nothing: line feeds and tabs are welcome, other controls and overrides of direction are not. */
export function flawOfText(text: string): string | undefined {
  return flawOfCharacters(text.replaceAll(/[\n\t]/g, ' '), [CONTROLS, OVERRIDES])
}

function flawOfCharacters(text: string, forbidden: readonly Ranges[]): string | undefined {
  let combining = 0
  for (const character of text) {
    const point = character.codePointAt(0) as number
    // Nothing is forbidden of what every keyboard has, and nearly all that is written in some languages is nothing else.
    if (point >= 0x20 && point <= 0x7e) {
      combining = 0
      continue
    }
    if (forbidden.some(ranges => isIn(ranges, point))) return `${named(point)} may not stand here`
    combining = isIn(COMBINING, point) ? combining + 1 : 0
    if (combining > COMBINING_MAX) return `more than ${COMBINING_MAX} accents on one letter`
  }
  return undefined
}

// Half of a word in another alphabet is how "раураl" is made; a word of one alphabet beside a word of another is how people write.
function flawOfWords(title: string): string | undefined {
  let script: string | undefined
  for (const character of title) {
    const point = character.codePointAt(0) as number
    const joins = point === 0x200c || point === 0x200d
    const found = LOOKALIKES.find(({ ranges }) => isIn(ranges, point))?.name
    if (joins && script !== undefined) return `${named(point)} may not stand in a word of ${script} letters`
    if (found !== undefined && script !== undefined && found !== script) {
      return `${script} and ${found} letters in one word`
    }
    script = found ?? (isIn(COMBINING, point) ? script : undefined)
  }
  return undefined
}

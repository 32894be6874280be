import { printable } from './printable.js'

/** Rows of name and value for people; what is not ours to trust is made harmless. */
export const table = (rows: readonly (readonly [name: string, value: unknown])[]): string => {
  const width = Math.max(...rows.map(([name]) => columns(name))) + 2
  return rows
    .map(([name, value]) => `${name}${' '.repeat(width - columns(name))}${printable(String(value))}\n`)
    .join('')
}

/** Columns that a text takes on a terminal: characters of Chinese, Japanese and Korean take two. */
export const columns = (text: string): number =>
  [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0)

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

/** Writes a result to standard output: one JSON object, or the text for people. */
export function answer(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text)
}

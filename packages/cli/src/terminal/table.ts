import { printable } from './printable.js'

/** Rows of name and value for people; what is not ours to trust is made harmless. */
export const table = (rows: readonly (readonly [name: string, value: unknown])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, value]) => `${name.padEnd(width)}${printable(String(value))}\n`).join('')
}

/** Writes a result to standard output: one JSON object, or the text for people. */
export function answer(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text)
}

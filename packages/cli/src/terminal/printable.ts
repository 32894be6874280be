/**
 * Text from others on a terminal: nothing in it may move the cursor, colour the screen, or turn the direction of writing.
 */

/** Control characters, and those of format: they are not seen, or change the direction of text. */
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** The text with every such character written as its number, `\u{1b}`. */
export const printable = (text: string): string =>
  text.replace(DANGEROUS, character => `\\u{${(character.codePointAt(0) as number).toString(16)}}`)

/** As `printable`, but lines stay lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

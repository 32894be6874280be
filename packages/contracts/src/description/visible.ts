/**
 * Text of others with its invisible characters made visible: no line that looks like one of ours, no letters that run backwards.
 */

/** The text with control characters, format characters and line separators written as escapes. */
export const visible = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    character => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  )

/**
 * What people say: short things in the operation itself, long ones by the address of their content.
 */
import { bytes, type Codec, DecodeError, list, mapped, struct, text, union } from '@mc/protocol/wire'
import { flawOfText, flawOfTitle } from './plain-text.js'

/** Longest title in bytes of UTF-8. */
export const TITLE_BYTES_MAX = 256

/** Longest text that stands in an operation; a longer one is named by its CID. */
export const TEXT_BYTES_MAX = 32_768

/** Longest comment. */
export const COMMENT_BYTES_MAX = 8_192

/** Longest binary CID. */
export const CID_BYTES_MAX = 64

/** A text, or where it is. */
export type Content =
  | { readonly type: 'inline'; readonly text: string }
  | { readonly type: 'cid'; readonly cid: Uint8Array }

/** A text in a language, by its BCP 47 tag. */
export interface LocalText {
  readonly language: string
  readonly text: string
}

const checked = (codec: Codec<string>, flawOf: (text: string) => string | undefined): Codec<string> => {
  const same = (value: string): string => {
    const flaw = flawOf(value)
    if (flaw !== undefined) throw new DecodeError(flaw)
    return value
  }
  return mapped(codec, { to: same, from: same })
}

/** A title by the rules of `flawOfTitle`. Encoding one that breaks them throws a DecodeError too. */
export const title: Codec<string> = checked(text({ bytesMax: TITLE_BYTES_MAX }), flawOfTitle)

/** A text by the rules of `flawOfText`. */
export const plainText = (bytesMax: number): Codec<string> => checked(text({ bytesMax }), flawOfText)

/** A binary CID. Whether it is one is up to whoever fetches it. */
export const cid: Codec<Uint8Array> = bytes({ max: CID_BYTES_MAX })

/** The codec of `Content`. */
export const content: Codec<Content> = union({ inline: { text: plainText(TEXT_BYTES_MAX) }, cid: { cid } })

/** Titles in up to eight languages; the first is authoritative. */
export const titles: Codec<readonly LocalText[]> = list(
  struct({ language: text({ bytesMax: 35 }), text: title }),
  { max: 8 },
)

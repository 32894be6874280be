/** What people write: titles and texts by the rules that everybody's follow, said before anything is signed. */
import { type Content, flawOfText, flawOfTitle, TEXT_BYTES_MAX, TITLE_BYTES_MAX } from '@mc/topics'
import { CommandError } from '../terminal/failure.js'
import { textIn } from './action-json.js'

/** The flags of a text. */
export interface TextFlags {
  readonly text?: string
  readonly textFile?: string
}

/** A title as it is, in one normal form. @throws CommandError with what is wrong with it. */
export function titleFrom(text: string): string {
  const title = text.normalize('NFC')
  return checked('title', title, flawOfTitle(title), TITLE_BYTES_MAX)
}

/** A text, or that of a file. @throws CommandError with what is wrong with it. */
export async function contentFrom({ text, textFile }: TextFlags): Promise<Content> {
  const given = textFile === undefined ? (text ?? '') : await textIn(textFile)
  return { type: 'inline', text: plainFrom(given, TEXT_BYTES_MAX) }
}

/** A text of at most so many bytes, in one normal form. @throws CommandError with what is wrong with it. */
export function plainFrom(given: string, bytesMax: number): string {
  const text = given.normalize('NFC')
  return checked('text', text, flawOfText(text), bytesMax)
}

function checked(field: 'title' | 'text', text: string, flaw: string | undefined, bytesMax: number): string {
  const bytes = Buffer.byteLength(text)
  const reason = flaw ?? (bytes > bytesMax ? `${bytes} bytes, need at most ${bytesMax}` : undefined)
  if (reason === undefined) return text
  throw new CommandError(`input/${field}`, `${field}: ${reason}`, { field })
}

/**
 * Words for people: two syllables each, 12 bits, pronounceable alike in most languages, and made by a rule instead of a list.
 *
 * A syllable is one of 16 consonants and one of 4 vowels, 6 bits. Any letter that is misread gives another word or none.
 */

const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aiou'

/** Bits that a word stands for. */
export const WORD_BITS = 12

/** The word of a number 0 … 4,095. */
export const wordOf = (value: number): string => syllable(value >> 6) + syllable(value & 0x3f)

/** The number of a word, in any case of letters; undefined if it is none. */
export function wordValue(word: string): number | undefined {
  const letters = word.toLowerCase()
  if (letters.length !== 4) return undefined
  const [high, low] = [syllableValue(letters.slice(0, 2)), syllableValue(letters.slice(2))]
  return high < 0 || low < 0 ? undefined : (high << 6) | low
}

/** The first `count` words of these bytes. @throws RangeError if there are too few bytes. */
export function wordsOf(bytes: Uint8Array, count: number): readonly string[] {
  if (bytes.length * 8 < count * WORD_BITS)
    throw new RangeError(`words: ${bytes.length} bytes for ${count} words`)
  return Array.from({ length: count }, (_, index) => {
    const at = (index * WORD_BITS) >> 3
    const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
    return wordOf(index % 2 === 0 ? pair >> 4 : pair & 0xfff)
  })
}

const syllable = (value: number): string => `${CONSONANTS[value >> 2]}${VOWELS[value & 3]}`

function syllableValue(letters: string): number {
  const [consonant, vowel] = [CONSONANTS.indexOf(letters[0] as string), VOWELS.indexOf(letters[1] as string)]
  return consonant < 0 || vowel < 0 ? -1 : (consonant << 2) | vowel
}

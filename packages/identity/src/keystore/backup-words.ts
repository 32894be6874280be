/**
 * A secret key as 24 words: 256 bits and a check of 32. Whoever has the words has the key.
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { secretScalar } from '../identity-crypto.js'
import { wordsOf, wordValue } from './words.js'

/** How many words a backup has. */
export const BACKUP_WORDS = 24

/** The words of a secret key. @throws RangeError unless it is a scalar 1 … order − 1. */
export function backupWords(secretKey: Uint8Array, sha256: Sha256): readonly string[] {
  secretScalar(secretKey)
  return wordsOf(Uint8Array.from([...secretKey, ...checkOf(secretKey, sha256)]), BACKUP_WORDS)
}

/** A key that words gave back, or what is wrong: a word that is none, their number, or the check. */
export type RestoredKey =
  | { readonly secretKey: Uint8Array }
  | { readonly wrong: 'word'; readonly at: number }
  | { readonly wrong: 'count' | 'check' }

/** The key of these words, in any case and with any space between. A mistake passes with a chance of 2^−32. Total. */
export function restoreFromWords(text: string, sha256: Sha256): RestoredKey {
  const words = text.trim().split(/\s+/)
  const values = words.map(wordValue)
  const at = values.indexOf(undefined)
  if (at >= 0) return { wrong: 'word', at }
  if (words.length !== BACKUP_WORDS) return { wrong: 'count' }
  const bytes = bytesOf(values as readonly number[])
  const secretKey = bytes.slice(0, 32)
  return equalBytes(checkOf(secretKey, sha256), bytes.subarray(32)) ? { secretKey } : { wrong: 'check' }
}

const checkOf = (secretKey: Uint8Array, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/backup/v1', secretKey).subarray(0, 4)

/** Two words are three bytes. */
const bytesOf = (values: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: (values.length * 3) / 2 }, (_, at) => {
    const pair =
      ((values[2 * Math.floor(at / 3)] as number) << 12) | (values[2 * Math.floor(at / 3) + 1] as number)
    return (pair >> (16 - 8 * (at % 3))) & 0xff
  })

import { createHash, hash } from 'node:crypto'
import { DIGEST_BYTES, type Sha256 } from '../sha256.js'

/** Up to here copying the parts together is cheaper than the set-up of an incremental hash. */
const ONE_SHOT_BYTES_MAX = 4_096

/**
 * SHA-256 by node:crypto.
 *
 * A short input is joined in a reusable buffer and hashed in one native call. The digest is taken as a string of
 * one character per byte, because making a buffer in native code costs more than twice the hash of a short input.
 */
export function nodeSha256(): Sha256 {
  const joined = new Uint8Array(ONE_SHOT_BYTES_MAX)
  return (...parts) => {
    let length = 0
    for (const part of parts) length += part.length
    if (parts.length === 1) return bytesOf(hash('sha256', parts[0] as Uint8Array, 'binary'))
    if (length > ONE_SHOT_BYTES_MAX) return incremental(parts)
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return bytesOf(hash('sha256', joined.subarray(0, length), 'binary'))
  }
}

function incremental(parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash('sha256')
  for (const part of parts) state.update(part)
  return bytesOf(state.digest('binary'))
}

function bytesOf(characters: string): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES)
  for (let at = 0; at < DIGEST_BYTES; at += 1) digest[at] = characters.charCodeAt(at)
  return digest
}

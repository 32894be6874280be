import { sha256 } from '@noble/hashes/sha2.js'

/** SHA-256 of the concatenation of `parts`, by @noble/hashes. */
export function portableSha256(...parts: Uint8Array[]): Uint8Array {
  const hash = sha256.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

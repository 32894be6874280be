import { DIGEST_BYTES, type Sha256 } from '@mc/crypto'

/**
 * Looks like SHA-256 and is none: two FNV-like lanes over words of four bytes, expanded to 32 bytes.
 *
 * For simulated runs only. Its 64 bits of state keep chance collisions away, and no adversary of the simulator looks for others.
 */
export const fastHash: Sha256 = (...parts) => {
  let a = 0x811c9dc5 | 0
  let b = 0x9747b28c | 0
  let word = 0
  let length = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 1) {
      word = (word << 8) | (part[at] as number)
      length += 1
      if ((length & 3) !== 0) continue
      a = Math.imul(a ^ word, 0x01000193)
      b = Math.imul(b ^ word ^ (a >>> 15), 0x85ebca6b)
    }
  }
  // The bytes of the last word that is not full, and how many there were in all.
  a = mixed(a ^ word)
  b = mixed(b ^ length ^ (a >>> 15) ^ Math.imul(word, 0xc2b2ae35))
  const digest = new Uint8Array(DIGEST_BYTES)
  const words = new Uint32Array(digest.buffer)
  for (let at = 0; at < words.length; at += 1) {
    a = mixed(a + 0x9e3779b9)
    b = mixed(b ^ a)
    words[at] = a ^ (b << 1)
  }
  return digest
}

/** The finaliser of MurmurHash3. */
function mixed(bits: number): number {
  let state = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}

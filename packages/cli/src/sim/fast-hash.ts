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
    let at = 0
    while (at < part.length) {
      // Whole words at a time, but for those that begin in one part and end in another.
      if ((length & 3) === 0 && at + 4 <= part.length) {
        word =
          ((part[at] as number) << 24) |
          ((part[at + 1] as number) << 16) |
          ((part[at + 2] as number) << 8) |
          (part[at + 3] as number)
        at += 4
        length += 4
      } else {
        word = (word << 8) | (part[at] as number)
        at += 1
        length += 1
        if ((length & 3) !== 0) continue
      }
      a = Math.imul(a ^ word, 0x01000193)
      b = Math.imul(b ^ word ^ (a >>> 15), 0x85ebca6b)
    }
  }
  // The bytes of the last word that is not full, and how many there were in all.
  a = mixed(a ^ word)
  b = mixed(b ^ length ^ (a >>> 15) ^ Math.imul(word, 0xc2b2ae35))
  for (let at = 0; at < WORDS.length; at += 1) {
    a = mixed(a + 0x9e3779b9)
    b = mixed(b ^ a)
    WORDS[at] = a ^ (b << 1)
  }
  return DIGEST.slice()
}

/** Where a digest is put together: a fresh one is copied from it, since asking a fresh one for its words costs ten times as much. */
const WORDS = new Uint32Array(DIGEST_BYTES / 4)
const DIGEST = new Uint8Array(WORDS.buffer)

/** The finaliser of MurmurHash3. */
function mixed(bits: number): number {
  let state = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}

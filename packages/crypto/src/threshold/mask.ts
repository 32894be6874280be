import { seededRng } from '../seeded-rng.js'
import type { Sha256 } from '../sha256.js'

/** Masks and unmasks: bytes ⊕ the stream of hashes of a key. A key serves one message. */
export function masked(bytes: Uint8Array, key: Uint8Array, sha256: Sha256): Uint8Array {
  const stream = seededRng(key, sha256).bytes(bytes.length)
  return stream.map((byte, at) => byte ^ (bytes[at] as number))
}

/**
 * Hashes with a purpose: the domain and the length of each part are hashed too.
 *
 * So two purposes never share a digest, and no byte can wander from one part to the next.
 */
import { utf8 } from '@mc/protocol/wire'
import type { Sha256 } from './sha256.js'

/**
 * SHA-256(u32be(|domain|) ‖ domain ‖ u32be(|part 1|) ‖ part 1 ‖ …).
 *
 * @throws RangeError if `domain` is empty or holds anything but printable ASCII.
 */
export function domainHash(sha256: Sha256, domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return domainHasher(sha256, domain)(...parts)
}

/**
 * The same with the domain, and the first parts where they stay the same, encoded once: for hot paths.
 *
 * @throws RangeError if `domain` is empty or holds anything but printable ASCII.
 */
export function domainHasher(
  sha256: Sha256,
  domain: string,
  ...first: readonly Uint8Array[]
): (...parts: readonly Uint8Array[]) => Uint8Array {
  if (!/^[\x20-\x7e]+$/.test(domain)) {
    throw new RangeError(`domainHash: need a domain of printable ASCII, got ${JSON.stringify(domain)}`)
  }
  const before = joined([utf8(domain), ...first].flatMap(withLength))
  // Hot paths hash single parts of equal length again and again: what stands before them stays the same.
  let single = { length: -1, prefix: before }
  return (...parts) => {
    const [part] = parts
    if (part === undefined || parts.length > 1) return sha256(before, ...parts.flatMap(withLength))
    if (single.length !== part.length) {
      single = { length: part.length, prefix: joined([before, u32be(part.length)]) }
    }
    return sha256(single.prefix, part)
  }
}

const withLength = (part: Uint8Array): readonly Uint8Array[] => [u32be(part.length), part]

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function u32be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

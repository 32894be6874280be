/**
 * Dealing people and proposals: sort by a hash that nobody could foresee, and deal.
 *
 * @see topics.md, section 9
 */
import { compareBytes, domainHash, domainHasher, type Sha256 } from '@mc/crypto'

/** An element with its rank. */
interface Ranked {
  readonly id: Uint8Array
  readonly rank: Uint8Array
}

/** How many meetings, and how many elements each of them has: those with one more come first. */
export function splitSizes(count: number, capacity: number): readonly number[] {
  const meetings = Math.ceil(count / capacity)
  const larger = count % Math.max(1, meetings)
  const size = Math.floor(count / Math.max(1, meetings))
  return Array.from({ length: meetings }, (_, at) => (at < larger ? size + 1 : size))
}

/** The elements in the order of H('mc/split/v1', seed, id), then of the id. */
export function ranked(ids: readonly Uint8Array[], seed: Uint8Array, sha256: Sha256): readonly Uint8Array[] {
  const rankOf = domainHasher(sha256, 'mc/split/v1', seed)
  const elements: Ranked[] = ids.map(id => ({ id, rank: rankOf(id) }))
  elements.sort((left, right) => compareBytes(left.rank, right.rank) || compareBytes(left.id, right.id))
  return elements.map(({ id }) => id)
}

/** Groups of at most `capacity` elements, as equal as can be, in an order that the seed decides. */
export function partition(
  ids: readonly Uint8Array[],
  capacity: number,
  seed: Uint8Array,
  sha256: Sha256,
): readonly (readonly Uint8Array[])[] {
  const order = ranked(ids, seed, sha256)
  let from = 0
  return splitSizes(ids.length, capacity).map(size => {
    const group = order.slice(from, from + size)
    from += size
    return group
  })
}

/** The seed of a round's split: H('mc/split-seed/v1', R(h + δ), topic, u32 round). */
export const splitSeed = (beacon: Uint8Array, topic: Uint8Array, round: number, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/split-seed/v1', beacon, topic, u32(round))

/**
 * The meeting of a late joiner: the first 8 bytes of H('mc/late/v1', R(h + δ), topic, tag) mod g.
 *
 * A value in the last, incomplete stretch of g is drawn again, with a counter appended: no meeting is likelier than another.
 */
export function lateMeeting(
  beacon: Uint8Array,
  topic: Uint8Array,
  tag: Uint8Array,
  meetings: number,
  sha256: Sha256,
): number {
  const g = BigInt(meetings)
  const limit = (TWO_64 / g) * g
  for (let counter = 0; ; counter += 1) {
    const again = counter === 0 ? [] : [u32(counter)]
    const value = first8(domainHash(sha256, 'mc/late/v1', beacon, topic, tag, ...again))
    if (value < limit) return Number(value % g)
  }
}

/** The first eight bytes as a big-endian number. */
export function first8(hash: Uint8Array): bigint {
  let value = 0n
  for (const byte of hash.subarray(0, 8)) value = value * 256n + BigInt(byte)
  return value
}

/** Four bytes, big-endian. */
export const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

const TWO_64 = 2n ** 64n

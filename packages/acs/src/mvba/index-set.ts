/**
 * Sets of members on the wire: one bit each.
 */
import type { PeerIndex } from '@mc/protocol'
import { type Codec, codec, DecodeError } from '@mc/protocol/wire'

/** How many bytes a set of members takes among n. */
export const indexSetBytes = (n: number): number => Math.ceil(n / 8)

/**
 * Members of a committee of n, ascending: bit `index % 8` of byte `index / 8` is set for each. Bits over n − 1 are refused.
 *
 * Encoding throws a RangeError for a member outside 0..n − 1.
 */
export function indexSet(n: number): Codec<readonly PeerIndex[]> {
  const length = indexSetBytes(n)
  return codec<readonly PeerIndex[]>(
    (writer, members) => {
      const bits = new Uint8Array(length)
      for (const index of members) {
        if (!(index >= 0 && index < n)) throw new RangeError(`index set: need 0..${n - 1}, got ${index}`)
        bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
      }
      writer.raw(bits)
    },
    reader => {
      const bits = reader.raw(length)
      const members: PeerIndex[] = []
      for (let index = 0; index < 8 * length; index += 1) {
        if ((((bits[index >> 3] as number) >> (index & 7)) & 1) === 0) continue
        if (index >= n) throw new DecodeError(`member ${index} over ${n - 1}`)
        members.push(index as PeerIndex)
      }
      return members
    },
  )
}

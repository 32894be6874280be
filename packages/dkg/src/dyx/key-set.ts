/**
 * Which sharings a member has completed, as bits.
 */
import { type Committee, fPlus1, type PeerIndex } from '@mc/protocol'

/** One bit per member, the first in the lowest bit of the first byte. */
export function encodeKeySet({ n }: Committee, dealers: readonly PeerIndex[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(n / 8))
  for (const dealer of dealers) bits[dealer >> 3] = (bits[dealer >> 3] as number) | (1 << (dealer & 7))
  return bits
}

/** Total: undefined unless `bits` name more than f members and nobody else. */
export function decodeKeySet(committee: Committee, bits: Uint8Array): readonly PeerIndex[] | undefined {
  const dealers = committee.peers.filter(peer => ((bits[peer >> 3] ?? 0) >> (peer & 7)) & 1)
  const isCanonical = encodeKeySet(committee, dealers).every((byte, at) => byte === bits[at])
  const hasLength = bits.length === Math.ceil(committee.n / 8)
  return hasLength && isCanonical && dealers.length >= fPlus1(committee) ? dealers : undefined
}

import { type Domain, type PeerIndex, subdomain } from '@mc/protocol'
import { utf8, Writer } from '@mc/protocol/wire'

/**
 * What a ciphertext is bound to: the network, the epoch and whatever else the domain holds, and the proposer.
 *
 * So a ciphertext that was seen in one place is sound in no other: nobody can have a stranger's proposal opened as its own, or in
 * another epoch. Every part stands behind its kind and its length, so that different domains never give the same bytes.
 */
export function labelOf(domain: Domain, proposer: PeerIndex): Uint8Array {
  const writer = new Writer()
  for (const part of subdomain(domain, proposer)) {
    const bytes = utf8(String(part))
    writer.u8(typeof part === 'number' ? 0 : 1)
    writer.varint(bytes.length)
    writer.raw(bytes)
  }
  return writer.finish()
}

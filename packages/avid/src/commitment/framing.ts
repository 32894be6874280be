/**
 * How a payload becomes a block of k equal shards and back: a 4-byte big-endian length, the payload, zeros.
 */

const HEADER_BYTES = 4

/** The longest payload that the header can tell. */
export const PAYLOAD_BYTES_LIMIT = 0xffff_ffff

/** L = ⌈(4 + |M|) / k⌉: how long each shard of a payload is. */
export const shardBytes = (payloadBytes: number, k: number): number =>
  Math.ceil((HEADER_BYTES + payloadBytes) / k)

/** The block of a payload, in a new buffer of k · L bytes. */
export function frame(payload: Uint8Array, k: number): Uint8Array {
  const block = new Uint8Array(k * shardBytes(payload.length, k))
  new DataView(block.buffer).setUint32(0, payload.length)
  block.set(payload, HEADER_BYTES)
  return block
}

/**
 * The payload in a block, a view into it; `undefined` unless the block is exactly what `frame` makes of that payload.
 *
 * Nothing is stripped: the length is the header's, and it has to fit the block. So each payload has one block, and whoever
 * hides bytes in the padding has made something that decodes to nothing.
 */
export function unframe(block: Uint8Array, k: number): Uint8Array | undefined {
  if (block.length < HEADER_BYTES) return undefined
  const length = new DataView(block.buffer, block.byteOffset, block.length).getUint32(0)
  if (k * shardBytes(length, k) !== block.length) return undefined
  const end = HEADER_BYTES + length
  for (let at = end; at < block.length; at += 1) if (block[at] !== 0) return undefined
  return block.subarray(HEADER_BYTES, end)
}

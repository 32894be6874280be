/**
 * Export as CAR: blocks and payloads in a file that other IPFS tools read.
 */
import { blockLength, createWriter, headerLength } from '@ipld/car/buffer-writer'
import type { CID } from 'multiformats/cid'

/** Bytes and their name. */
export interface NamedBytes {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/** A CAR file with these roots and blocks, in memory. */
export function exportCar(roots: readonly CID[], blocks: readonly NamedBytes[]): Uint8Array {
  const size = blocks.reduce((sum, block) => sum + blockLength(block), headerLength({ roots: [...roots] }))
  const writer = createWriter(new ArrayBuffer(size), { roots: [...roots] })
  for (const block of blocks) writer.write(block)
  return writer.close({ resize: true })
}

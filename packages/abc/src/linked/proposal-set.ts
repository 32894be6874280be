/**
 * Sets of proposals of a few epochs in a row: a row of bits for each epoch, a bit for each member.
 */
import type { Epoch, PeerIndex } from '@mc/protocol'
import { type Codec, codec, DecodeError, epochNumber } from '@mc/protocol/wire'

/** A proposal by the epoch that it was made for and its proposer. */
export interface ProposalName {
  readonly epoch: Epoch
  readonly proposer: PeerIndex
}

/** An epoch, and the rows of some epochs that it says where to find. */
export interface Rows {
  readonly epoch: Epoch
  readonly rows: readonly Uint8Array[]
}

/** How long the row of n members is, in bytes. */
export const rowBytes = (n: number): number => Math.ceil(n / 8)

/** The codec of `count` rows of n members: the epoch, then the rows. */
export const rowsCodec = (n: number, count: number): Codec<Rows> =>
  codec(
    (writer, { epoch, rows }) => {
      epochNumber.write(writer, epoch)
      for (const row of rows) writer.raw(row)
    },
    reader => ({
      epoch: epochNumber.read(reader),
      rows: Array.from({ length: count }, () => reader.raw(rowBytes(n))),
    }),
  )

/** Whether a member is in a row. */
export const has = (row: Uint8Array, member: PeerIndex): boolean =>
  (((row[member >> 3] ?? 0) >> (member & 7)) & 1) === 1

/** Adds a member to a row, if there is one. */
export function add(row: Uint8Array | undefined, member: PeerIndex): void {
  if (row !== undefined) row[member >> 3] = (row[member >> 3] as number) | (1 << (member & 7))
}

/** The value in bytes that somebody else wrote, or undefined. Total. */
export function decoded<T>(codec: Codec<T>, bytes: Uint8Array): T | undefined {
  try {
    return codec.decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

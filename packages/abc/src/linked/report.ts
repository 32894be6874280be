/**
 * What a member says in its proposal about the proposals that it has seen complete, and what f + 1 of them together say.
 */
import { type Committee, fPlus1 } from '@mc/protocol'
import { type Codec, codec, lengthUpTo } from '@mc/protocol/wire'
import { has, type ProposalName, type Rows, rowBytes } from './proposal-set.js'

/** V: the proposals that are complete and not delivered, in rows from `epoch` on. */
export type Report = Rows

/** The most that a report over `window` epochs adds to a proposal, in bytes: its length, an epoch, and rows of up to 255 members. */
export const reportBytesMax = (window: number): number => 2 + 8 + window * rowBytes(255)

/** What is dispersed: a report, or nothing, behind its length, then the payload. */
export interface Block {
  readonly seen: Uint8Array
  readonly payload: Uint8Array
}

/** The codec of blocks with reports over `window` epochs: the payload is what follows. */
export const blockCodec = (window: number): Codec<Block> =>
  codec<Block>(
    (writer, { seen, payload }) => {
      writer.varint(seen.length)
      writer.raw(seen)
      writer.raw(payload)
    },
    reader => {
      const seen = reader.raw(lengthUpTo(reader, reportBytesMax(window)))
      return { seen, payload: reader.raw(reader.remaining) }
    },
  )

/** Whether f + 1 reports say that a proposal is complete: then one correct member has seen it, and everybody can fetch it. */
export function isReported(
  { epoch, proposer }: ProposalName,
  reports: readonly Report[],
  committee: Pick<Committee, 'f'>,
): boolean {
  const saying = reports.filter(report => {
    const row = report.rows[epoch - report.epoch]
    return row !== undefined && has(row, proposer)
  })
  return saying.length >= fPlus1(committee)
}

/** Which rounds of a topic were dealt, and how: from receipts that are proven to be in the state. */
import { hex } from '@mc/protocol/wire'
import { type SplitReceipt, stateCodecs, type Topic, u32 } from '@mc/topics'
import { type LightReader, notVerified } from './light-reader.js'

/** The receipt of a round; nothing if it is proven that there is none. */
export const receiptOf = (
  reader: LightReader,
  { id }: Topic,
  round: number,
): Promise<SplitReceipt | undefined> => reader.entry('splits', hex(id) + hex(u32(round)), stateCodecs.split)

/**
 * The receipt of the round that is asked for; of the last one that was dealt, if none is.
 *
 * @throws CommandError `light/not-verified` if it is proven that no such round was dealt.
 */
export async function receiptAsked(
  reader: LightReader,
  topic: Topic,
  round: number | undefined,
): Promise<SplitReceipt> {
  const last = topic.round?.number ?? 0
  const asked = round ?? last
  const receipt = asked < 1 ? undefined : await receiptOf(reader, topic, asked)
  if (receipt !== undefined) return receipt
  // The newest round may wait for its draw; then the one before is the last that was dealt.
  const before = round === undefined && last > 1 ? await receiptOf(reader, topic, last - 1) : undefined
  if (before !== undefined) return before
  throw notVerified(
    `the topic is ${topic.state}: no round ${round ?? ''} of it has been dealt`.replace('  ', ' '),
  )
}

/** The beacon of a block that f + 1 members signed, as bytes. */
export async function beaconOf(reader: LightReader, epoch: number): Promise<Uint8Array> {
  const { block } = await reader.block(epoch)
  return block.beacon
}

/**
 * Answers to peers that miss blocks: as many as fit, ending with one whose certificate convinces.
 */
import { type Configuration, decodeBlock, sealsToConvince } from '@mc/ledger'
import { type Epoch, faultsTolerated } from '@mc/protocol'
import type { ReceivedBlock } from './replica/chain.js'
import { ANSWER_BYTES_MAX, BLOCKS_PER_ANSWER_MAX, type BlocksAnswer } from './replica/peer-messages.js'
import type { BlockStore } from './store/block-store.js'

/** The blocks from an epoch on, as an answer to a peer; without items if none of them is certified yet. */
export async function blocksAnswer(
  store: BlockStore,
  from: Epoch,
  configuration: Configuration,
): Promise<BlocksAnswer> {
  const items: ReceivedBlock[] = []
  let answer: BlocksAnswer = { type: 'blocks', from, items: [], certificate: undefined }
  const needed = sealsToConvince({ f: faultsTolerated(configuration.members.length) })
  let bytes = 0
  for (
    let epoch: number = from;
    items.length < BLOCKS_PER_ANSWER_MAX && bytes < ANSWER_BYTES_MAX;
    epoch += 1
  ) {
    const item = await storedBlock(store, epoch)
    if (item === undefined) break
    items.push(item)
    bytes += item.payloads.reduce((sum, { length }) => sum + length, item.block.length)
    const certificate = await store.certificate(epoch)
    if (certificate !== undefined && certificate.seals.length >= needed) {
      answer = {
        type: 'blocks',
        from,
        items: [...items],
        certificate: certificate as BlocksAnswer['certificate'],
      }
    }
  }
  return answer
}

/** A block of the store with its payloads, if it is there. */
export async function storedBlock(store: BlockStore, epoch: number): Promise<ReceivedBlock | undefined> {
  const block = await store.block(epoch)
  if (block === undefined) return undefined
  const payloads = await Promise.all(decodeBlock(block).payloads.map(({ cid }) => store.payload(String(cid))))
  return payloads.every(payload => payload !== undefined) ? { block, payloads } : undefined
}

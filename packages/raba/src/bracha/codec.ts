/**
 * The wire form: one byte for kind and step, then round and proposer; a vote's envelope takes three bytes in the first rounds.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize } from '@mc/protocol'
import { type Codec, codec, DecodeError, peerIndex, type Reader, type Writer } from '@mc/protocol/wire'
import type { Rbc } from '@mc/rbc'
import { readRange, round, writeRange, writeTagged } from '../rounds/wire.js'
import type { BrachaAbaMessage } from './messages.js'
import type { Step } from './vote.js'

/** First bytes. A vote's step is added to its kind's, counted from 0. */
const TAG = { vote: 0, term: 3, syncRequest: 5, coin: 6 } as const

/** The codec of Bracha's agreement around those of its coin and its broadcast. */
export function brachaAbaCodec<CoinMessage, RbcMessage>(
  coin: Coin<CoinMessage>,
  rbc: Rbc<RbcMessage>,
  size: CommitteeSize,
): Codec<BrachaAbaMessage<CoinMessage, RbcMessage>> {
  const parts = { coin: coin.codec(size), rbc: rbc.codec(size), proposer: peerIndex(size.n) }
  return codec(
    (writer, message) => writeMessage(writer, message, parts),
    reader => readMessage(reader, parts),
  )
}

interface Parts<CoinMessage, RbcMessage> {
  readonly coin: Codec<CoinMessage>
  readonly rbc: Codec<RbcMessage>
  readonly proposer: ReturnType<typeof peerIndex>
}

function writeMessage<CoinMessage, RbcMessage>(
  writer: Writer,
  message: BrachaAbaMessage<CoinMessage, RbcMessage>,
  parts: Parts<CoinMessage, RbcMessage>,
): void {
  switch (message.type) {
    case 'vote':
      writeTagged(writer, TAG.vote + message.step - 1, message.round)
      parts.proposer.write(writer, message.proposer)
      parts.rbc.write(writer, message.message)
      break
    case 'term':
      writer.u8(TAG.term + message.bit)
      break
    case 'sync-req':
      writer.u8(TAG.syncRequest)
      writeRange(writer, message)
      break
    case 'coin':
      writeTagged(writer, TAG.coin, message.round)
      parts.coin.write(writer, message.message)
      break
  }
}

function readMessage<CoinMessage, RbcMessage>(
  reader: Reader,
  parts: Parts<CoinMessage, RbcMessage>,
): BrachaAbaMessage<CoinMessage, RbcMessage> {
  const tag = reader.u8()
  if (tag < TAG.term) {
    return {
      type: 'vote',
      round: round.read(reader),
      step: (tag - TAG.vote + 1) as Step,
      proposer: parts.proposer.read(reader),
      message: parts.rbc.read(reader),
    }
  }
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return { type: 'sync-req', ...readRange(reader) }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: parts.coin.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

/**
 * The wire form: one byte for kind and step, then round and proposer; a vote's envelope takes three bytes in the first rounds.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize, Round } from '@mc/protocol'
import {
  type Codec,
  codec,
  DecodeError,
  peerIndex,
  type Reader,
  roundNumber,
  type Writer,
} from '@mc/protocol/wire'
import type { Rbc } from '@mc/rbc'
import type { SyncRequest } from '../rounds/messages.js'
import type { BrachaAbaMessage } from './messages.js'
import type { Step } from './vote.js'

/** First bytes. A vote's step is added to its kind's, counted from 0. */
const TAG = { vote: 0, term: 3, syncRequest: 5, coin: 6 } as const

const round: Codec<Round> = roundNumber()

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
      writer.u8(TAG.vote + message.step - 1)
      round.write(writer, message.round)
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
      writer.u8(TAG.coin)
      round.write(writer, message.round)
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

/** Writes the rounds that are asked for: the first, and how many follow. */
export function writeRange(writer: Writer, { fromRound, toRound }: Omit<SyncRequest, 'type'>): void {
  round.write(writer, fromRound)
  writer.varint(toRound - fromRound)
}

/** Reads what `writeRange` wrote. @throws DecodeError if it ends beyond the last round that there is. */
export function readRange(reader: Reader): Omit<SyncRequest, 'type'> {
  const fromRound = round.read(reader)
  const toRound = fromRound + reader.varint()
  if (toRound > ROUND_MAX) throw new DecodeError(`round ${toRound} over ${ROUND_MAX}`)
  return { fromRound, toRound: toRound as Round }
}

const ROUND_MAX = 2 ** 20

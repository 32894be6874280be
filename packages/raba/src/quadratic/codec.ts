/**
 * The wire form: one byte for kind and value, then the round; a vote of the first 128 rounds takes two bytes, the longest four.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize } from '@mc/protocol'
import { type Codec, codec, DecodeError, type Reader, type Writer } from '@mc/protocol/wire'
import { RECORDS, VOTE, type VoteRecord, valueIndex, voteOf } from '../rounds/vote-record.js'
import {
  type RecordForm,
  readRange,
  readRecords,
  round,
  tritAt,
  writeRange,
  writeRecords,
  writeTagged,
} from '../rounds/wire.js'
import type { QuadraticMessage } from './messages.js'

/** First bytes. A vote's value is added to its kind's: 0, 1, and 2 for `*`. */
const TAG = {
  prevote: 0,
  vote: 2,
  mainvote: 4,
  finalvote: 7,
  fixvote: 10,
  fast: 13,
  term: 14,
  syncRequest: 16,
  syncReply: 17,
  coin: 18,
} as const

/** The codec of a quadratic agreement. A reply holds at most `roundsAhead` + 1 records of two bytes. */
export function quadraticCodec<CoinMessage>(
  coin: Coin<CoinMessage>,
  roundsAhead: number,
  size: CommitteeSize,
): Codec<QuadraticMessage<CoinMessage>> {
  const coinCodec = coin.codec(size)
  const form: RecordForm = { recordsMax: roundsAhead + 1, recordBytes: 2, isRecord: isQuadraticRecord }
  return codec(
    (writer, message) => writeMessage(writer, message, coinCodec, form),
    reader => readMessage(reader, coinCodec, form),
  )
}

function writeMessage<CoinMessage>(
  writer: Writer,
  message: QuadraticMessage<CoinMessage>,
  coinCodec: Codec<CoinMessage>,
  form: RecordForm,
): void {
  switch (message.type) {
    case 'prevote':
    case 'vote':
      writeTagged(writer, TAG[message.type] + message.bit, message.round)
      break
    case 'mainvote':
    case 'finalvote':
    case 'fixvote':
      writeTagged(writer, TAG[message.type] + valueIndex(message.value), message.round)
      break
    case 'fast':
      writer.u8(TAG.fast)
      break
    case 'term':
      writer.u8(TAG.term + message.bit)
      break
    case 'sync-req':
      writer.u8(TAG.syncRequest)
      writeRange(writer, message)
      break
    case 'sync-rep':
      writeTagged(writer, TAG.syncReply, message.fromRound)
      writeRecords(writer, message.records, form)
      break
    case 'coin':
      writeTagged(writer, TAG.coin, message.round)
      coinCodec.write(writer, message.message)
      break
  }
}

function readMessage<CoinMessage>(
  reader: Reader,
  coinCodec: Codec<CoinMessage>,
  form: RecordForm,
): QuadraticMessage<CoinMessage> {
  const tag = reader.u8()
  if (tag < TAG.vote) return { type: 'prevote', round: round.read(reader), bit: tag as Bit }
  if (tag < TAG.mainvote) return { type: 'vote', round: round.read(reader), bit: (tag - TAG.vote) as Bit }
  if (tag < TAG.finalvote)
    return { type: 'mainvote', round: round.read(reader), value: tritAt(tag - TAG.mainvote) }
  if (tag < TAG.fixvote)
    return { type: 'finalvote', round: round.read(reader), value: tritAt(tag - TAG.finalvote) }
  if (tag < TAG.fast) return { type: 'fixvote', round: round.read(reader), value: tritAt(tag - TAG.fixvote) }
  if (tag === TAG.fast) return { type: 'fast' }
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return { type: 'sync-req', ...readRange(reader) }
  if (tag === TAG.syncReply) {
    return { type: 'sync-rep', fromRound: round.read(reader), records: readRecords(reader, form) }
  }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: coinCodec.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

// No member can say a VOTE of *
const isQuadraticRecord = (record: VoteRecord): boolean => record < RECORDS && voteOf(record, VOTE) !== '*'

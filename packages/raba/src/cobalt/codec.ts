/**
 * The wire form: one byte for kind and value, then the round; a vote of the first 128 rounds takes two bytes, the longest four.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize } from '@mc/protocol'
import { type Codec, codec, DecodeError, type Reader, type Writer } from '@mc/protocol/wire'
import { type VoteRecord, valueIndex, voteOf } from '../rounds/vote-record.js'
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
import type { CobaltMessage } from './messages.js'
import { AUX, COBALT_RECORDS } from './stages.js'

/** First bytes. A vote's value is added to its kind's: 0, 1, and 2 for `*`. */
const TAG = {
  bval: 0,
  aux: 2,
  conf: 4,
  fast: 7,
  term: 8,
  syncRequest: 10,
  syncReply: 11,
  coin: 12,
} as const

/** The codec of an agreement over a common coin. A reply holds at most `roundsAhead` + 1 records of one byte. */
export function cobaltCodec<CoinMessage>(
  coin: Coin<CoinMessage>,
  roundsAhead: number,
  size: CommitteeSize,
): Codec<CobaltMessage<CoinMessage>> {
  const coinCodec = coin.codec(size)
  const form: RecordForm = { recordsMax: roundsAhead + 1, recordBytes: 1, isRecord: isCobaltRecord }
  return codec(
    (writer, message) => writeMessage(writer, message, coinCodec, form),
    reader => readMessage(reader, coinCodec, form),
  )
}

function writeMessage<CoinMessage>(
  writer: Writer,
  message: CobaltMessage<CoinMessage>,
  coinCodec: Codec<CoinMessage>,
  form: RecordForm,
): void {
  switch (message.type) {
    case 'bval':
    case 'aux':
      writeTagged(writer, TAG[message.type] + message.bit, message.round)
      break
    case 'conf':
      writeTagged(writer, TAG.conf + valueIndex(message.value), message.round)
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
): CobaltMessage<CoinMessage> {
  const tag = reader.u8()
  if (tag < TAG.aux) return { type: 'bval', round: round.read(reader), bit: tag as Bit }
  if (tag < TAG.conf) return { type: 'aux', round: round.read(reader), bit: (tag - TAG.aux) as Bit }
  if (tag < TAG.fast) {
    return { type: 'conf', round: round.read(reader), value: tritAt(tag - TAG.conf) }
  }
  if (tag === TAG.fast) return { type: 'fast' }
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return { type: 'sync-req', ...readRange(reader) }
  if (tag === TAG.syncReply) {
    return { type: 'sync-rep', fromRound: round.read(reader), records: readRecords(reader, form) }
  }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: coinCodec.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

// No member can say an AUX of *
const isCobaltRecord = (record: VoteRecord): boolean => record < COBALT_RECORDS && voteOf(record, AUX) !== '*'

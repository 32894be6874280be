/**
 * The wire form: one byte for kind and value, then the round; a vote of the first 128 rounds takes two bytes, the longest four.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize } from '@mc/protocol'
import { type Codec, codec, DecodeError, type Reader, type Writer } from '@mc/protocol/wire'
import { valueIndex } from '../rounds/vote-record.js'
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
import type { CrainMessage } from './messages.js'
import { isCrainRecord } from './record.js'

/** First bytes. A vote's value is added to its kind's: 0, 1, and 2 for `*`. */
const TAG = {
  est: 0,
  aux: 2,
  conf: 4,
  est2: 7,
  aux2: 10,
  term: 13,
  syncRequest: 15,
  syncReply: 16,
  coin: 17,
} as const

/** The codec of Crain's agreement. A reply holds at most `roundsAhead` + 1 records of two bytes. */
export function crainCodec<CoinMessage>(
  coin: Coin<CoinMessage>,
  roundsAhead: number,
  size: CommitteeSize,
): Codec<CrainMessage<CoinMessage>> {
  const coinCodec = coin.codec(size)
  const form: RecordForm = { recordsMax: roundsAhead + 1, recordBytes: 2, isRecord: isCrainRecord }
  return codec(
    (writer, message) => writeMessage(writer, message, coinCodec, form),
    reader => readMessage(reader, coinCodec, form),
  )
}

function writeMessage<CoinMessage>(
  writer: Writer,
  message: CrainMessage<CoinMessage>,
  coinCodec: Codec<CoinMessage>,
  form: RecordForm,
): void {
  switch (message.type) {
    case 'est':
    case 'aux':
      writeTagged(writer, TAG[message.type] + message.bit, message.round)
      break
    case 'conf':
    case 'est2':
    case 'aux2':
      writeTagged(writer, TAG[message.type] + valueIndex(message.value), message.round)
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
): CrainMessage<CoinMessage> {
  const tag = reader.u8()
  if (tag < TAG.aux) return { type: 'est', round: round.read(reader), bit: tag as Bit }
  if (tag < TAG.conf) return { type: 'aux', round: round.read(reader), bit: (tag - TAG.aux) as Bit }
  if (tag < TAG.est2) return { type: 'conf', round: round.read(reader), value: tritAt(tag - TAG.conf) }
  if (tag < TAG.aux2) return { type: 'est2', round: round.read(reader), value: tritAt(tag - TAG.est2) }
  if (tag < TAG.term) return { type: 'aux2', round: round.read(reader), value: tritAt(tag - TAG.aux2) }
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return { type: 'sync-req', ...readRange(reader) }
  if (tag === TAG.syncReply) {
    return { type: 'sync-rep', fromRound: round.read(reader), records: readRecords(reader, form) }
  }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: coinCodec.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

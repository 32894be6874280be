/**
 * The wire form: one byte for kind and value, then the round; a plain vote of the first 128 rounds takes two bytes.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize, PeerIndex } from '@mc/protocol'
import { type Codec, codec, DecodeError, peerIndex, type Reader, type Writer } from '@mc/protocol/wire'
import type { Rbc } from '@mc/rbc'
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
import type { CubicMessage } from './messages.js'
import { isPlainRecord } from './plain-record.js'

/** First bytes. A vote's value is added to its kind's: 0, 1, and 2 for `*`. */
const TAG = {
  prevote: 0,
  vote: 2,
  mainvote: 4,
  finalvote: 7,
  term: 8,
  syncRequest: 10,
  syncReply: 11,
  coin: 12,
} as const

interface Parts<CoinMessage, RbcMessage> {
  readonly coin: Codec<CoinMessage>
  readonly rbc: Codec<RbcMessage>
  readonly proposer: Codec<PeerIndex>
  readonly form: RecordForm
}

/** What the codec of a cubic agreement goes around, and how many records a reply may hold, less one. */
export interface CubicCodecOptions<CoinMessage, RbcMessage> {
  readonly coin: Coin<CoinMessage>
  readonly rbc: Rbc<RbcMessage>
  readonly roundsAhead: number
}

/** The codec of a cubic agreement. A reply holds at most `roundsAhead` + 1 records of one byte. */
export function cubicCodec<CoinMessage, RbcMessage>(
  { coin, rbc, roundsAhead }: CubicCodecOptions<CoinMessage, RbcMessage>,
  size: CommitteeSize,
): Codec<CubicMessage<CoinMessage, RbcMessage>> {
  const parts = {
    coin: coin.codec(size),
    rbc: rbc.codec(size),
    proposer: peerIndex(size.n),
    form: { recordsMax: roundsAhead + 1, recordBytes: 1, isRecord: isPlainRecord } as const,
  }
  return codec(
    (writer, message) => writeMessage(writer, message, parts),
    reader => readMessage(reader, parts),
  )
}

function writeMessage<CoinMessage, RbcMessage>(
  writer: Writer,
  message: CubicMessage<CoinMessage, RbcMessage>,
  parts: Parts<CoinMessage, RbcMessage>,
): void {
  switch (message.type) {
    case 'prevote':
    case 'vote':
      writeTagged(writer, TAG[message.type] + message.bit, message.round)
      break
    case 'mainvote':
      writeTagged(writer, TAG.mainvote + valueIndex(message.value), message.round)
      break
    case 'finalvote':
      writeTagged(writer, TAG.finalvote, message.round)
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
    case 'sync-rep':
      writeTagged(writer, TAG.syncReply, message.fromRound)
      writeRecords(writer, message.records, parts.form)
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
): CubicMessage<CoinMessage, RbcMessage> {
  const tag = reader.u8()
  if (tag < TAG.vote) return { type: 'prevote', round: round.read(reader), bit: tag as Bit }
  if (tag < TAG.mainvote) return { type: 'vote', round: round.read(reader), bit: (tag - TAG.vote) as Bit }
  if (tag < TAG.finalvote)
    return { type: 'mainvote', round: round.read(reader), value: tritAt(tag - TAG.mainvote) }
  if (tag === TAG.finalvote) return readFinalvote(reader, parts)
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return { type: 'sync-req', ...readRange(reader) }
  if (tag === TAG.syncReply) {
    return { type: 'sync-rep', fromRound: round.read(reader), records: readRecords(reader, parts.form) }
  }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: parts.coin.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

function readFinalvote<CoinMessage, RbcMessage>(
  reader: Reader,
  { proposer, rbc }: Parts<CoinMessage, RbcMessage>,
): CubicMessage<CoinMessage, RbcMessage> {
  return {
    type: 'finalvote',
    round: round.read(reader),
    proposer: proposer.read(reader),
    message: rbc.read(reader),
  }
}

/**
 * The wire form: one byte for kind and value, then the round; a vote of the first 128 rounds takes two bytes, the longest four.
 */
import type { Coin } from '@mc/coin'
import type { Bit, CommitteeSize, Round } from '@mc/protocol'
import {
  type Codec,
  codec,
  DecodeError,
  lengthUpTo,
  type Reader,
  roundNumber,
  type Writer,
} from '@mc/protocol/wire'
import type { Trit } from '../rounds/messages.js'
import { RECORDS, VOTE, type VoteRecord, valueIndex, voteOf } from '../rounds/vote-record.js'
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

const TRITS: readonly Trit[] = [0, 1, '*']
const round: Codec<Round> = roundNumber()

/** The codec of a quadratic agreement. A reply holds at most `roundsAhead` + 1 records of two bytes. */
export function quadraticCodec<CoinMessage>(
  coin: Coin<CoinMessage>,
  roundsAhead: number,
  size: CommitteeSize,
): Codec<QuadraticMessage<CoinMessage>> {
  const coinCodec = coin.codec(size)
  return codec(
    (writer, message) => writeMessage(writer, message, coinCodec, roundsAhead + 1),
    reader => readMessage(reader, coinCodec, roundsAhead + 1),
  )
}

function writeMessage<CoinMessage>(
  writer: Writer,
  message: QuadraticMessage<CoinMessage>,
  coinCodec: Codec<CoinMessage>,
  recordsMax: number,
): void {
  switch (message.type) {
    case 'prevote':
    case 'vote':
      writeVote(writer, TAG[message.type] + message.bit, message.round)
      break
    case 'mainvote':
    case 'finalvote':
    case 'fixvote':
      writeVote(writer, TAG[message.type] + valueIndex(message.value), message.round)
      break
    case 'fast':
      writer.u8(TAG.fast)
      break
    case 'term':
      writer.u8(TAG.term + message.bit)
      break
    case 'sync-req':
      writeVote(writer, TAG.syncRequest, message.fromRound)
      writer.varint(message.toRound - message.fromRound)
      break
    case 'sync-rep':
      writeVote(writer, TAG.syncReply, message.fromRound)
      writeRecords(writer, message.records, recordsMax)
      break
    case 'coin':
      writeVote(writer, TAG.coin, message.round)
      coinCodec.write(writer, message.message)
      break
  }
}

function writeVote(writer: Writer, tag: number, number: Round): void {
  writer.u8(tag)
  round.write(writer, number)
}

function writeRecords(writer: Writer, records: readonly VoteRecord[], max: number): void {
  if (records.length > max)
    throw new RangeError(`sync-rep: need at most ${max} records, got ${records.length}`)
  writer.varint(records.length)
  for (const record of records) {
    writer.u8(record >> 8)
    writer.u8(record & 0xff)
  }
}

function readMessage<CoinMessage>(
  reader: Reader,
  coinCodec: Codec<CoinMessage>,
  recordsMax: number,
): QuadraticMessage<CoinMessage> {
  const tag = reader.u8()
  if (tag < TAG.vote) return { type: 'prevote', round: round.read(reader), bit: tag as Bit }
  if (tag < TAG.mainvote) return { type: 'vote', round: round.read(reader), bit: (tag - TAG.vote) as Bit }
  if (tag < TAG.finalvote)
    return { type: 'mainvote', round: round.read(reader), value: trit(tag - TAG.mainvote) }
  if (tag < TAG.fixvote)
    return { type: 'finalvote', round: round.read(reader), value: trit(tag - TAG.finalvote) }
  if (tag < TAG.fast) return { type: 'fixvote', round: round.read(reader), value: trit(tag - TAG.fixvote) }
  if (tag === TAG.fast) return { type: 'fast' }
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return readRequest(reader)
  if (tag === TAG.syncReply) {
    return { type: 'sync-rep', fromRound: round.read(reader), records: readRecords(reader, recordsMax) }
  }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: coinCodec.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

const trit = (index: number): Trit => TRITS[index] as Trit

function readRequest(reader: Reader): QuadraticMessage<never> {
  const fromRound = round.read(reader)
  const toRound = fromRound + reader.varint()
  if (toRound > ROUND_MAX) throw new DecodeError(`round ${toRound} over ${ROUND_MAX}`)
  return { type: 'sync-req', fromRound, toRound: toRound as Round }
}

function readRecords(reader: Reader, max: number): readonly VoteRecord[] {
  const length = lengthUpTo(reader, max)
  const records: VoteRecord[] = []
  for (let at = 0; at < length; at += 1) records.push(readRecord(reader))
  return records
}

function readRecord(reader: Reader): VoteRecord {
  const record = (reader.u8() << 8) | reader.u8()
  if (record >= RECORDS || voteOf(record, VOTE) === '*') throw new DecodeError(`no votes look like ${record}`)
  return record
}

const ROUND_MAX = 2 ** 20

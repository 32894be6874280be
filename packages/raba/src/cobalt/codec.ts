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
import { type VoteRecord, valueIndex, voteOf } from '../rounds/vote-record.js'
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

const TRITS: readonly Trit[] = [0, 1, '*']
const round: Codec<Round> = roundNumber()

/** The codec of an agreement over a common coin. A reply holds at most `roundsAhead` + 1 records of one byte. */
export function cobaltCodec<CoinMessage>(
  coin: Coin<CoinMessage>,
  roundsAhead: number,
  size: CommitteeSize,
): Codec<CobaltMessage<CoinMessage>> {
  const coinCodec = coin.codec(size)
  return codec(
    (writer, message) => writeMessage(writer, message, coinCodec, roundsAhead + 1),
    reader => readMessage(reader, coinCodec, roundsAhead + 1),
  )
}

function writeMessage<CoinMessage>(
  writer: Writer,
  message: CobaltMessage<CoinMessage>,
  coinCodec: Codec<CoinMessage>,
  recordsMax: number,
): void {
  switch (message.type) {
    case 'bval':
    case 'aux':
      writeVote(writer, TAG[message.type] + message.bit, message.round)
      break
    case 'conf':
      writeVote(writer, TAG.conf + valueIndex(message.value), message.round)
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
  for (const record of records) writer.u8(record)
}

function readMessage<CoinMessage>(
  reader: Reader,
  coinCodec: Codec<CoinMessage>,
  recordsMax: number,
): CobaltMessage<CoinMessage> {
  const tag = reader.u8()
  if (tag < TAG.aux) return { type: 'bval', round: round.read(reader), bit: tag as Bit }
  if (tag < TAG.conf) return { type: 'aux', round: round.read(reader), bit: (tag - TAG.aux) as Bit }
  if (tag < TAG.fast) {
    return { type: 'conf', round: round.read(reader), value: TRITS[tag - TAG.conf] as Trit }
  }
  if (tag === TAG.fast) return { type: 'fast' }
  if (tag < TAG.syncRequest) return { type: 'term', bit: (tag - TAG.term) as Bit }
  if (tag === TAG.syncRequest) return readRequest(reader)
  if (tag === TAG.syncReply) {
    return { type: 'sync-rep', fromRound: round.read(reader), records: readRecords(reader, recordsMax) }
  }
  if (tag === TAG.coin) return { type: 'coin', round: round.read(reader), message: coinCodec.read(reader) }
  throw new DecodeError(`unknown kind ${tag}`)
}

function readRequest(reader: Reader): CobaltMessage<never> {
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
  const record = reader.u8()
  if (record >= COBALT_RECORDS || voteOf(record, AUX) === '*') {
    throw new DecodeError(`no votes look like ${record}`)
  }
  return record
}

const ROUND_MAX = 2 ** 20

/**
 * The write-ahead log of a simulated member: what it took in, and what it drew, turn by turn.
 */
import type { PeerIndex } from '@mc/protocol'
import { DecodeError, Reader, Writer } from '@mc/protocol/wire'
import type { SimulatedDisk } from './simulated-disk.js'

/** What one turn began with. An input stands in the log by its number, since inputs have no wire format. */
export type TurnCause =
  | { readonly type: 'created' }
  | { readonly type: 'input'; readonly number: number }
  | { readonly type: 'message'; readonly from: PeerIndex; readonly bytes: Uint8Array }

/** One turn as it stands in the log. */
export interface Turn {
  readonly cause: TurnCause
  /** The 32-bit draws that the protocol made in this turn. */
  readonly draws: readonly number[]
}

/** Appends turns to a disk and reads back the longest undamaged beginning. */
export class TurnLog {
  readonly #disk: SimulatedDisk
  readonly #writer = new Writer(WRITER_BYTES)
  #turns = 0

  constructor(disk: SimulatedDisk) {
    this.#disk = disk
  }

  /** Safe only after `sync`. */
  append({ cause, draws }: Turn): void {
    this.#disk.append(this.#frame(cause, draws))
    this.#turns += 1
  }

  sync(): void {
    this.#disk.sync()
  }

  /** Everything up to the first turn that is missing or damaged; what comes after it is cut off. */
  recover(): readonly Turn[] {
    const reader = new Reader(this.#disk.read())
    const turns: Turn[] = []
    let sound = 0
    for (let turn = nextTurn(reader, 0); turn !== undefined; turn = nextTurn(reader, turns.length)) {
      turns.push(turn.turn)
      sound += turn.length
    }
    this.#disk.truncate(sound)
    this.#turns = turns.length
    return turns
  }

  /** Length and checksum of the turn, then the turn; valid until the next one is framed. */
  #frame(cause: TurnCause, draws: readonly number[]): Uint8Array {
    const writer = this.#writer
    writer.clear()
    writer.u32(0)
    writer.u32(0)
    // The number of the turn keeps a turn that survived a lost one from taking its place.
    writer.varint(this.#turns)
    writer.varint(draws.length)
    for (const draw of draws) writer.u32(draw)
    writer.u8(KINDS.indexOf(cause.type))
    if (cause.type === 'input') writer.varint(cause.number)
    if (cause.type === 'message') {
      writer.varint(cause.from)
      writer.raw(cause.bytes)
    }
    const frame = writer.view()
    writeU32(frame, 0, frame.length - HEADER_BYTES)
    writeU32(frame, 4, checksum(frame, HEADER_BYTES))
    return frame
  }
}

/** Most turns fit; one buffer for all of them, as a fresh one for each would cost more than the rest of a turn. */
const WRITER_BYTES = 1_024

/** Length and checksum. */
const HEADER_BYTES = 8

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

const KINDS: readonly TurnCause['type'][] = ['created', 'input', 'message']

function nextTurn(
  reader: Reader,
  number: number,
): { readonly turn: Turn; readonly length: number } | undefined {
  try {
    const length = reader.u32()
    const expected = reader.u32()
    const body = reader.raw(length)
    if (length === 0 || checksum(body) !== expected) return undefined
    const content = new Reader(body)
    return content.varint() === number ? { turn: decode(content), length: length + HEADER_BYTES } : undefined
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function decode(reader: Reader): Turn {
  const draws: number[] = []
  for (let count = reader.varint(); count > 0; count -= 1) draws.push(reader.u32())
  switch (KINDS[reader.u8()]) {
    case 'created':
      return { cause: { type: 'created' }, draws }
    case 'input':
      return { cause: { type: 'input', number: reader.varint() }, draws }
    case 'message':
      return {
        cause: { type: 'message', from: reader.varint() as PeerIndex, bytes: reader.raw(reader.remaining) },
        draws,
      }
    default:
      throw new DecodeError('no such kind of turn')
  }
}

/**
 * FNV-1a by words of four bytes, with the finisher of MurmurHash3, of all bytes `from` a place on: enough against torn writes and
 * rot, worth nothing against an attacker. Each step is a bijection of the state, so damage within one word never goes unnoticed.
 */
export function checksum(bytes: Uint8Array, from: number = 0): number {
  let hash = 0x811c9dc5 ^ (bytes.length - from)
  let at = from
  for (; at + 4 <= bytes.length; at += 4) hash = Math.imul(hash ^ wordAt(bytes, at), 0x01000193)
  for (; at < bytes.length; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number)

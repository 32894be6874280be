/**
 * Records that wait to be written: small ones are put together, large ones are written from where they lie.
 */
import { writeSync, writevSync } from 'node:fs'
import { RECORD_HEADER_BYTES, writeHeader } from './frame.js'

/** Bodies from this size on are not copied. */
const LARGE_BYTES_MIN = 4_096

/** Room for headers and small bodies that is kept from turn to turn, in bytes; a turn that needs more has its own. */
const ROOM_BYTES = 256 * 1024

/** The records of one turn, until they are written. */
export class RecordQueue {
  readonly #room = Buffer.allocUnsafeSlow(ROOM_BYTES)
  #bodies: Uint8Array[] = []
  /** Bytes that are put together, and all bytes. */
  #copiedBytes = 0
  #bytes = 0

  /** Records that wait. */
  get count(): number {
    return this.#bodies.length
  }

  /** Bytes that they will have in the file. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds a body, whose bytes must not change until it is written. */
  add(body: Uint8Array): void {
    this.#bodies.push(body)
    this.#bytes += RECORD_HEADER_BYTES + body.length
    this.#copiedBytes += RECORD_HEADER_BYTES + (isLarge(body) ? 0 : body.length)
  }

  /** Writes all of them to a file, numbered from `sequence` on; the queue is empty afterwards. */
  writeTo(file: number, sequence: number, durableBelow: number): void {
    const parts = this.#parts(sequence, durableBelow)
    this.#bodies = []
    this.#bytes = 0
    this.#copiedBytes = 0
    writeAll(file, parts)
  }

  #parts(sequence: number, durableBelow: number): readonly Uint8Array[] {
    const room = this.#copiedBytes <= ROOM_BYTES ? this.#room : Buffer.allocUnsafeSlow(this.#copiedBytes)
    const parts: Uint8Array[] = []
    let from = 0
    let at = 0
    for (const [index, body] of this.#bodies.entries()) {
      at = writeHeader(room, at, { sequence: sequence + index, durableBelow }, body)
      if (isLarge(body)) {
        parts.push(room.subarray(from, at), body)
        from = at
      } else {
        room.set(body, at)
        at += body.length
      }
    }
    if (at > from) parts.push(room.subarray(from, at))
    return parts
  }
}

const isLarge = (body: Uint8Array): boolean => body.length >= LARGE_BYTES_MIN

function writeAll(file: number, parts: readonly Uint8Array[]): void {
  let written = parts.length > 1 ? writevSync(file, parts) : 0
  // A disk that is nearly full takes a part.
  for (const part of parts) {
    for (; written < part.length; ) written += writeSync(file, part, written)
    written -= part.length
  }
}

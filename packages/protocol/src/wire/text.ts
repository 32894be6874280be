/**
 * Text and bytes, without the platform: protocols run where there is no TextEncoder and no Buffer.
 */
import { DecodeError } from './reader.js'

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  const digits = new Uint8Array(2 * bytes.length)
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    digits[2 * at] = HEX_DIGITS.charCodeAt(byte >> 4)
    digits[2 * at + 1] = HEX_DIGITS.charCodeAt(byte & 0x0f)
  }
  return textOf(digits)
}

/** @throws RangeError unless `text` is an even number of lower-case hexadecimal digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new RangeError(`hex: need an even number of the digits 0-9 a-f, got ${text.slice(0, 80)}`)
  }
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = (digitValue(text.charCodeAt(2 * at)) << 4) | digitValue(text.charCodeAt(2 * at + 1))
  }
  return bytes
}

/** UTF-8; @throws RangeError if `text` holds half of a surrogate pair. */
export function utf8(text: string): Uint8Array {
  // Most texts here are names and keys in ASCII, whose bytes are as many as their characters.
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x80) return encodedFrom(text, bytes.subarray(0, at))
    bytes[at] = unit
  }
  return bytes
}

/** Strict UTF-8; @throws DecodeError on overlong forms, surrogates, values over U+10FFFF and truncation. */
export function fromUtf8(bytes: Uint8Array): string {
  const ascii = asciiPrefix(bytes)
  if (ascii === bytes.length) return textOf(bytes)
  // No character has more code units than bytes.
  const units = new Uint16Array(bytes.length)
  units.set(bytes.subarray(0, ascii))
  let length = ascii
  for (let at = ascii; at < bytes.length; ) {
    const lead = bytes[at] as number
    if (lead < 0x80) {
      units[length] = lead
      length += 1
      at += 1
      continue
    }
    const count = sequenceLength(lead, at)
    length = pushUnits(decodeCodePoint(bytes, at, count), units, length)
    at += count
  }
  return textOf(units.subarray(0, length))
}

const HEX_DIGITS = '0123456789abcdef'

/** The value of a digit that is known to be one: 0-9 end in 0…9, a-f in 1…6. */
const digitValue = (digit: number): number => (digit <= 0x39 ? digit & 0x0f : (digit & 0x0f) + 9)

/** Code units become text in pieces, because each unit of a piece is an argument on the stack. */
const PIECE_UNITS = 4_096

function textOf(units: Uint8Array | Uint16Array): string {
  if (units.length <= PIECE_UNITS) return pieceOf(units)
  let text = ''
  for (let at = 0; at < units.length; at += PIECE_UNITS) text += pieceOf(units.subarray(at, at + PIECE_UNITS))
  return text
}

const pieceOf = (units: Uint8Array | Uint16Array): string =>
  String.fromCharCode.apply(null, units as unknown as number[])

function asciiPrefix(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length && (bytes[at] as number) < 0x80) at += 1
  return at
}

/** The encoding of a text whose ASCII beginning is encoded already. */
function encodedFrom(text: string, beginning: Uint8Array): Uint8Array {
  // A code unit needs at most three bytes: the four bytes of a pair are two for each of its halves.
  const bytes = new Uint8Array(3 * text.length)
  bytes.set(beginning)
  let length = beginning.length
  for (let at = length; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) {
      bytes[length] = unit
      length += 1
      continue
    }
    const point = isSurrogate(unit) ? pairAt(text, at) : unit
    if (point > 0xffff) at += 1
    length = encodeCodePoint(point, bytes, length)
  }
  return bytes.slice(0, length)
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000

function pairAt(text: string, at: number): number {
  const point = text.codePointAt(at) as number
  if (point <= 0xffff) throw new RangeError(`utf8: half of a surrogate pair at position ${at}`)
  return point
}

function encodeCodePoint(point: number, bytes: Uint8Array, at: number): number {
  if (point < 0x800) {
    bytes[at] = 0xc0 | (point >> 6)
    bytes[at + 1] = continuation(point)
    return at + 2
  }
  if (point < 0x10000) {
    bytes[at] = 0xe0 | (point >> 12)
    bytes[at + 1] = continuation(point >> 6)
    bytes[at + 2] = continuation(point)
    return at + 3
  }
  bytes[at] = 0xf0 | (point >> 18)
  bytes[at + 1] = continuation(point >> 12)
  bytes[at + 2] = continuation(point >> 6)
  bytes[at + 3] = continuation(point)
  return at + 4
}

const continuation = (bits: number): number => 0x80 | (bits & 0x3f)

function decodeCodePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] as number) & (0x7f >> length)
  for (let next = at + 1; next < at + length; next += 1) {
    const byte = bytes[next]
    if (byte === undefined || (byte & 0xc0) !== 0x80)
      throw new DecodeError(`utf8: broken sequence at byte ${at}`)
    point = (point << 6) | (byte & 0x3f)
  }
  if (point < (SMALLEST[length] as number)) throw new DecodeError(`utf8: overlong form at byte ${at}`)
  if (point > 0x10ffff || isSurrogate(point)) throw new DecodeError(`utf8: no such character at byte ${at}`)
  return point
}

/** The smallest character that needs this many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000]

function sequenceLength(lead: number, at: number): number {
  if (lead >= 0xc0 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  if (lead >= 0xf0 && lead < 0xf8) return 4
  throw new DecodeError(`utf8: no character starts at byte ${at}`)
}

function pushUnits(point: number, units: Uint16Array, at: number): number {
  if (point < 0x10000) {
    units[at] = point
    return at + 1
  }
  units[at] = 0xd800 | ((point - 0x10000) >> 10)
  units[at + 1] = 0xdc00 | (point & 0x3ff)
  return at + 2
}

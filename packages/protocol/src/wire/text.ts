/**
 * Text and bytes, without the platform: protocols run where there is no TextEncoder and no Buffer.
 */
import { DecodeError } from './reader.js'

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

/** @throws RangeError unless `text` is an even number of lower-case hexadecimal digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new RangeError(`hex: need an even number of the digits 0-9 a-f, got ${text.slice(0, 80)}`)
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  )
}

/** UTF-8; @throws RangeError if `text` holds half of a surrogate pair. */
export function utf8(text: string): Uint8Array {
  const out: number[] = []
  for (const character of text) encodeCodePoint(character.codePointAt(0) as number, out)
  return Uint8Array.from(out)
}

/** Strict UTF-8; @throws DecodeError on overlong forms, surrogates, values over U+10FFFF and truncation. */
export function fromUtf8(bytes: Uint8Array): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const [point, length] = decodeCodePoint(bytes, at)
    text += String.fromCodePoint(point)
    at += length
  }
  return text
}

function encodeCodePoint(point: number, out: number[]): void {
  if (point < 0x80) out.push(point)
  else if (point < 0x800) out.push(0xc0 | (point >> 6), continuation(point))
  else if (point < 0x10000) {
    if (point >= 0xd800 && point < 0xe000) throw new RangeError('utf8: half of a surrogate pair')
    out.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point))
  } else
    out.push(0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point))
}

const continuation = (bits: number): number => 0x80 | (bits & 0x3f)

function decodeCodePoint(bytes: Uint8Array, at: number): readonly [point: number, length: number] {
  const lead = bytes[at] as number
  if (lead < 0x80) return [lead, 1]
  const length = sequenceLength(lead, at)
  let point = lead & (0x7f >> length)
  for (let next = at + 1; next < at + length; next += 1) {
    const byte = bytes[next]
    if (byte === undefined || (byte & 0xc0) !== 0x80)
      throw new DecodeError(`utf8: broken sequence at byte ${at}`)
    point = (point << 6) | (byte & 0x3f)
  }
  if (point < (SMALLEST[length] as number)) throw new DecodeError(`utf8: overlong form at byte ${at}`)
  if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
    throw new DecodeError(`utf8: no such character at byte ${at}`)
  }
  return [point, length]
}

/** The smallest character that needs this many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000]

function sequenceLength(lead: number, at: number): number {
  if (lead >= 0xc0 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  if (lead >= 0xf0 && lead < 0xf8) return 4
  throw new DecodeError(`utf8: no character starts at byte ${at}`)
}

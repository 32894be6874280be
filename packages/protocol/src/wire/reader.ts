/**
 * Reads untrusted bytes from front to back. Every length is checked before anything is allocated.
 */

/** Bytes that no correct peer would have sent: truncated, trailing, over a cap, or not in canonical form. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

/** A cursor over bytes that somebody else wrote. */
export class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  /** A cursor at the first byte. What it hands out is plain `Uint8Array`, whatever subclass `bytes` is. */
  constructor(bytes: Uint8Array) {
    // A subclass may redefine `slice` as a view (Node's Buffer does), and a copy that is none would follow the input.
    const isPlain = Object.getPrototypeOf(bytes) === Uint8Array.prototype
    this.#bytes = isPlain ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  /** One byte. @throws DecodeError at the end of the bytes. */
  u8(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw new DecodeError(`truncated at byte ${this.#at}`)
    this.#at += 1
    return value
  }

  /** Four bytes, big-endian. @throws DecodeError at the end of the bytes. */
  u32(): number {
    return ((this.u8() << 24) | (this.u8() << 16) | (this.u8() << 8) | this.u8()) >>> 0
  }

  /** What `Writer.varint` wrote. @throws DecodeError unless it is the shortest encoding of an integer below 2^53. */
  varint(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 8; count += 1) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return this.#canonical(value, byte, count)
      scale *= 0x80
    }
    throw new DecodeError(`varint too long at byte ${this.#at}`)
  }

  /**
   * The next `count` bytes as a view into the input, not a copy.
   *
   * @throws DecodeError if fewer are left.
   */
  raw(count: number): Uint8Array {
    if (count > this.remaining)
      throw new DecodeError(`truncated: need ${count} bytes, ${this.remaining} left`)
    const bytes = this.#bytes.subarray(this.#at, this.#at + count)
    this.#at += count
    return bytes
  }

  /** States that all has been read. @throws DecodeError if something is left. */
  end(): void {
    if (this.remaining > 0) throw new DecodeError(`${this.remaining} trailing bytes`)
  }

  #canonical(value: number, last: number, count: number): number {
    if (last === 0 && count > 0) throw new DecodeError(`varint not minimal at byte ${this.#at}`)
    if (!Number.isSafeInteger(value)) throw new DecodeError(`varint over 2^53 − 1 at byte ${this.#at}`)
    return value
  }
}

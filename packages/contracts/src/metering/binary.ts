/**
 * Bytes of a WebAssembly binary: a cursor that reads them and a list that collects them.
 */

/** A WebAssembly binary that this rewriter does not understand. It is pinned, so this is our own mistake. */
export class UnsupportedBinary extends Error {
  override readonly name = 'UnsupportedBinary'
}

/** Reads a WebAssembly binary from front to back. */
export class BinaryReader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }

  /** @throws UnsupportedBinary at the end of the bytes. */
  u8(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw new UnsupportedBinary(`truncated at byte ${this.at}`)
    this.at += 1
    return byte
  }

  /** An unsigned LEB128 integer of up to 32 bits; the binary may pad it. */
  u32(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new UnsupportedBinary(`integer too long at byte ${this.at}`)
  }

  /** Skips a LEB128 integer of any width and sign. */
  skipLeb(): void {
    while (this.u8() >= 0x80);
  }

  /** The next `count` bytes, as a view. @throws UnsupportedBinary if fewer are left. */
  raw(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new UnsupportedBinary(`truncated at byte ${this.at}`)
    this.at += count
    return this.bytes.subarray(this.at - count, this.at)
  }
}

/** Collects the bytes of a binary. */
export class BinaryWriter {
  #bytes = new Uint8Array(1_024)
  #length = 0

  push(...bytes: readonly number[]): void {
    this.#reserve(bytes.length)
    for (const byte of bytes) {
      this.#bytes[this.#length] = byte
      this.#length += 1
    }
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  u32(value: number): void {
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.push((rest % 0x80) | 0x80)
    this.push(rest)
  }

  /** A non-negative integer as signed LEB128: the immediate of `i32.const` and `i64.const`. */
  signed(value: number): void {
    let rest = value
    for (; rest > 0x3f; rest = Math.floor(rest / 0x80)) this.push((rest % 0x80) | 0x80)
    this.push(rest)
  }

  /** Bytes behind their length. */
  sized(bytes: Uint8Array): void {
    this.u32(bytes.length)
    this.raw(bytes)
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

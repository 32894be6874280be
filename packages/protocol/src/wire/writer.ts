/**
 * Appends to a growing buffer. Encoders write into one `Writer` all the way down, so nothing is copied between layers.
 */
export class Writer {
  #bytes: Uint8Array
  #length = 0

  /** An empty writer; `capacity` in bytes is a first guess. */
  constructor(capacity: number = CAPACITY_MIN) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  /** One byte. @throws RangeError unless `value` is an integer 0..255. */
  u8(value: number): void {
    if (value !== (value & 0xff)) throw new RangeError(`writer: need a byte, got ${value}`)
    this.#reserve(1)
    this.#bytes[this.#length] = value
    this.#length += 1
  }

  /** Four bytes, big-endian. @throws RangeError unless `value` is an integer 0..2^32 − 1. */
  u32(value: number): void {
    if (value !== value >>> 0) throw new RangeError(`writer: need 32 unsigned bits, got ${value}`)
    this.#reserve(4)
    const at = this.#length
    this.#bytes[at] = value >>> 24
    this.#bytes[at + 1] = value >>> 16
    this.#bytes[at + 2] = value >>> 8
    this.#bytes[at + 3] = value
    this.#length += 4
  }

  /**
   * An unsigned integer in 1 to 8 bytes: seven bits each, least significant first.
   *
   * @throws RangeError unless `value` is an integer 0..2^53 − 1.
   */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`writer: need an integer 0..2^53 − 1, got ${value}`)
    }
    this.#reserve(8)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length] = (rest % 0x80) | 0x80
      this.#length += 1
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length] = rest
    this.#length += 1
  }

  /** Raw bytes, without a length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** What was written, as a copy of exactly its length. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** What was written, handed over with its buffer; the writer is empty afterwards. Copies what is short or fills less than half of it. */
  take(): Uint8Array {
    // A view into a short array would make the engine move it off its own heap, which costs ten times as much as a copy.
    const isCopied = 2 * this.#length < this.#bytes.length || this.#bytes.length <= CAPACITY_MIN
    const written = isCopied ? this.finish() : this.view()
    this.#bytes = NOTHING
    this.#length = 0
    return written
  }

  /** What was written, without a copy; valid until the next write or `clear`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Forgets what was written and keeps the buffer. */
  clear(): void {
    this.#length = 0
  }

  #reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2, CAPACITY_MIN))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

const NOTHING = new Uint8Array(0)

/** Most messages fit, and V8 keeps arrays up to this size on its own heap, where making one costs a fifth. */
const CAPACITY_MIN = 64

import type { Stream } from '@libp2p/interface'

/**
 * Bytes per write to the multiplexer: with its header below one Noise message of 65 519 bytes, and few enough
 * that control never waits behind more than this much bulk within our own process.
 */
const CHUNK_BYTES = 64_000
/** Bodies up to this length are copied behind their prefix into one chunk. */
const COPY_BYTES_MAX = 16_384

/** The way out of one stream: whole buffers in, chunks out as fast as the stream takes them. */
export class OutboundLane {
  readonly #stream: Stream
  #queue: Uint8Array[] = []
  #head = 0
  /** Bytes of the head that are already written. */
  #written = 0
  #queuedBytes = 0
  #pumping = false

  constructor(stream: Stream) {
    this.#stream = stream
    // Deferred, so that on a connection that drains each stream first sends what it holds, control before bulk.
    stream.addEventListener('drain', () => queueMicrotask(() => this.#pump()))
  }

  get bufferedBytes(): number {
    return this.#queuedBytes + this.#stream.writeBufferLength
  }

  write(prefix: Uint8Array, body: Uint8Array | undefined): void {
    if (body === undefined || body.length === 0) this.#enqueue(prefix)
    else if (body.length <= COPY_BYTES_MAX) this.#enqueue(joined(prefix, body))
    else {
      // The first chunk carries the prefix; the rest of the body is written from where it lies.
      this.#enqueue(joined(prefix, body.subarray(0, COPY_BYTES_MAX)))
      this.#enqueue(body.subarray(COPY_BYTES_MAX))
    }
    this.#pump()
  }

  clear(): void {
    this.#queue = []
    this.#head = 0
    this.#written = 0
    this.#queuedBytes = 0
  }

  #enqueue(bytes: Uint8Array) {
    this.#queue.push(bytes)
    this.#queuedBytes += bytes.length
  }

  #pump() {
    if (this.#pumping || this.#stream.writableNeedsDrain) return
    this.#pumping = true
    try {
      while (this.#head < this.#queue.length && this.#stream.writeStatus === 'writable')
        if (!this.#stream.send(this.#nextChunk())) break
    } catch {
      // The stream closed under our hands; its close event says so to the link.
    } finally {
      this.#pumping = false
    }
  }

  #nextChunk(): Uint8Array {
    const head = this.#queue[this.#head] as Uint8Array
    const end = Math.min(head.length, this.#written + CHUNK_BYTES)
    const chunk = this.#written === 0 && end === head.length ? head : head.subarray(this.#written, end)
    this.#queuedBytes -= chunk.length
    this.#written = end
    if (end === head.length) this.#advance()
    return chunk
  }

  // Amortised: the array is cut when half of it is behind the head.
  #advance() {
    this.#written = 0
    this.#head += 1
    if (this.#head * 2 < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }
}

function joined(prefix: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(prefix.length + body.length)
  bytes.set(prefix)
  bytes.set(body, prefix.length)
  return bytes
}

/** Frames on a byte stream: a 4-byte big-endian length, then the bytes; the highest 256 lengths are signals. */

/** Bytes before each frame. */
export const PREFIX_BYTES = 4
/** Prefixes from here on carry no body: the low byte says which signal it is. */
const SIGNAL_BASE = 0xffff_ff00
/** The longest frame the format can carry, 1 GiB; transports set their own, lower cap. */
export const FRAME_BYTES_LIMIT: number = 2 ** 30

/** Signals of the transport itself, on the same stream as the frames. */
export const SIGNAL = { welcome: 1, ping: 2, pong: 3 } as const

/** Why a stream cannot be read any further. */
export interface FramingProblem {
  readonly rule: 'network/frame-too-long' | 'network/bad-signal'
  readonly detail: string
}

/** Where a `FrameReader` puts what it found. */
export interface FrameSink {
  /** A whole frame in a buffer of its own. */
  onFrame(frame: Uint8Array): void
  onSignal(signal: number): void
}

/** The 4 bytes that announce a frame of this length. */
export function framePrefix(length: number): Uint8Array {
  return bigEndian(length)
}

/** The 4 bytes of a signal. */
export function signalPrefix(signal: number): Uint8Array {
  return bigEndian(SIGNAL_BASE + signal)
}

/**
 * Cuts a byte stream into frames, whatever the chunks were.
 *
 * One allocation per frame, filled in place, made only after the length was compared with the cap. The first
 * problem ends the reader: everything after it is ignored.
 */
export class FrameReader {
  readonly #frameBytesMax: number
  readonly #sink: FrameSink
  #prefix = 0
  #prefixBytes = 0
  #frame: Uint8Array | undefined
  #filled = 0
  #framesRead = 0
  #stopped = false
  #problem: FramingProblem | undefined

  constructor(frameBytesMax: number, sink: FrameSink) {
    if (!Number.isInteger(frameBytesMax) || frameBytesMax < 0 || frameBytesMax > FRAME_BYTES_LIMIT)
      throw new RangeError(`frameBytesMax: need 0 to ${FRAME_BYTES_LIMIT}, got ${frameBytesMax}`)
    this.#frameBytesMax = frameBytesMax
    this.#sink = sink
  }

  /** Frames completed so far. */
  get framesRead(): number {
    return this.#framesRead
  }

  /** Whether the stream stands within a frame or within its prefix. */
  get partial(): boolean {
    return this.#frame !== undefined || this.#prefixBytes > 0
  }

  /** Reads a chunk, handing out what it completes; the chunk is not kept. Returns why the stream is broken. */
  push(chunk: Uint8Array): FramingProblem | undefined {
    let at = 0
    while (at < chunk.length && !this.#stopped)
      at = this.#frame === undefined ? this.#readPrefix(chunk, at) : this.#readBody(chunk, at, this.#frame)
    return this.#problem
  }

  /** Hands out nothing more, not even what the chunk at hand still holds. */
  stop(): void {
    this.#stopped = true
    this.#frame = undefined
  }

  #readPrefix(chunk: Uint8Array, start: number): number {
    let at = start
    while (this.#prefixBytes < PREFIX_BYTES && at < chunk.length) {
      this.#prefix = this.#prefix * 256 + (chunk[at] as number)
      this.#prefixBytes += 1
      at += 1
    }
    if (this.#prefixBytes === PREFIX_BYTES) this.#begin()
    return at
  }

  #begin() {
    const prefix = this.#prefix
    this.#prefix = 0
    this.#prefixBytes = 0
    if (prefix >= SIGNAL_BASE) return this.#onSignal(prefix - SIGNAL_BASE)
    if (prefix > this.#frameBytesMax)
      return this.#fail('network/frame-too-long', `${prefix} bytes announced, at most ${this.#frameBytesMax}`)
    this.#frame = new Uint8Array(prefix)
    this.#filled = 0
    if (prefix === 0) this.#finish(this.#frame)
  }

  #readBody(chunk: Uint8Array, at: number, frame: Uint8Array): number {
    const end = Math.min(chunk.length, at + frame.length - this.#filled)
    frame.set(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end), this.#filled)
    this.#filled += end - at
    if (this.#filled === frame.length) this.#finish(frame)
    return end
  }

  #finish(frame: Uint8Array) {
    this.#frame = undefined
    this.#framesRead += 1
    this.#sink.onFrame(frame)
  }

  #onSignal(signal: number) {
    if (signal < SIGNAL.welcome || signal > SIGNAL.pong)
      return this.#fail('network/bad-signal', `signal ${signal} is unknown`)
    this.#sink.onSignal(signal)
  }

  #fail(rule: FramingProblem['rule'], detail: string) {
    this.#problem = { rule, detail }
    this.stop()
  }
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
}

import type { MemberKey, Priority, Transport, TransportHandlers } from './transport.js'

/** Bytes the sender keeps waiting: enough to fill the pipe, below any cap. */
const WAITING_BYTES = 4 * 2 ** 20

/** What to measure between two transports that were not started. */
export interface ThroughputOptions {
  readonly a: Transport
  readonly b: Transport
  readonly frameBytes: number
  readonly seconds: number
  /** The lane, by default bulk. */
  readonly priority?: Priority
}

/** What was measured, at the receiver. */
export interface Throughput {
  readonly bytesPerSecond: number
  readonly framesPerSecond: number
  readonly seconds: number
  readonly frames: number
}

/**
 * Starts two transports, sends from `a` to `b` as fast as it goes, counts what arrives, and stops both.
 *
 * The clock runs from the first frame to the last. Both live in this process and share its one thread: between
 * two processes a link carries more. Give the transports an `inboundBytesPerSecond` that is not the limit.
 *
 * @throws RangeError (rejects) for lengths or times that are not positive, Error if the link breaks.
 */
export async function measureThroughput(options: ThroughputOptions): Promise<Throughput> {
  const { a, b, frameBytes, seconds } = options
  if (!(frameBytes > 0) || !(seconds > 0)) throw new RangeError('throughput: need positive lengths and times')
  const counter = new Counter(seconds)
  try {
    await b.start(counter.handlers(() => undefined))
    const connected = new Promise<void>((resolve, reject) => {
      const starting = a.start(counter.handlers(resolve))
      starting.then(() => introduce(a, b), reject)
    })
    await connected
    return await pump(a, b.self, counter, options)
  } finally {
    await Promise.all([a.stop(), b.stop()])
  }
}

function introduce(a: Transport, b: Transport): void {
  b.admit([{ key: a.self, addresses: a.addresses }])
  a.admit([{ key: b.self, addresses: b.addresses }])
}

/** Sends until the counter is done. Rejects if the connection ends before. */
async function pump(
  a: Transport,
  to: MemberKey,
  counter: Counter,
  { frameBytes, priority = 'bulk' }: ThroughputOptions,
): Promise<Throughput> {
  const frame = new Uint8Array(frameBytes)
  while (counter.result === undefined) {
    while (a.bufferedBytes(to) < WAITING_BYTES)
      if (!a.send(to, priority, frame)) throw new Error('throughput: the connection ended')
    await new Promise<void>(resolve => setImmediate(resolve))
  }
  return counter.result
}

/** Counts arriving frames until the time is over. */
class Counter {
  readonly #seconds: number
  #startedAt: number | undefined
  #frames = 0
  #bytes = 0
  result: Throughput | undefined

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  handlers(onConnected: () => void): TransportHandlers {
    return {
      onConnected,
      onFrame: (_from, _priority, frame) => this.#count(frame.length),
      onDisconnected: () => undefined,
      onFault: () => undefined,
    }
  }

  // The first frame starts the clock and is not counted.
  #count(bytes: number) {
    const now = performance.now()
    this.#startedAt ??= now
    const seconds = (now - this.#startedAt) / 1_000
    if (seconds === 0 || this.result !== undefined) return
    this.#frames += 1
    this.#bytes += bytes
    if (seconds < this.#seconds) return
    this.result = {
      bytesPerSecond: this.#bytes / seconds,
      framesPerSecond: this.#frames / seconds,
      seconds,
      frames: this.#frames,
    }
  }
}

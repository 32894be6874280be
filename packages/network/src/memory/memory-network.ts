import { type TransportLimits, transportLimits } from '../limits.js'
import { memberKey } from '../member-key.js'
import type { MemberKey, Transport } from '../transport.js'
import { MemoryTransport } from './memory-transport.js'

/** What a memory transport may be told; the bounds have defaults. */
export interface MemoryTransportOptions extends Partial<TransportLimits> {
  /** The names under which it can be dialled; by default its own key. */
  readonly listen?: readonly string[]
}

/** A network within one process, for tests: one queue, first in, first out, whose links can be cut. */
export interface MemoryNetwork {
  /**
   * A new transport for this member. One transport per member runs at a time.
   *
   * @throws RangeError for a key that is not 64 characters of lower-case hex or a bound out of range.
   */
  transport(key: MemberKey, options?: MemoryTransportOptions): Transport
  /** Cuts the link between two members: they are disconnected, what was on its way is lost. */
  cut(a: MemberKey, b: MemberKey): void
  /** Restores a link that was cut. */
  heal(a: MemberKey, b: MemberKey): void
}

/**
 * Makes a network of its own.
 *
 * Deliveries and connections happen in the order in which they were caused, after the running code returned
 * (`setImmediate`); equal programs see equal orders. Time plays a part only in bans.
 */
export function memoryNetwork(): MemoryNetwork {
  const hub = new MemoryHub()
  return {
    transport: (key, { listen = [key], ...chosen } = {}) =>
      new MemoryTransport(hub, memberKey(key), listen, transportLimits(chosen)),
    cut: (a, b) => hub.cut(a, b),
    heal: (a, b) => hub.heal(a, b),
  }
}

/** What the transports of one memory network share: who runs, which links are cut, what is on its way. */
export class MemoryHub {
  readonly #running = new Map<MemberKey, MemoryTransport>()
  readonly #cuts = new Set<string>()
  #queue: (() => void)[] = []

  /** The running transport of this member, unless the link to it is cut. */
  reach(from: MemberKey, to: MemberKey): MemoryTransport | undefined {
    return this.#cuts.has(pairOf(from, to)) ? undefined : this.#running.get(to)
  }

  /** The running transport of this member, cut or not: to tell it that a connection ended. */
  reachAnyway(key: MemberKey): MemoryTransport | undefined {
    return this.#running.get(key)
  }

  /** @throws Error if a transport of this member runs already. */
  join(transport: MemoryTransport): void {
    if (this.#running.has(transport.self)) throw new Error(`memory: ${transport.self} runs already`)
    this.#running.set(transport.self, transport)
    this.settle()
  }

  leave(transport: MemoryTransport): void {
    if (this.#running.get(transport.self) === transport) this.#running.delete(transport.self)
  }

  cut(a: MemberKey, b: MemberKey): void {
    this.#cuts.add(pairOf(a, b))
    this.#running.get(a)?.unlink(b)
  }

  heal(a: MemberKey, b: MemberKey): void {
    this.#cuts.delete(pairOf(a, b))
    this.settle()
  }

  /** Lets every pair that may connect do so, in the order of joining, after the running code. */
  settle(): void {
    this.later(() => {
      for (const transport of [...this.#running.values()]) transport.dialAll()
    })
  }

  /** Runs `event` after everything that was put off before it. */
  later(event: () => void): void {
    this.#queue.push(event)
    if (this.#queue.length === 1) setImmediate(() => this.#drain())
  }

  // What an event causes waits for the next turn, so that timers and sockets get theirs. An event that throws
  // is the handler's bug: the rest stays queued and the error goes to the process.
  #drain() {
    const events = this.#queue
    this.#queue = []
    let done = 0
    try {
      for (const event of events) {
        done += 1
        event()
      }
    } finally {
      if (done < events.length) this.#requeue(events.slice(done))
    }
  }

  #requeue(rest: readonly (() => void)[]) {
    const idle = this.#queue.length === 0
    this.#queue.unshift(...rest)
    if (idle) setImmediate(() => this.#drain())
  }
}

const pairOf = (a: MemberKey, b: MemberKey): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

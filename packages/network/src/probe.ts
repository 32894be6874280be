import type {
  MemberKey,
  PeerAddress,
  Priority,
  Transport,
  TransportFault,
  TransportHandlers,
} from './transport.js'

/** One frame as it arrived. */
export interface Arrival {
  readonly from: MemberKey
  readonly priority: Priority
  readonly frame: Uint8Array
}

/** How long a law may take before it counts as broken, in milliseconds. Nothing waits for it when all is well. */
const PATIENCE_MS = 20_000

/** A transport under test with everything it reported, and a way to wait for what it will report. */
export class Probe implements TransportHandlers {
  readonly transport: Transport
  readonly arrivals: Arrival[] = []
  readonly faults: TransportFault[] = []
  /** Connections and disconnections in the order of their report: `+key`, `-key`. */
  readonly changes: string[] = []
  readonly #waiting = new Set<() => void>()

  constructor(transport: Transport) {
    this.transport = transport
  }

  get key(): MemberKey {
    return this.transport.self
  }

  /** What others admit to reach us. */
  get address(): PeerAddress {
    return { key: this.key, addresses: this.transport.addresses }
  }

  start(): Promise<void> {
    return this.transport.start(this)
  }

  isConnected(peer: MemberKey): boolean {
    return this.changes.findLast(change => change.slice(1) === peer)?.startsWith('+') === true
  }

  /** Waits until `condition` holds; it is asked after each report. Rejects, naming it, when patience ends. */
  until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.delete(ask)
        reject(new Error(`${this.transport.kind}: waited in vain until ${what}`))
      }, PATIENCE_MS)
      const ask = (): void => {
        if (!condition()) return
        clearTimeout(giveUp)
        this.#waiting.delete(ask)
        resolve()
      }
      this.#waiting.add(ask)
    })
  }

  untilConnected(peer: MemberKey): Promise<void> {
    return this.until('connected', () => this.isConnected(peer))
  }

  onFrame(from: MemberKey, priority: Priority, frame: Uint8Array): void {
    this.arrivals.push({ from, priority, frame })
    this.#ask()
  }

  onConnected(peer: MemberKey): void {
    this.changes.push(`+${peer}`)
    this.#ask()
  }

  onDisconnected(peer: MemberKey): void {
    this.changes.push(`-${peer}`)
    this.#ask()
  }

  onFault(fault: TransportFault): void {
    this.faults.push(fault)
    this.#ask()
  }

  #ask() {
    for (const ask of [...this.#waiting]) ask()
  }
}

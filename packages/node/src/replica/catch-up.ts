/**
 * Catching up by blocks: asks one peer at a time for what follows our tip, and the next one if nothing good comes back.
 */
import type { PeerIndex } from '@mc/protocol'

/** How long an answer may take before another peer is asked, in ms. */
export const ANSWER_MS_MAX = 3_000

/** What catching up may do. */
export interface CatchUpOptions {
  readonly ask: (peer: PeerIndex) => void
  readonly peers: () => readonly PeerIndex[]
}

/** The state of catching up: idle, or waiting for one peer's answer. */
export class CatchUp {
  readonly #options: CatchUpOptions
  #asked: { readonly peer: PeerIndex; readonly atMs: number } | undefined
  #turn = 0
  #wanted = false
  #target = 0

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** Whether blocks are being fetched. */
  get isRunning(): boolean {
    return this.#wanted
  }

  /** Everything below `target` is known to exist. */
  get target(): number {
    return this.#target
  }

  /** Blocks below `target` are missing: begins to ask. */
  begin(target: number, nowMs: number): void {
    this.#target = Math.max(this.#target, target)
    if (this.#wanted) return
    this.#wanted = true
    this.#askNext(nowMs)
  }

  /** Whether an answer of this peer is expected. */
  expects(peer: PeerIndex): boolean {
    return this.#asked?.peer === peer
  }

  /** Blocks came and were good: the same peer is asked for more. */
  progressed(nowMs: number): void {
    if (this.#asked === undefined) return
    this.#asked = { peer: this.#asked.peer, atMs: nowMs }
    this.#options.ask(this.#asked.peer)
  }

  /** The answer was of no use: another peer is asked at the next tick, so that useless answers cannot keep us busy. */
  disappointed(): void {
    this.#asked = undefined
  }

  /** Nothing is missing any more. */
  end(): void {
    this.#wanted = false
    this.#asked = undefined
  }

  /** The clock moved: an answer that takes too long is not waited for. */
  tick(nowMs: number): void {
    if (this.#wanted && (this.#asked === undefined || nowMs - this.#asked.atMs > ANSWER_MS_MAX))
      this.#askNext(nowMs)
  }

  #askNext(nowMs: number): void {
    const peers = this.#options.peers()
    const peer = peers[this.#turn % Math.max(1, peers.length)]
    this.#turn += 1
    this.#asked = peer === undefined ? undefined : { peer, atMs: nowMs }
    if (peer !== undefined) this.#options.ask(peer)
  }
}

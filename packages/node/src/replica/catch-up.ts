/**
 * Catching up by blocks: asks one peer at a time for what follows our tip, and the next one if nothing good comes back.
 */
import type { PeerIndex } from '@mc/protocol'

/** How long an answer may take before another peer is asked, in ms. */
export const ANSWER_MS_MAX = 3_000

/** What catching up may do. */
export interface CatchUpOptions {
  /** Asks a peer for what follows our tip. */
  readonly ask: (peer: PeerIndex) => void
  readonly peers: () => readonly PeerIndex[]
  /** The epoch that follows our tip. */
  readonly nextEpoch: () => number
  readonly now: () => number
}

/** One question that waits for its answer. */
interface Question {
  readonly peer: PeerIndex
  readonly epoch: number
  readonly atMs: number
}

/** The state of catching up: idle, or waiting for one peer's answer. */
export class CatchUp {
  readonly #options: CatchUpOptions
  #asked: Question | undefined
  #turn = 0
  #isWanted = false
  #target = 0

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** Whether blocks are being fetched. */
  get isRunning(): boolean {
    return this.#isWanted
  }

  /** Whether everything that is known to exist is here. */
  get isReached(): boolean {
    return this.#options.nextEpoch() >= this.#target
  }

  /** Blocks below `target` are missing, or may be: begins to ask. */
  begin(target: number): void {
    this.#target = Math.max(this.#target, target)
    if (this.#isWanted) return
    this.#isWanted = true
    this.#askNext()
  }

  /** Whether this is the answer to what we asked. */
  expects(peer: PeerIndex, epoch: number): boolean {
    return this.#asked?.peer === peer && this.#asked.epoch === epoch
  }

  /** We stand further than when we asked: the same peer is asked for more. */
  progressed(): void {
    if (this.#asked !== undefined) this.#ask(this.#asked.peer)
  }

  /** The answer was of no use: another peer is asked at the next tick, so that useless answers cannot keep us busy. */
  disappointed(): void {
    this.#asked = undefined
  }

  /** A peer is gone, and so is its answer. */
  disconnected(peer: PeerIndex): void {
    if (this.#asked?.peer === peer) this.#asked = undefined
  }

  /** Nothing is missing any more. */
  end(): void {
    this.#isWanted = false
    this.#asked = undefined
  }

  /** The clock moved: an answer that takes too long is not waited for. */
  tick(): void {
    const waitedMs =
      this.#asked === undefined ? Number.POSITIVE_INFINITY : this.#options.now() - this.#asked.atMs
    if (this.#isWanted && waitedMs > ANSWER_MS_MAX) this.#askNext()
  }

  #askNext(): void {
    const peers = this.#options.peers()
    const peer = peers[this.#turn % Math.max(1, peers.length)]
    this.#turn += 1
    this.#asked = undefined
    if (peer !== undefined) this.#ask(peer)
  }

  #ask(peer: PeerIndex): void {
    this.#asked = { peer, epoch: this.#options.nextEpoch(), atMs: this.#options.now() }
    this.#options.ask(peer)
  }
}

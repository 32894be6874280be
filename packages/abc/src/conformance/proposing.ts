import { type Epoch, epoch } from '@mc/protocol'
import type { AtomicBroadcastInput } from '../atomic-broadcast.js'
import type { BatchOutput } from './batches.js'

/** How a node of the suite proposes. */
export interface ProposingOptions {
  /** How many epochs run at once. */
  readonly depth: number
  /** No proposals are made from this epoch on. */
  readonly epochCount: number
  /** Whether it proposes as soon as an epoch is open, or only where a proposal is wanted. */
  readonly eager: boolean
}

/** When a node proposes: for one epoch after the other, once each, as they open. */
export class Proposing {
  readonly #options: ProposingOptions
  #next = 0
  #openBelow: number
  #wantedBelow: number
  #inFlight = false
  /** What the last batch said that we have seen, for broadcasts that link epochs. */
  #seen: Uint8Array | undefined

  constructor(options: ProposingOptions) {
    this.#options = options
    this.#openBelow = options.depth
    this.#wantedBelow = options.eager ? options.epochCount : 0
  }

  /** The epoch that a proposal is wanted for, if there is one; the proposal then counts as on its way until `given`. */
  take(): Epoch | undefined {
    const below = Math.min(this.#openBelow, this.#wantedBelow, this.#options.epochCount)
    if (this.#inFlight || this.#next >= below) return undefined
    this.#inFlight = true
    return epoch(this.#next)
  }

  /** The proposal for an epoch was given. */
  given(proposed: Epoch): void {
    this.#inFlight = false
    this.#next = Math.max(this.#next, proposed + 1)
  }

  /** The input that proposes `payload` for an epoch. */
  input(at: Epoch, payload: Uint8Array): AtomicBroadcastInput {
    const seen = this.#seen
    return { type: 'propose', epoch: at, payload, ...(seen !== undefined && { seen }) }
  }

  /** A batch was output. */
  batch({ epoch: finished, seen }: BatchOutput): void {
    this.#seen = seen
    this.over(finished)
  }

  /** Every epoch up to this one is over. */
  over(finished: Epoch): void {
    this.#openBelow = Math.max(this.#openBelow, finished + 1 + this.#options.depth)
    this.#next = Math.max(this.#next, finished + 1)
  }

  /** A proposal is wanted. */
  wanted(at: Epoch): void {
    this.#wantedBelow = Math.max(this.#wantedBelow, at + 1)
  }
}

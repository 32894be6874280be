/**
 * Which inputs the caller has given; anything else is its mistake and changes nothing.
 */
import { type Bit, unreachable } from '@mc/protocol'
import type { RabaInput } from '../raba.js'

/** `propose` exactly once; `repropose` at most once, only after `propose` of 0, and only where reproposals exist. */
export class Proposal {
  readonly #reproposable: boolean
  #proposed: Bit | undefined
  #reproposed = false

  constructor(reproposable: boolean) {
    this.#reproposable = reproposable
  }

  /** Whether this member takes part. */
  get made(): boolean {
    return this.#proposed !== undefined
  }

  /** Notes an input; throws as `propose` and `repropose` do. */
  note(input: RabaInput): void {
    switch (input.type) {
      case 'propose':
        this.propose(input.bit)
        break
      case 'repropose':
        this.repropose()
        break
      default:
        unreachable(input)
    }
  }

  /** @throws RangeError on a second propose, and unless `bit` is 0 or 1. */
  propose(bit: Bit): void {
    if (bit !== 0 && bit !== 1) throw new RangeError(`raba: need a bit to propose, got ${String(bit)}`)
    if (this.#proposed !== undefined) throw new RangeError(`raba: proposed ${this.#proposed} already`)
    this.#proposed = bit
  }

  /** @throws TypeError where reproposals do not exist; RangeError before propose, after propose of 1, and on a second one. */
  repropose(): void {
    if (!this.#reproposable) throw new TypeError('aba: a binary agreement without reproposal')
    if (this.#proposed !== 0) {
      throw new RangeError(
        `raba: only who proposed 0 may repropose; proposed ${this.#proposed ?? 'nothing yet'}`,
      )
    }
    if (this.#reproposed) throw new RangeError('raba: reproposed already')
    this.#reproposed = true
  }
}

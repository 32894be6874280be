/**
 * Work that operations will need, begun before they are met: dear proofs are verified elsewhere while the loop goes on.
 *
 * What comes of it changes no outcome. Whoever meets an operation finds the work done, or does it.
 */

/** How soon it is needed. */
export interface AheadOrder {
  /** A block waits for it. */
  readonly isUrgent: boolean
}

/** Begins work on operations in a state; nothing if there is nothing to wait for. Never rejects. */
export type Prepare<State> = (
  state: State,
  operations: readonly Uint8Array[],
  order: AheadOrder,
) => Promise<void> | undefined

/** Begins work; true if it is to be waited for. Then `done` comes once, in an event of its own, whatever came of it. */
export type Ahead = (operations: readonly Uint8Array[], done: () => void, order: AheadOrder) => boolean

/** Between a replica, which knows no promises, and the loop, in which all events run. */
export class AheadWork<State> {
  readonly #prepare: Prepare<State> | undefined
  readonly #state: () => State
  #event: ((run: () => void) => void) | undefined

  constructor(prepare: Prepare<State> | undefined, state: () => State) {
    this.#prepare = prepare
    this.#state = state
  }

  /** From now on work is begun; until here, while a log is heard again, all is done where it is met. */
  begin(event: (run: () => void) => void): void {
    this.#event = event
  }

  /** The replica is over: whatever comes back concerns nobody. */
  end(): void {
    this.#event = undefined
  }

  /** For the replica. */
  readonly ahead: Ahead = (operations, done, order) => {
    if (this.#event === undefined) return false
    const work = this.#prepare?.(this.#state(), operations, order)
    if (work === undefined) return false
    void work.then(() => this.#event?.(done))
    return true
  }
}

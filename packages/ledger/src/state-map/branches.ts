import { SLOTS } from './slots.js'

/** A leaf by its place, p + 1; a branch b, −1 − b; or nothing. */
export type Node = number

/** No node. */
export const NOTHING: Node = 0
export const leafNode = (place: number): Node => place + 1
export const placeOf = (leaf: Node): number => leaf - 1
export const branchNode = (branch: number): Node => -1 - branch
export const branchOf = (node: Node): number => -1 - node
export const isBranch = (node: Node): boolean => node < 0

/** Above the top. */
export const NO_BRANCH = -1

/** The branches of a trie, by number: columns of numbers, no object for each. */
export class Branches {
  #windows = new Uint8Array(64)
  #children = new Int32Array(64 * SLOTS)
  #above = new Int32Array(64)
  #isStale = new Uint8Array(64)
  readonly #free: number[] = []
  #count = 0

  /** A branch without children, which is stale. */
  add(window: number, above: number): number {
    const branch = this.#free.pop() ?? this.#next()
    this.#windows[branch] = window
    this.#above[branch] = above
    this.#isStale[branch] = 1
    this.#children.fill(NOTHING, branch * SLOTS, (branch + 1) * SLOTS)
    return branch
  }

  /** Gives a branch away: its number may be another's from now on. */
  free(branch: number): void {
    this.#free.push(branch)
  }

  /** Which window of a digest it asks for; above it stand smaller ones. */
  window(branch: number): number {
    return this.#windows[branch] as number
  }

  child(branch: number, slot: number): Node {
    return this.#children[branch * SLOTS + slot] as Node
  }

  setChild(branch: number, slot: number, child: Node): void {
    this.#children[branch * SLOTS + slot] = child
  }

  /** The branch above, or `NO_BRANCH`. */
  above(branch: number): number {
    return this.#above[branch] as number
  }

  setAbove(branch: number, above: number): void {
    this.#above[branch] = above
  }

  /** Whether something below has changed since it was hashed. */
  isStale(branch: number): boolean {
    return this.#isStale[branch] === 1
  }

  /** Says that it has been hashed. */
  setFresh(branch: number): void {
    this.#isStale[branch] = 0
  }

  /** Marks a branch and all above it. What is above a stale one is stale already. */
  markFrom(branch: number): void {
    for (let at = branch; at !== NO_BRANCH && this.#isStale[at] === 0; at = this.#above[at] as number) {
      this.#isStale[at] = 1
    }
  }

  /** The children that are there, ascending. */
  children(branch: number): Node[] {
    const all = this.#children.subarray(branch * SLOTS, (branch + 1) * SLOTS)
    return [...all].filter(child => child !== NOTHING)
  }

  /** The first child, or the only one. */
  firstChild(branch: number): Node {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const child = this.child(branch, slot)
      if (child !== NOTHING) return child
    }
    return NOTHING
  }

  /** The set of slots that are taken. */
  slots(branch: number): number {
    let slots = 0
    for (let slot = 0; slot < SLOTS; slot += 1) if (this.child(branch, slot) !== NOTHING) slots |= 1 << slot
    return slots
  }

  #next(): number {
    if (this.#count === this.#windows.length) {
      this.#windows = longer(this.#windows, Uint8Array)
      this.#children = longer(this.#children, Int32Array)
      this.#above = longer(this.#above, Int32Array)
      this.#isStale = longer(this.#isStale, Uint8Array)
    }
    this.#count += 1
    return this.#count - 1
  }
}

/** The same numbers with room for as many again. */
export function longer<A extends Uint8Array | Int32Array>(numbers: A, Numbers: new (length: number) => A): A {
  const grown = new Numbers(2 * numbers.length)
  grown.set(numbers)
  return grown
}

/**
 * A trie over key digests, compressed: a branch stands only where keys part, so a set of keys has one shape.
 *
 * A leaf has a place, a number that stays its own until it is removed. Nodes are numbers too, and what is known about them
 * stands in columns: a trie of a million keys is a few dozen arrays.
 */
import {
  Branches,
  branchNode,
  branchOf,
  isBranch,
  leafNode,
  longer,
  NO_BRANCH,
  NOTHING,
  type Node,
  placeOf,
} from './branches.js'
import { Digests } from './digests.js'
import { byteOf, slotIn, slotOf, windowOfDifference } from './slots.js'

/** Where a leaf stands: a number, its own until it is removed. */
export type Place = number

/** The shape of a state map. */
export class Trie {
  /** Key digests by place. */
  readonly digests: Digests = new Digests()
  readonly branches: Branches = new Branches()
  #top: Node = NOTHING
  #above = new Int32Array(64)
  readonly #free: Place[] = []
  #places = 0

  /** The node that all others are below, or `NOTHING`. */
  get top(): Node {
    return this.#top
  }

  /** The place of a key digest, if it has one. */
  find(digest: Uint8Array): Place | undefined {
    let node = this.#top
    while (isBranch(node)) {
      const branch = branchOf(node)
      node = this.branches.child(branch, slotOf(digest, this.branches.window(branch)))
    }
    if (node === NOTHING || !this.digests.equals(placeOf(node), digest)) return undefined
    return placeOf(node)
  }

  /** Gives a key digest a place, which it must not have yet. */
  insert(digest: Uint8Array): Place {
    const place = this.#free.pop() ?? this.#next()
    this.digests.set(place, digest)
    const { branches } = this
    if (this.#top === NOTHING) {
      this.#put(leafNode(place), NO_BRANCH, 0)
      return place
    }
    const neighbour = this.#neighbour(digest)
    const window = this.#parting(neighbour, digest)
    let below = leafNode(neighbour)
    let above = this.#above[neighbour] as number
    while (above !== NO_BRANCH && branches.window(above) > window) {
      below = branchNode(above)
      above = branches.above(above)
    }
    if (above === NO_BRANCH || branches.window(above) < window) {
      const branch = branches.add(window, above)
      this.#put(branchNode(branch), above, this.#slotAbove(above, digest))
      this.#put(below, branch, this.#slotAt(neighbour, window))
      above = branch
    }
    this.#put(leafNode(place), above, slotOf(digest, window))
    return place
  }

  /** Takes a leaf out, and the branch above it if one child is left to it. */
  remove(place: Place): void {
    const { branches } = this
    const above = this.#above[place] as number
    this.#free.push(place)
    if (above === NO_BRANCH) {
      this.#top = NOTHING
      return
    }
    branches.setChild(above, this.#slotAt(place, branches.window(above)), NOTHING)
    branches.markFrom(above)
    const slots = branches.slots(above)
    if ((slots & (slots - 1)) !== 0) return
    const over = branches.above(above)
    this.#put(
      branches.firstChild(above),
      over,
      over === NO_BRANCH ? 0 : this.#slotAt(place, branches.window(over)),
    )
    branches.free(above)
  }

  /** Marks every branch above a leaf: its hash has to be computed again. */
  mark(place: Place): void {
    this.branches.markFrom(this.#above[place] as number)
  }

  /** The leaves below a node by their digests, ascending. */
  *placesBelow(top: Node): Iterable<Place> {
    const waiting = top === NOTHING ? [] : [top]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (!isBranch(node)) yield placeOf(node)
      else for (const child of this.branches.children(branchOf(node)).reverse()) waiting.push(child)
    }
  }

  /** The highest nodes that ask for no window before `window`. */
  *nodesBelow(window: number): Iterable<Node> {
    const waiting = this.#top === NOTHING ? [] : [this.#top]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (isBranch(node) && this.branches.window(branchOf(node)) < window) {
        for (const child of this.branches.children(branchOf(node))) waiting.push(child)
      } else yield node
    }
  }

  // Some leaf that shares with the digest whatever any leaf shares with it.
  #neighbour(digest: Uint8Array): Place {
    let node = this.#top
    while (isBranch(node)) {
      const branch = branchOf(node)
      const child = this.branches.child(branch, slotOf(digest, this.branches.window(branch)))
      node = child === NOTHING ? this.branches.firstChild(branch) : child
    }
    return placeOf(node)
  }

  // The first window in which they differ.
  #parting(place: Place, digest: Uint8Array): number {
    let at = 0
    while (this.digests.byte(place, at) === digest[at]) at += 1
    return windowOfDifference(at, this.digests.byte(place, at) ^ (digest[at] as number))
  }

  #slotAt(place: Place, window: number): number {
    return slotIn(this.digests.byte(place, byteOf(window)), window)
  }

  #slotAbove(above: number, digest: Uint8Array): number {
    return above === NO_BRANCH ? 0 : slotOf(digest, this.branches.window(above))
  }

  #put(node: Node, above: number, slot: number): void {
    if (above === NO_BRANCH) this.#top = node
    else {
      this.branches.setChild(above, slot, node)
      this.branches.markFrom(above)
    }
    if (isBranch(node)) this.branches.setAbove(branchOf(node), above)
    else this.#above[placeOf(node)] = above
  }

  #next(): Place {
    if (this.#places === this.#above.length) this.#above = longer(this.#above, Int32Array)
    this.#places += 1
    return this.#places - 1
  }
}

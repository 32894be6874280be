/**
 * The hashes of a trie's nodes: each computed when it is asked for, and again only if something below has changed.
 */
import type { Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'
import { branchOf, isBranch, longer, NOTHING, type Node, placeOf } from './branches.js'
import { Digests } from './digests.js'
import { SLOTS } from './slots.js'
import type { StateEntry } from './state-entry.js'
import { BRANCH, HEAD_BYTES, LEAF } from './state-hash.js'
import type { Place, Trie } from './trie.js'

const HEAD_WORDS = HEAD_BYTES / 4
const DIGEST_WORDS = 8

/** The hashes of a trie whose leaves are entries. */
export class NodeHashes {
  readonly #sha256: Sha256
  readonly #trie: Trie
  readonly #entryAt: (place: Place) => StateEntry
  readonly #ofLeaves = new Digests()
  readonly #ofBranches = new Digests()
  /** Leaves whose value has changed since they were hashed, by place. */
  #isStale = new Uint8Array(64)
  readonly #writer = new Writer(1_024)
  // What a node is hashed from stands in the first words of one buffer, of which view k shows the head and k digests.
  readonly #words = new Int32Array(HEAD_WORDS + SLOTS * DIGEST_WORDS)
  readonly #bytes = new Uint8Array(this.#words.buffer)
  readonly #views = Array.from({ length: SLOTS + 1 }, (_, count) =>
    this.#bytes.subarray(0, 4 * (HEAD_WORDS + count * DIGEST_WORDS)),
  )

  constructor(trie: Trie, entryAt: (place: Place) => StateEntry, sha256: Sha256) {
    this.#trie = trie
    this.#entryAt = entryAt
    this.#sha256 = sha256
  }

  /** Says that the value at a place has changed, or is another's now. */
  mark(place: Place): void {
    while (place >= this.#isStale.length) this.#isStale = longer(this.#isStale, Uint8Array)
    this.#isStale[place] = 1
    this.#trie.mark(place)
  }

  /** The hash of a node. */
  of(node: Node): Uint8Array {
    this.#refresh(node)
    return isBranch(node) ? this.#ofBranches.at(branchOf(node)) : this.#ofLeaves.at(placeOf(node))
  }

  /** The digest of an entry's key. */
  keyDigest(entry: StateEntry): Uint8Array {
    this.#writer.clear()
    entry.writeKey(this.#writer)
    return this.#sha256(this.#writer.view())
  }

  /** The digest of the value of the entry at a place. */
  valueDigest(place: Place): Uint8Array {
    const entry = this.#entryAt(place)
    this.#writer.clear()
    entry.writeValue(this.#writer, entry.value)
    return this.#sha256(this.#writer.view())
  }

  #refresh(node: Node): void {
    if (isBranch(node)) this.#refreshBranch(branchOf(node))
    else if (this.#isStale[placeOf(node)] === 1) this.#refreshLeaf(placeOf(node))
  }

  #refreshBranch(branch: number): void {
    const { branches } = this.#trie
    if (!branches.isStale(branch)) return
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const child = branches.child(branch, slot)
      if (child !== NOTHING) this.#refresh(child)
    }
    branches.setFresh(branch)
    this.#ofBranches.set(branch, this.#sha256(this.#preimage(branch)))
  }

  #refreshLeaf(place: Place): void {
    this.#isStale[place] = 0
    this.#setHead(LEAF, 0, 0)
    this.#trie.digests.copyTo(this.#words, HEAD_WORDS, place)
    this.#bytes.set(this.valueDigest(place), 4 * (HEAD_WORDS + DIGEST_WORDS))
    this.#ofLeaves.set(place, this.#sha256(this.#views[2] as Uint8Array))
  }

  #preimage(branch: number): Uint8Array {
    const { branches } = this.#trie
    let slots = 0
    let count = 0
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const child = branches.child(branch, slot)
      if (child === NOTHING) continue
      const to = HEAD_WORDS + count * DIGEST_WORDS
      if (isBranch(child)) this.#ofBranches.copyTo(this.#words, to, branchOf(child))
      else this.#ofLeaves.copyTo(this.#words, to, placeOf(child))
      slots |= 1 << slot
      count += 1
    }
    this.#setHead(BRANCH, branches.window(branch), slots)
    return this.#views[count] as Uint8Array
  }

  #setHead(kind: number, window: number, slots: number): void {
    this.#bytes[0] = kind
    this.#bytes[1] = window
    this.#bytes[2] = slots >>> 8
    this.#bytes[3] = slots & 0xff
  }
}

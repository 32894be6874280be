/**
 * An authenticated map: a root that commits to every entry, and proofs of what is in it and of what is not.
 *
 * Two maps with the same entries have the same root, in whatever order they were written. Changing an entry costs O(log size)
 * hashes, and only once per root that is asked for, however often it changes in between. The map keeps 64 bytes and a few
 * numbers per entry; the values stay where they are, and their bytes are made when they are hashed, proven or handed over.
 *
 * Derived; why a gap or another leaf proves absence is argued in docs/adr/0019-state-map-in-columns.md.
 */
import type { Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'
import { branchOf, isBranch, NOTHING, placeOf } from './branches.js'
import { NodeHashes } from './node-hashes.js'
import { prefixOf, rankOf, slotOf } from './slots.js'
import type { StateEntry } from './state-entry.js'
import { stateRoot } from './state-hash.js'
import type { StateBranch, StateProof, StateProofEnd, StateProofStep } from './state-proof.js'
import { type Place, Trie } from './trie.js'

/** An authenticated map of entries. */
export class StateMap<Entry extends StateEntry = StateEntry> {
  readonly #sha256: Sha256
  readonly #trie = new Trie()
  readonly #hashes: NodeHashes
  readonly #entries: (Entry | undefined)[] = []
  #size = 0

  /** An empty map. */
  constructor(sha256: Sha256) {
    this.#sha256 = sha256
    this.#hashes = new NodeHashes(this.#trie, place => this.at(place), sha256)
  }

  /** How many entries there are. */
  get size(): number {
    return this.#size
  }

  /** Puts an entry in, in place of the one with the same key; its place is its own until it is taken out. */
  put(entry: Entry): Place {
    const digest = this.#hashes.keyDigest(entry)
    const taken = this.#trie.find(digest)
    const place = taken ?? this.#trie.insert(digest)
    if (taken === undefined) this.#size += 1
    this.#entries[place] = entry
    this.#hashes.mark(place)
    return place
  }

  /** Says that the entry at a place has another value. */
  changed(place: Place): void {
    this.#hashes.mark(place)
  }

  /** Puts another entry in place of one that has the same key and the same bytes. */
  replace(place: Place, entry: Entry): void {
    this.#entries[place] = entry
  }

  /** Takes the entry at a place out. */
  remove(place: Place): void {
    this.#trie.remove(place)
    this.#entries[place] = undefined
    this.#size -= 1
  }

  /** The place of a key, if it is there. */
  find(key: Uint8Array): Place | undefined {
    return this.#trie.find(this.#sha256(key))
  }

  /** The entry at a place that is taken. */
  at(place: Place): Entry {
    return this.#entries[place] as Entry
  }

  /** The entries with their places, in the order of their key digests. */
  *entries(): Iterable<readonly [place: Place, entry: Entry]> {
    for (const place of this.#trie.placesBelow(this.#trie.top)) yield [place, this.at(place)]
  }

  /** Commits to every entry; 32 bytes. */
  root(): Uint8Array {
    return stateRoot(this.#size, this.top(), this.#sha256)
  }

  /** The hash of the whole trie; nothing if there is no entry. */
  top(): Uint8Array | undefined {
    const { top } = this.#trie
    return top === NOTHING ? undefined : this.#hashes.of(top)
  }

  /** Proof of what the map holds under a key, or that it holds nothing there. O(log size). */
  prove(key: Uint8Array): StateProof {
    const { branches, top } = this.#trie
    const digest = this.#sha256(key)
    const size = this.#size
    const steps: StateProofStep[] = []
    let node = top
    while (isBranch(node)) {
      const branch = this.#branch(branchOf(node))
      const slot = slotOf(digest, branch.window)
      if ((branch.slots & (1 << slot)) === 0) return { size, steps, end: { type: 'gap', ...branch } }
      const { window, slots, hashes } = branch
      steps.push({ window, slots, siblings: hashes.toSpliced(rankOf(slots, slot), 1) })
      node = branches.child(branchOf(node), slot)
    }
    return { size, steps, end: node === NOTHING ? { type: 'empty' } : this.#end(placeOf(node), digest) }
  }

  /** The highest parts whose keys share the first `windows` windows of their digests: which, their hashes, their entries in order. */
  *parts(windows: number): Iterable<StatePart<Entry>> {
    for (const node of this.#trie.nodesBelow(windows)) {
      const places = [...this.#trie.placesBelow(node)]
      const prefix = prefixOf(this.#trie.digests.at(places[0] as Place), windows)
      yield { prefix, hash: this.#hashes.of(node), entries: places.map(place => this.at(place)) }
    }
  }

  #branch(branch: number): StateBranch {
    const { branches } = this.#trie
    return {
      window: branches.window(branch),
      slots: branches.slots(branch),
      hashes: branches.children(branch).map(child => this.#hashes.of(child)),
    }
  }

  #end(place: Place, digest: Uint8Array): StateProofEnd {
    if (this.#trie.digests.equals(place, digest))
      return { type: 'present', value: valueBytes(this.at(place)) }
    return {
      type: 'other',
      keyDigest: this.#trie.digests.at(place),
      valueDigest: this.#hashes.valueDigest(place),
    }
  }
}

/** A part of a map: what its key digests begin with, its hash, and its entries in the order of their digests. */
export interface StatePart<Entry extends StateEntry> {
  readonly prefix: number
  readonly hash: Uint8Array
  readonly entries: readonly Entry[]
}

function valueBytes(entry: StateEntry): Uint8Array {
  const writer = new Writer()
  entry.writeValue(writer, entry.value)
  return writer.take()
}

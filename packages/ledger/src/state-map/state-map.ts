/**
 * A map from bytes to bytes with a root that commits to all of it, and proofs of what is in it and of what is not.
 *
 * Two maps with the same entries have the same root, in whatever order they were written. Changing an entry costs O(log size)
 * hashes, and only once per root that is asked for, however often it changes in between.
 *
 * Derived; that a missing key is proven by the leaf that stands in its place is argued in docs/adr/0015-state-map.md.
 */
import { digestKey, equalBytes, type Sha256 } from '@mc/crypto'
import { insertedAll } from './bulk.js'
import type { StateProof, StateProofStep } from './state-proof.js'
import { bitOf, hashOf, inserted, leafOf, leavesOf, type Node, nearest, removed, stateRoot } from './trie.js'

/** An authenticated map. Keys and values that are handed over must not be changed afterwards. */
export class StateMap {
  readonly #sha256: Sha256
  #top: Node | undefined
  #size = 0

  /** An empty map. */
  constructor(sha256: Sha256) {
    this.#sha256 = sha256
  }

  /** How many entries there are. */
  get size(): number {
    return this.#size
  }

  /** The value of a key, if it has one. */
  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#top === undefined) return undefined
    const digest = this.#sha256(key)
    const leaf = nearest(this.#top, digest)
    return equalBytes(leaf.digest, digest) ? leaf.value : undefined
  }

  /** Gives a key a value, in place of the one it has. */
  set(key: Uint8Array, value: Uint8Array): void {
    const leaf = leafOf(key, value, this.#sha256)
    const isThere = this.#top !== undefined && equalBytes(nearest(this.#top, leaf.digest).digest, leaf.digest)
    this.#top = inserted(this.#top, leaf)
    if (!isThere) this.#size += 1
  }

  /** Gives many keys their values: costs a fraction of as many single ones, in time and in memory. */
  setAll(entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): void {
    const leaves = [...entries].map(([key, value]) => leafOf(key, value, this.#sha256))
    const added = new Set<string>()
    for (const { digest } of leaves) {
      const isThere = this.#top !== undefined && equalBytes(nearest(this.#top, digest).digest, digest)
      if (!isThere) added.add(digestKey(digest))
    }
    this.#top = insertedAll(this.#top, leaves)
    this.#size += added.size
  }

  /** Takes a key out; whether it was there. */
  delete(key: Uint8Array): boolean {
    if (this.#top === undefined) return false
    const after = removed(this.#top, this.#sha256(key))
    if (after === this.#top) return false
    this.#top = after
    this.#size -= 1
    return true
  }

  /** Commits to every entry; 32 bytes. */
  root(): Uint8Array {
    return stateRoot(this.#size, this.#top && hashOf(this.#top, this.#sha256), this.#sha256)
  }

  /** The trie of the entries as they are now, which never changes; nothing if there are none. */
  get top(): Node | undefined {
    return this.#top
  }

  /** The map as it is now, going its own way from here. Costs nothing. */
  fork(): StateMap {
    const fork = new StateMap(this.#sha256)
    fork.#top = this.#top
    fork.#size = this.#size
    return fork
  }

  /** The entries, in the order of their key digests, as they are now. */
  *entries(): Iterable<readonly [key: Uint8Array, value: Uint8Array]> {
    for (const { key, value } of leavesOf(this.#top)) yield [key, value]
  }

  /** Proof of what the map holds under a key, or that it holds nothing there. O(log size). */
  prove(key: Uint8Array): StateProof {
    const sha256 = this.#sha256
    const digest = sha256(key)
    const steps: StateProofStep[] = []
    let node = this.#top
    while (node?.kind === 'branch') {
      const isRight = bitOf(digest, node.bit) === 1
      steps.push({ bit: node.bit, sibling: hashOf(isRight ? node.left : node.right, sha256) })
      node = isRight ? node.right : node.left
    }
    if (node === undefined) return { size: 0, steps, end: { type: 'empty' } }
    const end = equalBytes(node.digest, digest)
      ? ({ type: 'present', value: node.value } as const)
      : ({ type: 'other', keyDigest: node.digest, valueDigest: sha256(node.value) } as const)
    return { size: this.#size, steps, end }
  }
}

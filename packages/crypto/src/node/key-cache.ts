import { createHash } from 'node:crypto'

/**
 * Imported keys, so that a key in steady use is parsed once; the least recently used one goes first.
 *
 * Bounded by `capacity` entries, whatever keys strangers present. Found by the SHA-256 of the key's bytes, so that the
 * cache itself keeps no copy of a secret beside the imported one.
 */
export class KeyCache<Key> {
  readonly #capacity: number
  readonly #import: (bytes: Uint8Array) => Key
  readonly #keys = new Map<string, Key>()

  constructor(capacity: number, importKey: (bytes: Uint8Array) => Key) {
    this.#capacity = capacity
    this.#import = importKey
  }

  /** Number of keys held. */
  get size(): number {
    return this.#keys.size
  }

  /** The imported key. What the import throws passes through and is not remembered. */
  get(bytes: Uint8Array): Key {
    const id = createHash('sha256').update(bytes).digest('binary')
    const key = this.#keys.get(id) ?? this.#import(bytes)
    this.#keys.delete(id)
    this.#keys.set(id, key)
    if (this.#keys.size > this.#capacity) this.#keys.delete(this.#keys.keys().next().value as string)
    return key
  }
}

import { digestKey, equalBytes } from '@mc/crypto'
import { type PeerIndex, type VoteOutcome, VoteSet } from '@mc/protocol'
import type { VectorCoding } from '../commitment/hash-vector-commitment.js'
import type { VectorCode } from './vector-code.js'

/** A fragment as it travels: its place is that of the member who sent it. */
export interface Fragment {
  readonly root: Uint8Array
  readonly fragment: Uint8Array
}

/** A vector that was recovered, and its word: the fragment of each member as it must be. */
export interface Recovered {
  readonly vector: Uint8Array
  readonly fragments: readonly Uint8Array[]
}

/**
 * Fragments as members send them, and the vector recovered from them by online error correction.
 *
 * No fragment can be verified by itself. As they arrive one tries e = 0 … f errors: with k + 2e fragments under a root, e of which
 * are wrong, the vector is determined, and its hash decides. The first message of a member counts, right or wrong.
 *
 * Bounds: n fragments in all. A root is tried only under k ≥ f + 1 fragments, so liars alone have nothing tried and at most two
 * roots ever are; each at most f + 1 times.
 */
export class FragmentCollector {
  readonly #code: VectorCode
  readonly #coding: VectorCoding
  readonly #roots: VoteSet<string>
  readonly #fragments: (Uint8Array | undefined)[]
  /** By root: with how many fragments it is worth trying again. */
  readonly #triesFrom = new Map<string, number>()
  readonly #recovered = new Map<string, Recovered>()
  #tries = 0

  /** No fragments yet. */
  constructor(code: VectorCode, coding: VectorCoding) {
    this.#code = code
    this.#coding = coding
    this.#roots = new VoteSet(code.n)
    this.#fragments = new Array<Uint8Array | undefined>(code.n).fill(undefined)
  }

  /** How often a vector was decoded, with or without success. */
  get tries(): number {
    return this.#tries
  }

  /** Counts the first fragment of a member; another one, or one under another root, is a conflict. */
  add(from: PeerIndex, { root, fragment }: Fragment): VoteOutcome {
    const outcome = this.#roots.add(from, digestKey(root))
    if (outcome === 'added') this.#fragments[from] = fragment
    if (outcome !== 'duplicate') return outcome
    return equalBytes(this.#fragments[from] as Uint8Array, fragment) ? 'duplicate' : 'conflict'
  }

  /** How many members have sent a fragment under `root`. */
  count(root: Uint8Array): number {
    return this.#roots.count(digestKey(root))
  }

  /** The root that member `from` sent first, as a `digestKey`. */
  rootOf(from: PeerIndex): string | undefined {
    return this.#roots.of(from)
  }

  /** The members who have sent a fragment under `root`. */
  under(root: Uint8Array): readonly PeerIndex[] {
    const key = digestKey(root)
    const members = this.#fragments.map((_, place) => place as PeerIndex)
    return members.filter(member => this.#roots.of(member) === key)
  }

  /** Whether a member has sent the fragment that is its own among `fragments`. */
  isRight(from: PeerIndex, fragments: readonly Uint8Array[]): boolean {
    const fragment = this.#fragments[from]
    return fragment !== undefined && equalBytes(fragment, fragments[from] as Uint8Array)
  }

  /** The vector under `root`, if it was recovered before. */
  known(root: Uint8Array): Recovered | undefined {
    return this.#recovered.get(digestKey(root))
  }

  /** The vector under `root`, if the fragments that are here determine one. */
  recover(root: Uint8Array): Recovered | undefined {
    const key = digestKey(root)
    const count = this.#roots.count(key)
    const known = this.#recovered.get(key)
    if (known !== undefined || count < (this.#triesFrom.get(key) ?? this.#code.k)) return known
    // One more error can be corrected with two more fragments.
    this.#triesFrom.set(key, count + 2 - ((count - this.#code.k) % 2))
    this.#tries += 1
    const vector = this.#code.vectorOf(this.#fragmentsUnder(key))
    if (vector === undefined || !this.#coding.isVector(root, vector)) return undefined
    const recovered = { vector, fragments: this.#code.fragmentsOf(vector) }
    this.#recovered.set(key, recovered)
    return recovered
  }

  /** Frees the fragments and what was recovered; nothing may be added or recovered from now on. */
  release(): void {
    this.#fragments.fill(undefined)
    this.#recovered.clear()
  }

  #fragmentsUnder(key: string): readonly (Uint8Array | undefined)[] {
    return this.#fragments.map((fragment, place) =>
      this.#roots.of(place as PeerIndex) === key ? fragment : undefined,
    )
  }
}

import { equalBytes } from '@mc/crypto'
import type { ValueShare } from '@mc/crypto/threshold'
import type { PeerIndex, VoteOutcome } from '@mc/protocol'

/** The decryption shares of one instance: one list per member, the first. At most n lists of n shares, whatever is sent. */
export class DecryptionShares {
  readonly #lists: (readonly Uint8Array[] | undefined)[]
  readonly #refused: boolean[]

  /** No shares yet, among n members. */
  constructor(n: number) {
    this.#lists = new Array<readonly Uint8Array[] | undefined>(n).fill(undefined)
    this.#refused = new Array<boolean>(n).fill(false)
  }

  /** Keeps the first list of a member; a different one changes nothing. What a refused member sends is a duplicate. */
  add(from: PeerIndex, shares: readonly Uint8Array[]): VoteOutcome {
    if (this.#refused[from]) return 'duplicate'
    const earlier = this.#lists[from]
    if (earlier !== undefined) return areSame(earlier, shares) ? 'duplicate' : 'conflict'
    // A copy: what was decoded are views into somebody's frame.
    this.#lists[from] = shares.map(share => Uint8Array.from(share))
    return 'added'
  }

  /** How many shares a member has sent; undefined if it has sent none that counts. */
  countOf(from: PeerIndex): number | undefined {
    return this.#lists[from]?.length
  }

  /** The shares at one place in the lists of the first `count` members; undefined if fewer have sent any. */
  at(place: number, count: number): readonly ValueShare[] | undefined {
    const shares = this.#lists.flatMap((shares, member): ValueShare[] => {
      const share = shares?.[place]
      return share === undefined ? [] : [{ member, share, verified: false }]
    })
    return shares.length < count ? undefined : shares.slice(0, count)
  }

  /** Forgets the shares of a member for good. */
  refuse(member: PeerIndex): void {
    this.#lists[member] = undefined
    this.#refused[member] = true
  }

  /** Forgets all shares. */
  clear(): void {
    this.#lists.fill(undefined)
  }
}

const areSame = (left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean =>
  left.length === right.length && left.every((share, at) => equalBytes(share, right[at] as Uint8Array))

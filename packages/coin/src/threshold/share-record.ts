import type { ValueShare } from '@mc/crypto/threshold'
import type { PeerIndex } from '@mc/protocol'

/** What became of a share. */
export type ShareOutcome = 'added' | 'duplicate' | 'conflict'

/** At most one share per peer, the first: n records of one share each, whatever is sent. */
export class ShareRecord {
  readonly #shares: (ValueShare | undefined)[]
  readonly #refused: boolean[]

  constructor(n: number) {
    this.#shares = new Array<ValueShare | undefined>(n).fill(undefined)
    this.#refused = new Array<boolean>(n).fill(false)
  }

  /** Keeps the first share of a peer. What a refused peer sends is a duplicate of what it has sent. */
  add(from: PeerIndex, share: Uint8Array): ShareOutcome {
    if (this.#refused[from]) return 'duplicate'
    const earlier = this.#shares[from]
    if (earlier !== undefined) return isSame(earlier.share, share) ? 'duplicate' : 'conflict'
    // A copy: what was decoded is a view into somebody's frame.
    this.#shares[from] = { member: from, share: Uint8Array.from(share), verified: false }
    return 'added'
  }

  /** The first `count` shares, verified ones before others; undefined if there are fewer. */
  first(count: number): readonly ValueShare[] | undefined {
    const shares = this.#shares.filter(share => share !== undefined)
    if (shares.length < count) return undefined
    return [
      ...shares.filter(({ verified }) => verified),
      ...shares.filter(({ verified }) => !verified),
    ].slice(0, count)
  }

  /** Forgets the share of a peer for good. */
  refuse(peer: PeerIndex): void {
    this.#shares[peer] = undefined
    this.#refused[peer] = true
  }

  /** Remembers that a share is valid. */
  verified({ member, share }: ValueShare): void {
    if (this.#shares[member] !== undefined) this.#shares[member] = { member, share, verified: true }
  }

  /** Forgets all shares. */
  clear(): void {
    this.#shares.fill(undefined)
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}

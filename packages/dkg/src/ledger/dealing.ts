/**
 * What the log and our own key tell about one dealer's dealing.
 */
import { type BatchSetting, rowOf, verifyValues } from '@mc/crypto/dkg'
import { recoverSecret, type SecretShare } from '@mc/crypto/threshold'
import { type PeerIndex, PeerSet } from '@mc/protocol'

/** A dealing as the log holds it. */
export interface DealingOptions<Element> {
  readonly dealer: PeerIndex
  readonly self: PeerIndex
  readonly n: number
  readonly threshold: number
  /** Commitments to the polynomial, packed. */
  readonly commitment: readonly Element[]
  /** Names the operation that it came in. */
  readonly digest: Uint8Array
}

/** One dealing: who says that its row is good, and our share of it, from our row or from what the others hold in common with us. */
export class Dealing<Element> {
  readonly dealer: PeerIndex
  readonly commitment: readonly Element[]
  readonly digest: Uint8Array
  readonly acknowledgers: PeerSet
  readonly #self: PeerIndex
  readonly #threshold: number
  #row: readonly bigint[] | undefined
  /** Verified values at our point by different members, at most `threshold`, and none once there is a row. */
  #values: SecretShare[] = []

  constructor({ dealer, self, n, threshold, commitment, digest }: DealingOptions<Element>) {
    this.dealer = dealer
    this.commitment = commitment
    this.digest = digest
    this.acknowledgers = new PeerSet(n)
    this.#self = self
    this.#threshold = threshold
  }

  /** Our row, if it has been found good. */
  get row(): readonly bigint[] | undefined {
    return this.#row
  }

  /** Commitments to the polynomial that the secret is shared by. */
  get secretCommitment(): readonly Element[] {
    return rowOf(this.commitment, this.#threshold)
  }

  /** Whether values of other members would help us. */
  get wantsValues(): boolean {
    return this.#row === undefined && this.#values.length < this.#threshold
  }

  /** F(0, i + 1): the constant of our row, or from f + 1 values F(m + 1, i + 1), which lie on F(x, i + 1). */
  shareIn(order: bigint): bigint | undefined {
    if (this.#row !== undefined) return this.#row[0]
    if (this.wantsValues) return undefined
    return recoverSecret(this.#values, order)
  }

  acceptRow(row: readonly bigint[]): void {
    this.#row = row
    this.#values = []
  }

  /** Keeps what `by` says that its row and ours have in common, if it is true; false if it is not. */
  acceptValue(setting: BatchSetting<Element>, { member: by, value }: SecretShare): boolean {
    const claim = { commitment: this.commitment, threshold: this.#threshold, by, at: this.#self, value }
    if (!verifyValues(setting, [claim])) return false
    this.#values.push({ member: by, value })
    return true
  }
}

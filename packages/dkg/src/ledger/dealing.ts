/**
 * What one member holds of a dealing: its row, or what the others have in common with it.
 */
import { type BatchSetting, verifyValues } from '@mc/crypto/dkg'
import { recoverSecret, type SecretShare } from '@mc/crypto/threshold'
import type { PeerIndex } from '@mc/protocol'
import type { PublicDealing } from './transcript.js'

/** A dealing and our share of it, from our row or from f + 1 points of others. */
export class Dealing<Element> {
  readonly seen: PublicDealing<Element>
  readonly #self: PeerIndex
  readonly #threshold: number
  #row: readonly bigint[] | undefined
  /** Verified values at our point by different members, at most `threshold`, and none once there is a row. */
  #values: SecretShare[] = []

  constructor(seen: PublicDealing<Element>, self: PeerIndex, threshold: number) {
    this.seen = seen
    this.#self = self
    this.#threshold = threshold
  }

  /** Our row, if it has been found good. */
  get row(): readonly bigint[] | undefined {
    return this.#row
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
    const { commitment } = this.seen
    const claim = { commitment, threshold: this.#threshold, by, at: this.#self, value }
    if (!verifyValues(setting, [claim])) return false
    this.#values.push({ member: by, value })
    return true
  }
}

/**
 * Why operations that were agreed on were not accepted: an author asks for its own a moment later.
 */
import { digestKey } from '@mc/crypto'
import type { AppliedBlock, Refusal } from '@mc/ledger'

/** How many refusals are remembered; the oldest go first. */
const REFUSALS_MAX = 8_192

/** The last refusals of agreed operations, by id. */
export class RecentRefusals {
  readonly #refusals = new Map<string, Refusal>()

  /** Remembers what this block refused. */
  onBlock({ receipts }: Pick<AppliedBlock, 'receipts'>): void {
    for (const receipt of receipts) {
      if (receipt.accepted) continue
      const key = digestKey(receipt.id)
      this.#refusals.delete(key)
      this.#refusals.set(key, receipt.refusal)
      // A map hands out its keys in the order they came.
      const [oldest] = this.#refusals.keys()
      if (this.#refusals.size > REFUSALS_MAX && oldest !== undefined) this.#refusals.delete(oldest)
    }
  }

  /** Why the operation with this id was refused, if it was, lately. */
  of(id: Uint8Array): Refusal | undefined {
    return this.#refusals.get(digestKey(id))
  }
}

/**
 * Collects the seals of recent blocks until n − f are there.
 */
import { equalBytes } from '@mc/crypto'
import type { PeerIndex } from '@mc/protocol'
import { type Configuration, type LedgerCrypto, memberIndex } from './configuration.js'
import { type Certificate, type Seal, sealsToConvince, sealsToKeep, sizeOf, verifySeal } from './seal.js'

/** How many recent epochs may still collect seals. */
export const EPOCHS_COLLECTING_MAX = 64

/** What became of a seal. */
export type SealOutcome = 'added' | 'certified' | 'known' | 'too-old' | 'invalid'

interface Collection {
  readonly statement: Uint8Array
  readonly configuration: Configuration
  readonly seals: Map<number, Uint8Array>
}

/** Seals of the last `EPOCHS_COLLECTING_MAX` blocks; at most one per member and block, so memory is bounded. */
export class SealCollector {
  readonly #crypto: LedgerCrypto
  readonly #collections = new Map<number, Collection>()

  constructor(crypto: LedgerCrypto) {
    this.#crypto = crypto
  }

  /** Opens the collection of a block that we have applied; the oldest one closes when there are too many. */
  open(epoch: number, statement: Uint8Array, configuration: Configuration): void {
    this.#collections.set(epoch, { statement, configuration, seals: new Map() })
    // Blocks come in ascending order, and a map hands out its keys in the order they came.
    const [oldest] = this.#collections.keys()
    if (this.#collections.size > EPOCHS_COLLECTING_MAX && oldest !== undefined)
      this.#collections.delete(oldest)
  }

  /** Whether seals of this epoch are still of use. */
  isOpen(epoch: number): boolean {
    return this.#collections.has(epoch)
  }

  /**
   * Takes a seal; `certified` says that it was the one that made n − f. Cheap checks first, the signature last, unless the
   * caller knows it to be valid.
   */
  add(
    epoch: number,
    { member, signature }: Seal,
    { isVerified = false }: { readonly isVerified?: boolean } = {},
  ): SealOutcome {
    const collection = this.#collections.get(epoch)
    if (collection === undefined) return 'too-old'
    const { seals, statement, configuration } = collection
    const needed = sealsToKeep(sizeOf(configuration))
    if (seals.has(member) || seals.size >= needed) return 'known'
    const seal = { member, signature }
    if (!isVerified && !verifySeal(seal, statement, configuration, this.#crypto)) return 'invalid'
    seals.set(member, signature)
    return seals.size === needed ? 'certified' : 'added'
  }

  /** The place of a key among those who seal the block of an epoch; −1 for nobody, or if the collection is closed. */
  memberIndex(epoch: number, publicKey: Uint8Array): number {
    const collection = this.#collections.get(epoch)
    return collection === undefined ? -1 : memberIndex(collection.configuration, publicKey)
  }

  /** Whether exactly this seal has been verified and kept. */
  holds(epoch: number, { member, signature }: Seal): boolean {
    const kept = this.#collections.get(epoch)?.seals.get(member)
    return kept !== undefined && equalBytes(kept, signature)
  }

  /** Whether f + 1 members have sealed the block of an epoch. */
  isCertified(epoch: number): boolean {
    const collection = this.#collections.get(epoch)
    return (
      collection !== undefined && collection.seals.size >= sealsToConvince(sizeOf(collection.configuration))
    )
  }

  /** The seals of an epoch so far, ascending by member. */
  certificate(epoch: number): Certificate | undefined {
    const collection = this.#collections.get(epoch)
    if (collection === undefined) return undefined
    const seals = [...collection.seals].map(([member, signature]) => ({
      member: member as PeerIndex,
      signature,
    }))
    return { epoch, seals: seals.sort((left, right) => left.member - right.member) }
  }
}

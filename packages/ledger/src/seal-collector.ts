/**
 * Collects the seals of recent blocks until n − f are there.
 */
import type { PeerIndex } from '@mc/protocol'
import type { Configuration, LedgerCrypto } from './configuration.js'
import { type Certificate, type Seal, sealsToKeep, sizeOf, verifySeal } from './seal.js'

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

  /** Opens the collection of a block that we have applied. */
  open(epoch: number, statement: Uint8Array, configuration: Configuration): void {
    this.#collections.set(epoch, { statement, configuration, seals: new Map() })
    this.#collections.delete(epoch - EPOCHS_COLLECTING_MAX)
  }

  /** Whether seals of this epoch are still of use. */
  isOpen(epoch: number): boolean {
    return this.#collections.has(epoch)
  }

  /** Takes a seal; `certified` says that it was the one that made n − f. Cheap checks first, the signature last. */
  add(epoch: number, { member, signature }: Seal): SealOutcome {
    const collection = this.#collections.get(epoch)
    if (collection === undefined) return 'too-old'
    const { seals, statement, configuration } = collection
    const needed = sealsToKeep(sizeOf(configuration))
    if (seals.has(member) || seals.size >= needed) return 'known'
    if (!verifySeal({ member, signature }, statement, configuration, this.#crypto)) return 'invalid'
    seals.set(member, signature)
    return seals.size === needed ? 'certified' : 'added'
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

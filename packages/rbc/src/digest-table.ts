import { equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'

/**
 * Numbers the distinct digests of one broadcast, so that votes are counted by a small number and no key is ever built.
 *
 * The caller bounds it: a digest comes in only with a vote, so there are at most n per kind of vote. Looking one up compares
 * bytes from the front, and among correct members there is only one.
 */
export class DigestTable {
  readonly #digests: Uint8Array[] = []

  /** The number of `digest`; a new one if it was never seen. Keeps a copy, so that no received frame is held by it. */
  numberOf(digest: Uint8Array): number {
    const known = this.#digests.findIndex(other => equalBytes(other, digest))
    return known >= 0 ? known : this.#digests.push(digest.slice()) - 1
  }

  /** Whether `digest` has this number. */
  is(number: number, digest: Uint8Array): boolean {
    return equalBytes(this.at(number), digest)
  }

  /** The digest with a number that `numberOf` gave. */
  at(number: number): Uint8Array {
    return this.#digests[number] as Uint8Array
  }

  /** Enough of a digest to recognise it in a fault's detail. */
  short(number: number): string {
    return shortHex(this.at(number))
  }
}

/** The first four bytes in hexadecimal. */
export const shortHex = (digest: Uint8Array): string => hex(digest.subarray(0, 4))

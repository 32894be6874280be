/**
 * A dealer who knows the key and forgets it: for tests, and for nobody who does not trust the dealer.
 */
import type { Rng } from '../rng.js'
import type { KeySet } from './key-set.js'
import { randomNonZero } from './prime-field.js'
import type { PrimeGroup } from './prime-group.js'
import { dealShares } from './shamir.js'

/** What `dealKeys` is made from. */
export interface DealKeysOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly members: number
  readonly threshold: number
  readonly rng: Rng
}

/** A key set with the secrets of all members, in their order. */
export interface DealtKeys {
  readonly keys: KeySet
  readonly secretShares: readonly Uint8Array[]
}

/**
 * Deals a fresh key set. Whoever runs this could keep the key and predict every value: a set-up that must be trusted.
 *
 * @throws RangeError unless 1 ≤ threshold ≤ members ≤ 65,535.
 */
export function dealKeys<Element>({ group, members, threshold, rng }: DealKeysOptions<Element>): DealtKeys {
  for (;;) {
    const secret = randomNonZero(rng, group.order)
    const shares = dealShares({ secret, threshold, members, order: group.order, rng })
    // A share of zero has the identity as its verification key, which no key set may hold.
    if (shares.some(({ value }) => value === 0n)) continue
    const publicOf = (value: bigint) => group.encode(group.multiply(group.generator, value))
    return {
      keys: {
        threshold,
        origin: 'dealt',
        publicKey: publicOf(secret),
        verificationKeys: shares.map(({ value }) => publicOf(value)),
      },
      secretShares: shares.map(({ value }) => group.encodeScalar(value)),
    }
  }
}

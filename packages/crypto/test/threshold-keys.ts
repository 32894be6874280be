import { type Rng, seededRng } from '@mc/crypto'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { dealKeys, type PrimeGroup, type ValueShare } from '@mc/crypto/threshold'

export const { sha256 } = nodeCrypto

/** A hundred times as fast as a real group. */
export const fastGroup = insecureGroup(sha256)

export const rngOf = (seed: string): Rng => seededRng(seed, sha256)

/** A key set of seven members, three of whom give a value. */
export const dealt = <Element>(group: PrimeGroup<Element>, seed = 'dealt') =>
  dealKeys({ group, members: 7, threshold: 3, rng: rngOf(seed) })

/** Shares as they come from the network. */
export const unverified = (member: number, share: Uint8Array): ValueShare => ({
  member,
  share,
  verified: false,
})

/** The same bytes with one bit flipped. */
export const withFlippedBit = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))

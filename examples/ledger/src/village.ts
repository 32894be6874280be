/**
 * Four members with keys of their own, and the genesis that they share.
 */
import { type Rng, seededRng } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { Genesis } from '@mc/ledger'

/** A member as it sees itself. */
export interface Villager {
  readonly name: string
  readonly secret: Uint8Array
  /** Seeded, so that the example tells the same every time; a real node draws from the system. */
  readonly rng: Rng
}

export const villagers: readonly Villager[] = ['Ann', 'Bob', 'Cao', 'Dan'].map(name => {
  const rng = seededRng(name, crypto.sha256)
  return { name, rng, secret: rng.bytes(32) }
})

export const genesis: Genesis = {
  name: 'Village by the brook',
  time: Date.UTC(2026, 0, 1),
  configuration: {
    index: 0,
    firstEpoch: 0,
    suite: 'waterbear-qs-q',
    depth: 1,
    members: villagers.map(({ name, secret }) => ({
      name,
      publicKey: crypto.ed25519.publicKey(secret),
      addresses: [],
    })),
  },
}

/**
 * The provider for Node: the same answers as the portable one, by the platform's native code.
 *
 * @packageDocumentation
 */
import { randomFillSync } from 'node:crypto'
import { nodeEd25519 } from './node/ed25519.js'
import { nodeSha256 } from './node/sha256.js'
import type { CryptoProvider } from './provider.js'
import { systemRng } from './rng.js'

/** Primitives by node:crypto. */
export const nodeCrypto: CryptoProvider = {
  name: 'node',
  sha256: nodeSha256(),
  ed25519: nodeEd25519(),
  rng: systemRng(block => {
    randomFillSync(block)
  }),
}

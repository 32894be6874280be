/**
 * The portable provider: pure JavaScript, the same on Node, in browsers and anywhere else.
 *
 * @packageDocumentation
 */
import { randomBytes } from '@noble/hashes/utils.js'
import { portableEd25519 } from './portable/ed25519.js'
import { portableSha256 } from './portable/sha256.js'
import type { CryptoProvider } from './provider.js'
import { systemRng } from './rng.js'

/** Primitives by @noble/hashes and @noble/curves; randomness from the platform's Web Crypto. */
export const portableCrypto: CryptoProvider = {
  name: 'portable',
  sha256: portableSha256,
  ed25519: portableEd25519,
  rng: systemRng(block => block.set(randomBytes(block.length))),
}

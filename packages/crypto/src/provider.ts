/**
 * What a platform provides: one value to inject, instead of an import in every protocol.
 */
import type { Rng } from './rng.js'
import type { Sha256 } from './sha256.js'
import type { SignatureScheme } from './signature.js'

/**
 * A complete set of primitives. All providers give the same bytes and accept the same signatures; they differ in
 * speed and in where they run. `describeCryptoProvider` of `@mc/crypto/conformance` checks that.
 */
export interface CryptoProvider {
  readonly name: string
  readonly sha256: Sha256
  /** Ed25519 by the strict rule of `strict-ed25519.ts`. */
  readonly ed25519: SignatureScheme
  /** The platform's cryptographically secure generator. */
  readonly rng: Rng
}

/**
 * Hashes and signatures of each provider.
 */
import type { CryptoProvider } from '@mc/crypto'
import { filled } from './coding-parts.js'
import type { PartCase } from './stopwatch.js'

/** SHA-256 by size of its input. */
export function* hashParts(providers: readonly CryptoProvider[]): Generator<PartCase> {
  for (const { name, sha256 } of providers) {
    for (const bytes of [32, 250, 1_024, 65_536, 1_048_576]) {
      const input = filled(bytes)
      yield { part: 'sha256', variant: name, bytes, run: () => sha256(input) }
    }
  }
}

/** Ed25519, strict verification included. */
export function* signatureParts(providers: readonly CryptoProvider[]): Generator<PartCase> {
  for (const { name, ed25519 } of providers) {
    const secretKey = filled(32)
    const message = filled(64)
    const publicKey = ed25519.publicKey(secretKey)
    const signature = ed25519.sign(message, secretKey)
    yield { part: 'ed25519/sign', variant: name, bytes: 64, run: () => ed25519.sign(message, secretKey) }
    yield {
      part: 'ed25519/verify',
      variant: name,
      bytes: 64,
      run: () => ed25519.verify(signature, message, publicKey),
    }
  }
}

import { fromHex } from '@mc/protocol/wire'
import type { SignatureScheme } from '../signature.js'
import { STRICT_ED25519 } from '../strict-ed25519.js'
import { ED25519_EDGE_VECTORS } from './ed25519-edge-vectors.js'
import { ED25519_VECTORS } from './ed25519-vectors.js'
import { type ConformanceRunner, pattern, requireBytes, requireLaw, requireRangeError } from './runner.js'

/** The laws of Ed25519 under the strict rule. */
export function describeEd25519(ed25519: SignatureScheme, { describe, test }: ConformanceRunner): void {
  describe('ed25519', () => {
    test('names the strict rule and its lengths', () => {
      const { name, secretKeyBytes, publicKeyBytes, signatureBytes } = ed25519
      requireLaw(name === STRICT_ED25519, 'name')
      requireLaw(secretKeyBytes === 32 && publicKeyBytes === 32 && signatureBytes === 64, 'lengths')
    })
    for (const vector of ED25519_VECTORS) {
      test(`RFC 8032, section 7.1: ${vector.name}`, () => requireVector(ed25519, vector))
    }
    for (const { name, valid, ...vector } of ED25519_EDGE_VECTORS) {
      test(`${valid ? 'accepts' : 'refuses'}: ${name}`, () => {
        requireLaw(verifies(ed25519, vector) === valid, name)
      })
    }
    test('refuses a signature with any bit flipped in it, in the message or in the key', () =>
      requireFragile(ed25519))
    test('refuses wrong lengths without an exception', () => requireTotal(ed25519))
    test('refuses to sign with a key of the wrong length', () => requireMisuseThrows(ed25519))
    test('leaves what it is given as it is', () => requireReadOnly(ed25519))
  })
}

interface SignatureText {
  readonly publicKey: string
  readonly message: string
  readonly signature: string
}

function verifies(ed25519: SignatureScheme, { publicKey, message, signature }: SignatureText): boolean {
  return ed25519.verify(fromHex(signature), fromHex(message), fromHex(publicKey))
}

function requireVector(
  ed25519: SignatureScheme,
  vector: SignatureText & { readonly secretKey: string },
): void {
  const secretKey = fromHex(vector.secretKey)
  requireBytes(ed25519.publicKey(secretKey), fromHex(vector.publicKey), 'public key')
  requireBytes(ed25519.sign(fromHex(vector.message), secretKey), fromHex(vector.signature), 'signature')
  requireLaw(verifies(ed25519, vector), 'verifies')
}

function requireFragile(ed25519: SignatureScheme): void {
  const { signature, message, publicKey } = sample(ed25519)
  const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
    bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
  requireLaw(ed25519.verify(signature, message, publicKey), 'the sample verifies')
  for (let bit = 0; bit < 8 * signature.length; bit += 5) {
    requireLaw(!ed25519.verify(flipped(signature, bit), message, publicKey), `signature, bit ${bit}`)
  }
  for (let bit = 0; bit < 8 * publicKey.length; bit += 5) {
    requireLaw(!ed25519.verify(signature, flipped(message, bit), publicKey), `message, bit ${bit}`)
    requireLaw(!ed25519.verify(signature, message, flipped(publicKey, bit)), `key, bit ${bit}`)
  }
}

function requireTotal(ed25519: SignatureScheme): void {
  const { signature, message, publicKey } = sample(ed25519)
  for (const length of [0, 1, 31, 32, 33, 63, 65, 128, 1_000]) {
    requireLaw(!ed25519.verify(pattern(length, 1), message, publicKey), `signature of ${length} bytes`)
    if (length === 32) continue
    requireLaw(!ed25519.verify(signature, message, pattern(length, 1)), `key of ${length} bytes`)
  }
  const longer = Uint8Array.from([...signature, 0])
  requireLaw(!ed25519.verify(longer, message, publicKey), 'a byte after the signature')
  for (let start = 0; start < 32; start += 1) {
    requireLaw(!ed25519.verify(pattern(64, start), message, pattern(32, start + 1)), 'noise')
  }
}

function requireMisuseThrows(ed25519: SignatureScheme): void {
  for (const length of [0, 31, 33, 64]) {
    requireRangeError(() => ed25519.sign(pattern(3, 1), pattern(length, 1)), `sign with ${length} bytes`)
    requireRangeError(() => ed25519.publicKey(pattern(length, 1)), `public key of ${length} bytes`)
  }
}

function requireReadOnly(ed25519: SignatureScheme): void {
  const { secretKey, signature, message, publicKey } = sample(ed25519)
  const before = [secretKey, signature, message, publicKey].map(bytes => Uint8Array.from(bytes))
  ed25519.verify(signature, message, publicKey)
  const again = ed25519.sign(message, secretKey)
  requireBytes(again, signature, 'the same signature again')
  ed25519.publicKey(secretKey).fill(0)
  again.fill(0)
  const after = [secretKey, signature, message, publicKey]
  before.forEach((bytes, at) => {
    requireBytes(after[at] as Uint8Array, bytes, 'inputs are read only')
  })
  requireBytes(ed25519.publicKey(secretKey), publicKey, 'a result is the caller’s')
}

function sample(ed25519: SignatureScheme) {
  const secretKey = pattern(32, 99)
  const message = pattern(64, 5)
  const publicKey = ed25519.publicKey(secretKey)
  return { secretKey, message, publicKey, signature: ed25519.sign(message, secretKey) }
}

import { fromHex } from '@mc/protocol/wire'
import { BLS_MIN_PK } from '../bls/bls-scheme.js'
import type { SignatureScheme } from '../signature.js'
import { BLS_EDGE_VECTORS, BLS_VECTORS } from './bls-vectors.js'
import { type ConformanceRunner, pattern, requireBytes, requireLaw, requireRangeError } from './runner.js'

/** The laws of BLS signatures with keys in G1; `portableBls` and `nodeBls()` obey them. */
export function describeBls(bls: SignatureScheme, { describe, test }: ConformanceRunner): void {
  describe('bls12-381', () => {
    test('names the scheme and its lengths', () => {
      requireLaw(bls.name === BLS_MIN_PK, 'name')
      requireLaw(
        bls.secretKeyBytes === 32 && bls.publicKeyBytes === 48 && bls.signatureBytes === 96,
        'lengths',
      )
    })
    test('gives the published keys and signatures, and accepts them', () => {
      for (const vector of BLS_VECTORS) requireVector(bls, vector)
    })
    for (const { name, publicKey, signature } of BLS_EDGE_VECTORS) {
      test(`refuses: ${name}`, () => {
        requireLaw(!bls.verify(fromHex(signature), fromHex(MESSAGE), fromHex(publicKey)), name)
      })
    }
    test('refuses another message, another key, and any damage, without an exception', () =>
      requireFragile(bls))
    test('refuses to sign with what is no secret key', () => requireMisuseThrows(bls))
  })
}

const [FIRST, SECOND] = BLS_VECTORS as [(typeof BLS_VECTORS)[0], (typeof BLS_VECTORS)[0]]
const MESSAGE = FIRST.message

function requireVector(bls: SignatureScheme, vector: (typeof BLS_VECTORS)[0]): void {
  const [secretKey, publicKey] = [fromHex(vector.secretKey), fromHex(vector.publicKey)]
  const [message, signature] = [fromHex(vector.message), fromHex(vector.signature)]
  requireBytes(bls.publicKey(secretKey), publicKey, 'public key')
  requireBytes(bls.sign(message, secretKey), signature, 'signature')
  requireLaw(bls.verify(signature, message, publicKey), 'verifies')
}

function requireFragile(bls: SignatureScheme): void {
  const [signature, message, key] = [FIRST.signature, MESSAGE, FIRST.publicKey].map(fromHex) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  requireLaw(!bls.verify(signature, pattern(32, 1), key), 'another message')
  requireLaw(!bls.verify(signature, message, fromHex(SECOND.publicKey)), 'another key')
  for (const length of [0, 1, 47, 48, 95, 97, 192]) {
    requireLaw(!bls.verify(pattern(length, 1), message, key), `signature of ${length} bytes`)
    requireLaw(!bls.verify(signature, message, pattern(length, 1)), `key of ${length} bytes`)
  }
  for (let start = 0; start < 8; start += 1) {
    requireLaw(!bls.verify(pattern(96, start), message, pattern(48, start)), 'noise')
    requireLaw(!bls.verify(pattern(96, start), message, key), 'noise as signature')
  }
}

/** The order of both groups, the first number that is no secret key. */
const ORDER = '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001'

function requireMisuseThrows(bls: SignatureScheme): void {
  const bad = [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33), new Uint8Array(32), fromHex(ORDER)]
  for (const secretKey of bad) {
    requireRangeError(() => bls.sign(pattern(3, 1), secretKey), `sign with ${secretKey.length} bytes`)
    requireRangeError(() => bls.publicKey(secretKey), `public key of ${secretKey.length} bytes`)
  }
}

import { type CryptoProvider, systemRng } from '@mc/crypto'
import { describeCryptoProvider, ED25519_EDGE_VECTORS } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, test } from 'vitest'
import { edgeCases } from './ed25519-edge-cases.js'

describeCryptoProvider(portableCrypto, { describe, test })
describeCryptoProvider(nodeCrypto, { describe, test })

describe('the law suite itself', () => {
  test('the edge vectors follow from their definition', () => {
    expect(ED25519_EDGE_VECTORS).toEqual(edgeCases())
  })

  const broken: [string, Partial<CryptoProvider>][] = [
    [
      'a hash that forgets the last part',
      { sha256: (...parts) => portableCrypto.sha256(...parts.slice(0, -1)) },
    ],
    ['a hash that reuses its result', { sha256: reusing() }],
    ['verification with cofactor and lax encodings', { ed25519: { ...portableCrypto.ed25519, verify: lax } }],
    ['verification that throws', { ed25519: { ...portableCrypto.ed25519, verify: ed25519.verify } }],
    ['a coin that never shows 1', { rng: systemRng(block => block.fill(0)) }],
  ]
  test.each(broken)('finds %s', (_, part) => {
    expect(failures({ ...portableCrypto, ...part })).not.toEqual([])
  })
  test('finds nothing in a correct provider', () => {
    expect(failures(portableCrypto)).toEqual([])
  })
})

/** Names of the laws that a provider breaks. */
function failures(provider: CryptoProvider): string[] {
  const failed: string[] = []
  describeCryptoProvider(provider, {
    describe: (_, body) => body(),
    test: (name, body) => {
      try {
        body()
      } catch {
        failed.push(name)
      }
    },
  })
  return failed
}

function reusing(): CryptoProvider['sha256'] {
  const result = new Uint8Array(32)
  return (...parts) => {
    result.set(portableCrypto.sha256(...parts))
    return result
  }
}

function lax(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey)
  } catch {
    return false
  }
}

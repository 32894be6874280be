import { blsG1, blsG2 } from '@mc/crypto/bls'
import { describePrimeGroup, type HashToGroupVector, insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { type PrimeGroup, ristretto255 } from '@mc/crypto/threshold'
import { fromHex, hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto

/** RFC 9380, appendices J.9.1 and J.10.1: the empty message and "abc"; our encoding of their coordinates. */
const G1_VECTORS = vectorsOf('QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_', {
  '': '852926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1',
  616263: '83567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903',
})
const G2_VECTORS = vectorsOf('QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_', {
  '': 'a5cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a',
  616263:
    '939cddbccdc5e91b9623efd38c49f81a6f83f175e80b06fc374de9eb4b41dfe4ca3a230ed250fbe3a2acf73a41177fd802c2d18e033b960562aae3cab37a27ce00d80ccd5ba4b7fe0e7a210245129dbec7780ccc7954725f4168aff2787776e6',
})

describePrimeGroup(ristretto255, { sha256, hashVectors: [] }, { describe, test })
describePrimeGroup(blsG1, { sha256, hashVectors: G1_VECTORS }, { describe, test })
describePrimeGroup(blsG2, { sha256, hashVectors: G2_VECTORS }, { describe, test })
describePrimeGroup(insecureGroup(sha256), { sha256, hashVectors: [] }, { describe, test })

describe('RFC 9497, appendix A.1.1: the hash to ristretto255, seen through a published blinding', () => {
  const domain = 'HashToGroup-OPRFV1-\u0000-ristretto255-SHA512'
  const blind = ristretto255.decodeScalar(
    fromHex('64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706'),
  )!
  test.each([
    ['00', '609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c'],
    ['5a'.repeat(17), 'da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418'],
  ])('of %s', (message, blinded) => {
    const element = ristretto255.multiply(ristretto255.hashToGroup(domain, fromHex(message)), blind)
    expect(hex(ristretto255.encode(element))).toBe(blinded)
  })
})

describe('the law suite itself', () => {
  const group = ristretto255
  type Weak = Partial<typeof group>
  const weak: [string, Weak][] = [
    [
      'a hash whose logarithm is a hash to a scalar',
      {
        hashToGroup: (domain, message) =>
          group.multiply(group.generator, group.hashToScalar(domain, message)),
      },
    ],
    [
      'a hash whose logarithm is SHA-256 of the message',
      {
        hashToGroup: (_, message) => group.multiply(group.generator, integer(sha256(message)) % group.order),
      },
    ],
    ['a hash that forgets its domain', { hashToGroup: (_, message) => group.hashToGroup('x', message) }],
    ['an order that is not prime', { order: group.order - 1n }],
    ['scalars that are not reduced', { decodeScalar: bytes => integer(Uint8Array.from(bytes).reverse()) }],
    ['an encoding of the identity', { encode: element => element.toBytes() }],
    ['an identity that decodes', { decode: bytes => group.decode(bytes) ?? group.generator }],
  ]
  test.each(weak)('finds %s', (_, change) => {
    expect(failures({ ...group, ...change })).not.toEqual([])
  })
  test('finds nothing in a sound group', () => {
    expect(failures(group)).toEqual([])
  })
})

function vectorsOf(domain: string, elements: Readonly<Record<string, string>>): readonly HashToGroupVector[] {
  return Object.entries(elements).map(([message, element]) => ({ domain, message, element }))
}

const integer = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`)

/** Names of the laws that a group breaks. */
function failures<Element>(group: PrimeGroup<Element>): string[] {
  const failed: string[] = []
  describePrimeGroup(
    group,
    { sha256, hashVectors: [] },
    {
      describe: (_, body) => body(),
      test: (name, body) => {
        try {
          body()
        } catch {
          failed.push(name)
        }
      },
    },
  )
  return failed
}

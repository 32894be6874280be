import { domainHash, domainHasher } from '@mc/crypto'
import { portableCrypto } from '@mc/crypto/portable'
import { hex, utf8 } from '@mc/protocol/wire'
import { expect, test } from 'vitest'

const { sha256 } = portableCrypto

test('H(dom, p1 … pk) gives the seed of the published split of 23 members', () => {
  const beacon = sha256(utf8('mc-test/beacon/100'))
  const topic = sha256(utf8('mc-test/topic/1'))
  expect(hex(beacon)).toBe('1138495f8aa2258bcd8de4f08f571642ea8bda98d495023c27beb0cd66eef1e3')
  expect(hex(topic)).toBe('7b6a9a3bc635b119a801d907e319dff5be1bd434b10edcf2acb6dafa2cd8e13a')
  expect(hex(domainHash(sha256, 'mc/split-seed/v1', beacon, topic, Uint8Array.of(0, 0, 0, 1)))).toBe(
    'c43802a67b47aa286b5c50c384c868e3b7c739c8887202d7e54d2289fc19ba9d',
  )
})

test('it is SHA-256 over domain and parts, each after its length', () => {
  const part = new Uint8Array(0x01_02_03).fill(9)
  const expected = sha256(Uint8Array.of(0, 0, 0, 1), utf8('d'), Uint8Array.of(0, 1, 2, 3), part)
  expect(domainHash(sha256, 'd', part)).toEqual(expected)
  expect(domainHasher(sha256, 'd')(part)).toEqual(expected)
  expect(domainHasher(sha256, 'd', part)()).toEqual(expected)
})

test('first parts that stay the same are parts like others', () => {
  const [one, two, three] = [utf8('one'), utf8(''), utf8('three')] as const
  const expected = hex(domainHash(sha256, 'd', one, two, three))
  expect(hex(domainHasher(sha256, 'd', one, two)(three))).toBe(expected)
  expect(hex(domainHasher(sha256, 'd', one)(two, three))).toBe(expected)
})

test('no byte wanders between domain and parts, and no part vanishes', () => {
  const digests = [
    domainHash(sha256, 'a'),
    domainHash(sha256, 'ab'),
    domainHash(sha256, 'a', utf8('b')),
    domainHash(sha256, 'a', utf8('')),
    domainHash(sha256, 'a', utf8(''), utf8('b')),
    domainHash(sha256, 'a', utf8('b'), utf8('')),
    domainHash(sha256, 'b', utf8('a')),
  ]
  expect(new Set(digests.map(hex)).size).toBe(digests.length)
})

test('a domain is printable ASCII and not empty', () => {
  for (const domain of ['', 'ä', 'a\nb', '\u0000', 'a\u007f']) {
    expect(() => domainHash(sha256, domain)).toThrow(RangeError)
  }
})

import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { lockVault, openVault, VAULT_OVERHEAD_BYTES } from '@mc/crypto/vault'
import { utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const rng = seededRng('vault', nodeCrypto.sha256)
const options = { password: 'correct horse', cost: { logN: 4, r: 8, p: 1 }, context: utf8('test') }
const secret = utf8('a secret')

describe('a vault', () => {
  const vault = lockVault(secret, options, rng)

  test('opens with its password, cost and context alone', () => {
    expect(vault.length).toBe(secret.length + VAULT_OVERHEAD_BYTES)
    expect(openVault(vault, options)).toEqual(secret)
    expect(openVault(vault, { ...options, password: 'correct horsf' })).toBeUndefined()
    expect(openVault(vault, { ...options, context: utf8('tesu') })).toBeUndefined()
    expect(openVault(vault, { ...options, cost: { logN: 5, r: 8, p: 1 } })).toBeUndefined()
  })

  test('notices every changed byte, and bytes that are missing', () => {
    for (let at = 0; at < vault.length; at += 1) {
      const copy = vault.slice()
      copy[at] = (copy[at] as number) ^ 1
      expect(openVault(copy, options)).toBeUndefined()
    }
    for (const length of [0, 71, vault.length - 1])
      expect(openVault(vault.slice(0, length), options)).toBeUndefined()
  })

  test('looks different each time', () => expect(lockVault(secret, options, rng)).not.toEqual(vault))

  test('one password in two forms of Unicode is one password', () => {
    const composed = lockVault(secret, { ...options, password: '\u00e9t\u00e9' }, rng)
    expect(openVault(composed, { ...options, password: 'e\u0301te\u0301' })).toEqual(secret)
  })

  test('refuses no password, and costs out of bounds', () => {
    expect(() => lockVault(secret, { ...options, password: '' }, rng)).toThrow(RangeError)
    for (const cost of [
      { logN: 21, r: 8, p: 1 },
      { logN: 0, r: 8, p: 1 },
      { logN: 4, r: 33, p: 1 },
      { logN: 4, r: 8, p: 17 },
    ]) {
      expect(() => openVault(vault, { ...options, cost })).toThrow(RangeError)
    }
  })
})

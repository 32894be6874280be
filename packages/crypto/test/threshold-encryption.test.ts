import { readFileSync } from 'node:fs'
import { ristretto255, thresholdEncryption } from '@mc/crypto/threshold'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { dealt, fastGroup, rngOf, sha256, unverified, withFlippedBit } from './threshold-keys.js'

const vectors = JSON.parse(readFileSync(new URL('threshold.vectors.json', import.meta.url), 'utf8'))

const { keys, secretShares } = dealt(fastGroup)
const cipher = thresholdEncryption({ group: fastGroup, sha256, keys })
const message = Uint8Array.from({ length: 100 }, (_, at) => at)
const label = Uint8Array.of(7, 7)
const sealed = { ciphertext: cipher.encrypt(message, label, rngOf('encryption')), label }

const sharesOf = (members: readonly number[], of = sealed) =>
  members.map(member => unverified(member, cipher.share(of, secretShares[member]!)!))

describe('Shoup and Gennaro, TDH2', () => {
  test('any k members open a ciphertext, of any length', () => {
    for (const members of [
      [0, 1, 2],
      [6, 4, 1],
    ]) {
      expect(cipher.open(sealed, sharesOf(members))).toEqual({ type: 'message', message })
    }
    for (const length of [0, 1, 31, 32, 33, 10_000]) {
      const plain = rngOf('plain').bytes(length)
      const one = { ciphertext: cipher.encrypt(plain, label, rngOf('r')), label }
      expect(one.ciphertext).toHaveLength(length + cipher.overheadBytes)
      expect(cipher.open(one, sharesOf([0, 1, 2], one))).toEqual({ type: 'message', message: plain })
    }
  })

  test('a ciphertext is sound under its own label alone, and every bit of it counts', () => {
    expect(cipher.isSound(sealed)).toBe(true)
    expect(cipher.isSound({ ...sealed, label: Uint8Array.of(7) })).toBe(false)
    for (let bit = 0; bit < 8 * sealed.ciphertext.length; bit += 3) {
      expect(cipher.isSound({ ...sealed, ciphertext: withFlippedBit(sealed.ciphertext, bit) })).toBe(false)
    }
    for (const length of [0, 1, cipher.overheadBytes - 1, cipher.overheadBytes, 500]) {
      expect(cipher.isSound({ label, ciphertext: rngOf('noise').bytes(length) })).toBe(false)
    }
  })

  test('no byte wanders from the ciphertext to the label', () => {
    const { ciphertext } = sealed
    const shorter = {
      ciphertext: ciphertext.subarray(0, -1),
      label: Uint8Array.from([ciphertext.at(-1)!, ...label]),
    }
    expect(cipher.isSound(shorter)).toBe(false)
  })

  test('nobody gives a share in what is not sound', () => {
    const mauled = {
      ...sealed,
      ciphertext: withFlippedBit(sealed.ciphertext, 8 * sealed.ciphertext.length - 1),
    }
    expect(cipher.share(mauled, secretShares[0]!)).toBeUndefined()
    expect(cipher.open(mauled, sharesOf([0, 1, 2]))).toEqual({ type: 'bad-ciphertext' })
    expect(cipher.verifyShare(mauled, 0, sharesOf([0])[0]!.share)).toBe(false)
  })

  test('a share opens its own ciphertext alone, and whoever gives another is named', () => {
    const other = { ciphertext: cipher.encrypt(message, label, rngOf('again')), label }
    const [first, second] = sharesOf([0, 1])
    const [replayed] = sharesOf([2], other)
    expect(cipher.verifyShare(sealed, 0, first!.share)).toBe(true)
    expect(cipher.verifyShare(sealed, 1, first!.share)).toBe(false)
    expect(cipher.open(sealed, [first!, second!, replayed!])).toEqual({ type: 'bad-shares', members: [2] })
  })

  test('each encryption has a mask of its own', () => {
    const rng = rngOf('masks')
    const [first, second] = [cipher.encrypt(message, label, rng), cipher.encrypt(message, label, rng)]
    expect(first.subarray(cipher.overheadBytes)).not.toEqual(second.subarray(cipher.overheadBytes))
    expect(first.subarray(cipher.overheadBytes)).not.toEqual(message)
  })

  test('golden vector over ristretto255', () => {
    const real = dealt(ristretto255)
    const tdh2 = thresholdEncryption({ group: ristretto255, sha256, keys: real.keys })
    const one = { ciphertext: tdh2.encrypt(Uint8Array.of(1, 2, 3, 4), label, rngOf('golden')), label }
    const shares = [0, 3, 5].map(member => unverified(member, tdh2.share(one, real.secretShares[member]!)!))
    expect(tdh2.open(one, shares)).toEqual({ type: 'message', message: Uint8Array.of(1, 2, 3, 4) })
    expect({ name: tdh2.name, ciphertext: hex(one.ciphertext), share: hex(shares[0]!.share) }).toEqual(
      vectors.encryption,
    )
  })
})

import { readFileSync } from 'node:fs'
import { blsG1, pairingEncryption, portableBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { dealKeys } from '@mc/crypto/threshold'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { fastGroup, rngOf, sha256, unverified, withFlippedBit } from './threshold-keys.js'

const vectors = JSON.parse(readFileSync(new URL('threshold.vectors.json', import.meta.url), 'utf8'))

const bls = nodeBls() ?? portableBls
const { keys, secretShares } = dealKeys({ group: blsG1, members: 4, threshold: 2, rng: rngOf('baek-zheng') })
const cipher = pairingEncryption({ bls, sha256, keys })
const message = Uint8Array.from({ length: 40 }, (_, at) => at)
const label = Uint8Array.of(7, 7)
const sealed = { ciphertext: cipher.encrypt(message, label, rngOf('encryption')), label }

const sharesOf = (members: readonly number[], of = sealed) =>
  members.map(member => unverified(member, cipher.share(of, secretShares[member]!)!))

describe('Baek and Zheng, as HoneyBadger uses it', () => {
  test('any t members open a ciphertext to the same message', () => {
    for (const members of [
      [0, 1],
      [3, 1],
      [2, 3],
    ]) {
      expect(cipher.open(sealed, sharesOf(members))).toEqual({ type: 'message', message })
    }
  })

  test('messages have any length', () => {
    for (const length of [0, 1, 33, 1_000]) {
      const plain = rngOf('plain').bytes(length)
      const one = { ciphertext: cipher.encrypt(plain, label, rngOf('r')), label }
      expect(one.ciphertext).toHaveLength(length + cipher.overheadBytes)
      expect(cipher.open(one, sharesOf([0, 1], one))).toEqual({ type: 'message', message: plain })
    }
  })

  test('a ciphertext is not malleable: every bit of it counts, and so does its label', () => {
    expect(cipher.isSound(sealed)).toBe(true)
    expect(cipher.isSound({ ...sealed, label: Uint8Array.of(7) })).toBe(false)
    for (let bit = 0; bit < 8 * sealed.ciphertext.length; bit += 29) {
      expect(cipher.isSound({ ...sealed, ciphertext: withFlippedBit(sealed.ciphertext, bit) })).toBe(false)
    }
    for (const length of [0, cipher.overheadBytes - 1, cipher.overheadBytes, 200]) {
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

  test('nobody gives a share before the ciphertext was checked', () => {
    const mauled = {
      ...sealed,
      ciphertext: withFlippedBit(sealed.ciphertext, 8 * sealed.ciphertext.length - 1),
    }
    expect(cipher.share(mauled, secretShares[0]!)).toBeUndefined()
    expect(cipher.open(mauled, sharesOf([0, 1]))).toEqual({ type: 'bad-ciphertext' })
    expect(cipher.verifyShare(mauled, 0, sharesOf([0])[0]!.share)).toBe(false)
  })

  test('a share opens its own ciphertext alone, and whoever gives another is named', () => {
    const other = { ciphertext: cipher.encrypt(message, label, rngOf('again')), label }
    const [first] = sharesOf([0])
    const [replayed] = sharesOf([1], other)
    expect(cipher.verifyShare(sealed, 0, first!.share)).toBe(true)
    expect(cipher.verifyShare(sealed, 1, first!.share)).toBe(false)
    expect(cipher.verifyShare(sealed, 4, first!.share)).toBe(false)
    expect(cipher.open(sealed, [first!, replayed!])).toEqual({ type: 'bad-shares', members: [1] })
    const noise = unverified(2, rngOf('noise').bytes(cipher.shareBytes))
    expect(cipher.open(sealed, [noise, first!])).toEqual({ type: 'bad-shares', members: [2] })
  })

  test('lies that combine to the identity are named, and nothing throws', () => {
    const lie = blsG1.hashToGroup('lie', label)
    // λ of members 0 and 1 at zero: 2 and −1
    const lied = [lie, blsG1.multiply(lie, 2n)].map((share, member) => ({
      member,
      share: blsG1.encode(share),
      verified: false,
    }))
    expect(cipher.open(sealed, lied)).toEqual({ type: 'bad-shares', members: [0, 1] })
  })

  test('a secret fits its own member, and none fits nobody', () => {
    expect(secretShares.map(share => cipher.holdersOf(share))).toEqual([[0], [1], [2], [3]])
    expect(cipher.holdersOf(new Uint8Array(32))).toEqual([])
    expect(() => cipher.share(sealed, new Uint8Array(32))).toThrow(RangeError)
  })

  test('keys of another group and other numbers of shares are refused', () => {
    const other = dealKeys({ group: fastGroup, members: 4, threshold: 2, rng: rngOf('other') })
    expect(() => pairingEncryption({ bls, sha256, keys: other.keys })).toThrow(RangeError)
    expect(() => cipher.open(sealed, sharesOf([0]))).toThrow(RangeError)
    expect(() => cipher.open(sealed, sharesOf([0, 0]))).toThrow(RangeError)
  })

  test('the native and the portable provider give the same ciphertexts', () => {
    const portable = pairingEncryption({ bls: portableBls, sha256, keys })
    expect(portable.encrypt(message, label, rngOf('encryption'))).toEqual(sealed.ciphertext)
    expect(portable.isSound(sealed)).toBe(true)
  })

  test('golden vector', () => {
    const share = hex(sharesOf([3])[0]!.share)
    expect({ name: cipher.name, ciphertext: hex(sealed.ciphertext), share }).toEqual(
      vectors.pairingEncryption,
    )
  })

  test('a key set says whether a dealer knew its key, and one that says nothing counts as dealt', () => {
    const { origin: _, ...silent } = keys
    expect(cipher.origin).toBe('dealt')
    expect(pairingEncryption({ bls, sha256, keys: silent }).origin).toBe('dealt')
    expect(pairingEncryption({ bls, sha256, keys: { ...keys, origin: 'generated' } }).origin).toBe(
      'generated',
    )
  })
})

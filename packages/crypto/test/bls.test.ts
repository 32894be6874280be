import { type SignatureScheme, seededRng } from '@mc/crypto'
import { blsG1, blsG2, portableBls, thresholdBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { BLS_EDGE_VECTORS, describeBls } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { dealKeys, type ValueShare } from '@mc/crypto/threshold'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const rng = seededRng('bls', sha256)
const native = nodeBls()
const fastest = native ?? portableBls

describe('portable', () => describeBls(portableBls, { describe, test }))
if (native !== undefined) describe('blst', () => describeBls(native, { describe, test }))

describe.skipIf(native === undefined)('both providers', () => {
  const both = [portableBls, native] as [SignatureScheme, SignatureScheme]

  test('give the same keys and signatures, and accept each other’s', () => {
    for (let round = 0; round < 4; round += 1) {
      const secretKey = blsG1.encodeScalar(BigInt(rng.below(2 ** 50) + 1) ** 4n)
      const message = rng.bytes(rng.below(100))
      const [key, keyToo] = both.map(bls => hex(bls.publicKey(secretKey)))
      const [signature, signatureToo] = both.map(bls => hex(bls.sign(message, secretKey)))
      expect([keyToo, signatureToo]).toEqual([key, signature])
      const sent = fastest.sign(message, secretKey)
      expect(both.map(bls => bls.verify(sent, message, bls.publicKey(secretKey)))).toEqual([true, true])
    }
  })

  test('agree on damaged keys and signatures', () => {
    const secretKey = blsG1.encodeScalar(12_345n)
    const message = rng.bytes(8)
    const [key, signature] = [fastest.publicKey(secretKey), fastest.sign(message, secretKey)]
    const damaged = (bytes: Uint8Array): Uint8Array => {
      const bit = rng.below(8 * bytes.length)
      return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    }
    for (let round = 0; round < 24; round += 1) {
      const [badKey, badSignature] = rng.bit() ? [key, damaged(signature)] : [damaged(key), signature]
      expect(both.map(bls => bls.verify(badSignature, message, badKey))).toEqual([false, false])
    }
  })

  test('take Node’s buffers as they are', () => {
    const secretKey = Buffer.from(blsG1.encodeScalar(7n))
    const message = Buffer.from('message')
    for (const bls of both) {
      const signature = Buffer.from(bls.sign(message, secretKey))
      expect(bls.verify(signature, message, Buffer.from(bls.publicKey(secretKey)))).toBe(true)
    }
  })
})

describe('threshold BLS', () => {
  const { keys, secretShares } = dealKeys({ group: blsG1, members: 4, threshold: 2, rng })
  const message = Uint8Array.of(1, 2, 3)
  const counted = { verifications: 0 }
  const bls: SignatureScheme = {
    ...fastest,
    verify: (...args) => {
      counted.verifications += 1
      return fastest.verify(...args)
    },
  }
  const threshold = thresholdBls({ bls, sha256, keys })
  const share = (member: number): ValueShare => ({
    member,
    share: threshold.share(message, secretShares[member]!),
    verified: false,
  })

  test('any two sets of shares give the same signature, which verifies under the public key', () => {
    const signatures = [
      [0, 1],
      [3, 1],
      [2, 0],
    ].map(members => threshold.combineSignature(message, members.map(share)))
    const [first] = signatures
    expect(first?.type).toBe('signature')
    for (const signature of signatures) expect(signature).toEqual(first)
    if (first?.type === 'signature') {
      expect(threshold.verify(first.signature, message)).toBe(true)
      expect(portableBls.verify(first.signature, message, keys.publicKey)).toBe(true)
      expect(threshold.verify(first.signature, Uint8Array.of(1))).toBe(false)
    }
  })

  test('it is the signature of the secret that nobody holds', () => {
    const secret = dealKeys({ group: blsG1, members: 1, threshold: 1, rng })
    const alone = thresholdBls({ bls, sha256, keys: secret.keys })
    const own = alone.share(message, secret.secretShares[0]!)
    const combined = alone.combineSignature(message, [{ member: 0, share: own, verified: false }])
    expect(combined).toEqual({ type: 'signature', signature: own })
  })

  test('combine first, verify once; only if that fails verify one by one', () => {
    counted.verifications = 0
    threshold.combine(message, [share(0), share(1)])
    expect(counted.verifications).toBe(1)
    counted.verifications = 0
    const swapped = { ...share(1), member: 2 }
    expect(threshold.combine(message, [share(0), swapped])).toEqual({ type: 'bad-shares', members: [2] })
    expect(counted.verifications).toBe(3)
    counted.verifications = 0
    threshold.combine(message, [{ ...share(0), verified: true }, swapped])
    expect(counted.verifications).toBe(2)
  })

  test('shares outside the subgroup, identities and noise are named as bad', () => {
    const bad = [
      ...BLS_EDGE_VECTORS.map(({ signature }) => Uint8Array.from(Buffer.from(signature, 'hex'))),
      new Uint8Array(96),
      new Uint8Array(0),
    ]
    for (const noise of bad) {
      const combined = threshold.combine(message, [{ member: 3, share: noise, verified: false }, share(1)])
      expect(combined).toEqual({ type: 'bad-shares', members: [3] })
      expect(threshold.verifyShare(message, 3, noise)).toBe(false)
    }
  })

  test('two lies that cancel out give the true signature or are both named', () => {
    const [first, second] = [share(0), share(1)].map(({ share: bytes }) => blsG2.decode(bytes)!)
    const lie = blsG2.hashToGroup('lie', message)
    // λ of members 0 and 1 at zero: 2 and −1
    const lied = [
      { member: 0, share: blsG2.encode(blsG2.add(first!, lie)), verified: false },
      { member: 1, share: blsG2.encode(blsG2.add(second!, blsG2.multiply(lie, 2n))), verified: false },
    ]
    expect(threshold.combine(message, lied)).toEqual(threshold.combine(message, [share(2), share(3)]))
    const half = [lied[0]!, share(1)]
    expect(threshold.combine(message, half)).toEqual({ type: 'bad-shares', members: [0] })
  })

  test('lies that combine to the identity are both named', () => {
    const lie = blsG2.hashToGroup('lie', message)
    const lied = [
      { member: 0, share: blsG2.encode(lie), verified: false },
      { member: 1, share: blsG2.encode(blsG2.multiply(lie, 2n)), verified: false },
    ]
    expect(threshold.combine(message, lied)).toEqual({ type: 'bad-shares', members: [0, 1] })
  })

  test('knows whose a secret is, and refuses what is none', () => {
    expect(threshold.holdersOf(secretShares[2]!)).toEqual([2])
    expect(threshold.holdersOf(new Uint8Array(32))).toEqual([])
    expect(threshold.holdersOf(new Uint8Array(5))).toEqual([])
    expect(() => threshold.share(message, new Uint8Array(32))).toThrow(RangeError)
    expect(threshold.verifyShare(message, 4, share(0).share)).toBe(false)
    expect(threshold.verifyShare(message, -1, share(0).share)).toBe(false)
  })

  test('keys off one polynomial, and another scheme, are refused', () => {
    const [first, ...rest] = keys.verificationKeys
    const crossed = { ...keys, verificationKeys: [...rest, first!] }
    expect(() => thresholdBls({ bls, sha256, keys: crossed })).toThrow(RangeError)
    expect(() => thresholdBls({ bls: nodeCrypto.ed25519, sha256, keys })).toThrow(RangeError)
  })
})

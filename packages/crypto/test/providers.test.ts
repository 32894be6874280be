import { type SignatureScheme, seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { KeyCache } from '../src/node/key-cache.js'

const rounds = Number(process.env['MC_SEEDS'] ?? 300)
const rng = seededRng('providers', portableCrypto.sha256)

test('SHA-256: portable and Node agree on thousands of random inputs in random parts', () => {
  const draw = rng.fork('sha256')
  for (let round = 0; round < 10 * rounds; round += 1) {
    const parts = Array.from({ length: draw.below(5) }, () => draw.bytes(draw.below(draw.bit() ? 90 : 3_000)))
    const digest = nodeCrypto.sha256(...parts)
    expect(Buffer.from(digest).equals(Buffer.from(portableCrypto.sha256(...parts)))).toBe(true)
  }
})

test('Ed25519: portable and Node give the same keys and signatures, and accept each other’s', () => {
  const draw = rng.fork('ed25519')
  for (let round = 0; round < rounds / 3; round += 1) {
    const secretKey = draw.bytes(32)
    const message = draw.bytes(draw.below(300))
    const publicKey = nodeCrypto.ed25519.publicKey(secretKey)
    const signature = nodeCrypto.ed25519.sign(message, secretKey)
    expect(portableCrypto.ed25519.publicKey(secretKey)).toEqual(publicKey)
    expect(portableCrypto.ed25519.sign(message, secretKey)).toEqual(signature)
    expect(verdicts(signature, message, publicKey)).toEqual([true, true])
  }
})

test('Ed25519: portable and Node agree on damaged signatures and keys', () => {
  const draw = rng.fork('damage')
  const secretKey = draw.bytes(32)
  const publicKey = nodeCrypto.ed25519.publicKey(secretKey)
  const message = draw.bytes(40)
  const signature = nodeCrypto.ed25519.sign(message, secretKey)
  const damaged = (bytes: Uint8Array): Uint8Array => {
    const copy = Uint8Array.from(bytes)
    if (draw.bit()) copy[draw.below(copy.length)]! ^= 1 << draw.below(8)
    if (draw.below(4) === 0) copy.set(draw.bytes(4), draw.below(copy.length - 4))
    return copy
  }
  let accepted = 0
  for (let round = 0; round < rounds; round += 1) {
    const [portable, node] = verdicts(damaged(signature), message, damaged(publicKey))
    expect(portable).toBe(node)
    if (portable) accepted += 1
  }
  expect(accepted).toBeGreaterThan(0)
})

test('Ed25519: portable and Node agree on points with a torsion component', () => {
  const { Point } = ed25519
  const torsion = Point.fromBytes(Uint8Array.from(Buffer.from(ORDER_8, 'hex')))
  const draw = rng.fork('torsion')
  const scalar = (): bigint => BigInt(draw.below(2 ** 50) + 1)
  const seen = new Set<boolean>()
  for (let round = 0; round < rounds; round += 1) {
    const [secret, nonce] = [scalar(), scalar()]
    const point = (times: bigint) =>
      Point.BASE.multiplyUnsafe(times).add(torsion.multiplyUnsafe(BigInt(draw.below(8))))
    const [publicKey, commitment] = [point(secret).toBytes(), point(nonce).toBytes()]
    const message = draw.bytes(8)
    const challenge = bytesToNumberLE(sha512(Uint8Array.from([...commitment, ...publicKey, ...message])))
    const response = numberToBytesLE((nonce + challenge * secret) % Point.Fn.ORDER, 32)
    const [portable, node] = verdicts(Uint8Array.from([...commitment, ...response]), message, publicKey)
    expect(portable).toBe(node)
    seen.add(node!)
  }
  expect([...seen].sort()).toEqual([false, true])
})

test('Node’s buffers are taken as they are and never changed', () => {
  const cases = [portableCrypto, nodeCrypto].flatMap(provider =>
    [1, 2, 3, 4, 5, 6].map(fill => ({ provider, fill })),
  )
  for (const { provider, fill } of cases) {
    const secretKey = Buffer.alloc(40, fill).subarray(3, 35)
    const publicKey = Buffer.from(provider.ed25519.publicKey(secretKey))
    const message = Buffer.from('message')
    const signature = Buffer.from(provider.ed25519.sign(message, secretKey))
    const before = Buffer.concat([secretKey, publicKey, message, signature])
    expect(provider.ed25519.verify(signature, message, publicKey)).toBe(true)
    expect(provider.ed25519.verify(signature, message, publicKey)).toBe(true)
    expect(Buffer.concat([secretKey, publicKey, message, signature]).equals(before)).toBe(true)
    expect(provider.sha256(message)).toEqual(portableCrypto.sha256(new Uint8Array(message)))
  }
})

test('a key buffer that changes is another key: the cache goes by content', () => {
  const secretKey = new Uint8Array(32).fill(1)
  const first = nodeCrypto.ed25519.publicKey(secretKey)
  secretKey.fill(2)
  expect(nodeCrypto.ed25519.publicKey(secretKey)).not.toEqual(first)
  expect(nodeCrypto.ed25519.publicKey(secretKey)).toEqual(portableCrypto.ed25519.publicKey(secretKey))
})

test('the cache holds at most its capacity, whatever keys are presented, and drops the least recently used', () => {
  const imported: number[] = []
  const cache = new KeyCache(3, bytes => imported.push(bytes[0]!))
  const get = (key: number) => cache.get(Uint8Array.of(key))
  for (const key of [1, 2, 3, 1, 4, 1, 3, 2]) get(key)
  expect(imported).toEqual([1, 2, 3, 4, 2])
  for (let key = 0; key < 100; key += 1) get(key)
  expect(cache.size).toBe(3)
})

test('a key that cannot be imported takes no place in the cache', () => {
  const cache = new KeyCache(3, () => {
    throw new Error('no key')
  })
  expect(() => cache.get(new Uint8Array(1))).toThrow('no key')
  expect(cache.size).toBe(0)
})

const ORDER_8 = '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'

function verdicts(...args: Parameters<SignatureScheme['verify']>): boolean[] {
  return [portableCrypto, nodeCrypto].map(provider => provider.ed25519.verify(...args))
}

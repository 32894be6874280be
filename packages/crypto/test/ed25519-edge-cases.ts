/**
 * The edge vectors of the law suite, rebuilt from their definition.
 *
 * Secrets and nonces are small fixed numbers and messages are counters, searched where a case asks for a challenge
 * with a certain remainder. Nothing here is random.
 */
import { hex, utf8 } from '@mc/protocol/wire'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'

const { Point } = ed25519
type Point = typeof Point.BASE

const L = Point.Fn.ORDER
const P = Point.Fp.ORDER
const SECRET = 0x5eedn
const NONCE = 0x0ddn

/** A point of order 8; its multiples are all points of small order. */
const TORSION = Point.fromBytes(
  numberToBytesLE(0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n, 32),
)
const torsion = (index: number): Point => TORSION.multiplyUnsafe(BigInt(index))
const times = (scalar: bigint): Point => Point.BASE.multiplyUnsafe(scalar % L)

export interface EdgeCase {
  readonly name: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
  readonly valid: boolean
}

interface Draft {
  readonly name: string
  readonly valid: boolean
  readonly key: Uint8Array
  readonly commitment: Uint8Array | ((torsionPart: bigint) => Uint8Array)
  /** S as a function of the reduced challenge. */
  readonly response: (challenge: bigint) => bigint
  /** Which challenge the message must give: as hashed, and reduced mod L. */
  readonly wanted?: (hashed: bigint, challenge: bigint) => boolean
}

const hashOf = (commitment: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  bytesToNumberLE(sha512.create().update(commitment).update(key).update(message).digest())

function finish({ name, valid, key, commitment, response, wanted = () => true }: Draft): EdgeCase {
  for (let count = 0; ; count += 1) {
    const message = utf8(`${name} #${count}`)
    const first = typeof commitment === 'function' ? commitment(BigInt(count % 8)) : commitment
    const hashed = hashOf(first, key, message)
    const challenge = hashed % L
    const fits = typeof commitment !== 'function' || (challenge + BigInt(count % 8)) % 8n === 0n
    if (!fits || !wanted(hashed, challenge)) continue
    const signature = Uint8Array.from([...first, ...numberToBytesLE(response(challenge), 32)])
    return { name, publicKey: hex(key), message: hex(message), signature: hex(signature), valid }
  }
}

const signed = (challenge: bigint): bigint => (NONCE + challenge * SECRET) % L
const pureKey = times(SECRET).toBytes()
const mixedKey = times(SECRET).add(torsion(1)).toBytes()
const pureCommitment = times(NONCE).toBytes()
const bytesOf = (value: bigint): Uint8Array => numberToBytesLE(value, 32)
const SIGN = 1n << 255n

function offCurve(): Uint8Array {
  for (let y = 2n; ; y += 1n) {
    try {
      Point.fromBytes(bytesOf(y))
    } catch {
      return bytesOf(y)
    }
  }
}

const base = { key: pureKey, commitment: pureCommitment, response: signed }

function scalars(): Draft[] {
  return [
    { ...base, name: 'an ordinary signature', valid: true },
    { ...base, name: 'S + L', valid: false, response: k => signed(k) + L },
    { ...base, name: 'S + 8L', valid: false, response: k => signed(k) + 8n * L },
    { ...base, name: 'S of another challenge', valid: false, response: k => signed(k + 1n) },
    { ...base, name: 'S = L − 1, the largest in range', valid: false, response: () => L - 1n },
    { ...base, name: 'S = L, the smallest out of range', valid: false, response: () => L },
  ]
}

function smallOrder(): Draft[] {
  const drafts: Draft[] = []
  for (let index = 0; index < 8; index += 1) {
    const point = torsion(index).toBytes()
    const order = index === 0 ? 1 : 8 / (index & -index)
    drafts.push({
      ...base,
      name: `A = ${index}·T of order ${order}, equation holds`,
      valid: false,
      key: point,
      response: () => NONCE,
      wanted: (_, k) => k % 8n === 0n,
    })
    drafts.push({
      ...base,
      name: `R = ${index}·T of order ${order}, equation holds with cofactor`,
      valid: false,
      commitment: point,
      response: k => (k * SECRET) % L,
    })
  }
  drafts.push({
    name: 'A and R of small order, S = 0, equation holds',
    valid: false,
    key: torsion(1).toBytes(),
    commitment: part => torsion(Number(part)).toBytes(),
    response: () => 0n,
    wanted: (_, k) => k % 8n !== 0n,
  })
  return drafts
}

function nonCanonical(): Draft[] {
  const encodings: [string, bigint][] = [
    ['y = p, which is 0', P],
    ['y = p with a sign', P + SIGN],
    ['y = p + 1, which is 1', P + 1n],
    ['y = p + 1 with a sign', P + 1n + SIGN],
    ['y = 1 with a sign on x = 0', 1n + SIGN],
    ['y = −1 with a sign on x = 0', P - 1n + SIGN],
  ]
  return encodings.flatMap(([name, value]) => [
    {
      ...base,
      name: `A: ${name}`,
      valid: false,
      key: bytesOf(value),
      response: () => NONCE,
      wanted: (_, k) => k % 8n === 0n,
    } satisfies Draft,
    {
      ...base,
      name: `R: ${name}`,
      valid: false,
      commitment: bytesOf(value),
      response: (k: bigint) => (k * SECRET) % L,
    } satisfies Draft,
  ])
}

function mixedOrder(): Draft[] {
  const mixed = { ...base, key: mixedKey }
  return [
    { ...mixed, name: 'A mixed, holds only with cofactor', valid: false, wanted: (_, k) => k % 8n !== 0n },
    { ...mixed, name: 'A mixed, holds without cofactor', valid: true, wanted: (_, k) => k % 8n === 0n },
    {
      ...mixed,
      name: 'A mixed, holds without cofactor only if k is not reduced mod L',
      valid: false,
      wanted: (hashed, k) => hashed % 8n === 0n && k % 8n !== 0n,
    },
    {
      ...mixed,
      name: 'A mixed, holds without cofactor only if k is reduced mod L',
      valid: true,
      wanted: (hashed, k) => hashed % 8n !== 0n && k % 8n === 0n,
    },
    {
      ...base,
      name: 'R mixed, holds only with cofactor',
      valid: false,
      commitment: times(NONCE).add(torsion(1)).toBytes(),
    },
    {
      ...mixed,
      name: 'A and R mixed, holds without cofactor',
      valid: true,
      commitment: part =>
        times(NONCE)
          .add(torsion(Number(part)))
          .toBytes(),
      wanted: (_, k) => k % 8n !== 0n,
    },
  ]
}

function offTheCurve(): Draft[] {
  const ones = bytesOf((1n << 256n) - 1n)
  const highest = bytesOf(P + 18n)
  return [
    { ...base, name: 'A off the curve', valid: false, key: offCurve() },
    { ...base, name: 'R off the curve', valid: false, commitment: offCurve() },
    { ...base, name: 'A all ones', valid: false, key: ones },
    { ...base, name: 'R all ones', valid: false, commitment: ones },
    { ...base, name: 'A: the largest y', valid: false, key: highest },
    {
      ...base,
      name: 'all zero',
      valid: false,
      key: bytesOf(0n),
      commitment: bytesOf(0n),
      response: () => 0n,
    },
  ]
}

/** All cases, in the order of the frozen list. */
export function edgeCases(): EdgeCase[] {
  return [...scalars(), ...smallOrder(), ...nonCanonical(), ...mixedOrder(), ...offTheCurve()].map(finish)
}

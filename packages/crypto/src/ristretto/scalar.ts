/**
 * Integers modulo the order of ristretto255, and how they come out of hashes and generators.
 */
import { utf8, Writer } from '@mc/protocol/wire'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Rng } from '../rng.js'
import { GROUP_ORDER } from './engine.js'
import { littleEndian, readLittleEndian } from './field.js'

/** The representative 0 … GROUP_ORDER − 1. */
export function scalarOf(value: bigint): bigint {
  const rest = value % GROUP_ORDER
  return rest < 0n ? rest + GROUP_ORDER : rest
}

/** 32 bytes, little-endian. */
export const encodeScalar = (scalar: bigint): Uint8Array => littleEndian(scalar)

/** Total: undefined unless `bytes` are the only encoding of an integer 0 … GROUP_ORDER − 1. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== 32) return undefined
  const value = readLittleEndian(bytes)
  return value < GROUP_ORDER ? value : undefined
}

/** SHA-512 over a domain and parts, each behind its length, modulo the order: uniform but for a bias of 2^−252. */
export const hashToScalar = (domain: string, ...parts: readonly Uint8Array[]): bigint =>
  scalarOf64(sha512(framed(domain, parts)))

/** Scalars without end, all determined by a seed that nobody else knows: 64 bytes of SHA-512 for each. */
export function scalarStream(domain: string, ...seed: readonly Uint8Array[]): () => bigint {
  const key = sha512(framed(domain, seed))
  let count = 0
  return () => {
    const counter = Uint8Array.of(count >>> 24, count >>> 16, count >>> 8, count)
    count += 1
    return scalarOf64(sha512(framed(domain, [key, counter])))
  }
}

/** A uniform scalar 1 … GROUP_ORDER − 1: a secret key. */
export function randomScalar(rng: Rng): bigint {
  for (;;) {
    const scalar = scalarOf64(rng.bytes(64))
    if (scalar !== 0n) return scalar
  }
}

const scalarOf64 = (bytes: Uint8Array): bigint =>
  (readLittleEndian(bytes) | (readLittleEndian(bytes, 32) << 256n)) % GROUP_ORDER

function framed(domain: string, parts: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer(256)
  for (const part of [utf8(domain), ...parts]) {
    writer.u32(part.length)
    writer.raw(part)
  }
  return writer.view()
}

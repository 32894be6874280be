/**
 * Secrets at rest: a password made slow to guess, and a cipher that notices every change.
 *
 * scrypt (RFC 7914) by @noble/hashes, XChaCha20-Poly1305 by @noble/ciphers.
 *
 * @packageDocumentation
 */
import { utf8 } from '@mc/protocol/wire'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import type { Rng } from './rng.js'

/** How slow a guess is: 2^logN blocks of 128·r bytes, p times. */
export interface PasswordCost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** A second or so of one core, 128 MiB: for a person's keys in 2026. */
export const PASSWORD_COST: PasswordCost = { logN: 17, r: 8, p: 1 }

/** Bytes that a password opens: salt ‖ nonce ‖ ciphertext ‖ tag. */
export const VAULT_OVERHEAD_BYTES = 72

const SALT_BYTES = 32
const NONCE_BYTES = 24

/** A secret, and what it is locked with. `context` is bound, not stored: the opener has to know it. */
export interface VaultOptions {
  readonly password: string
  readonly cost: PasswordCost
  readonly context: Uint8Array
}

/**
 * Locks a secret. Salt and nonce are fresh, so one secret locked twice looks different.
 *
 * @throws RangeError if the cost is out of bounds (logN 1 … 20, r 1 … 32, p 1 … 16) or the password is empty.
 */
export function lockVault(secret: Uint8Array, options: VaultOptions, rng: Rng): Uint8Array {
  const salt = rng.bytes(SALT_BYTES)
  const nonce = rng.bytes(NONCE_BYTES)
  const sealed = xchacha20poly1305(keyOf(salt, options), nonce, Uint8Array.from(options.context)).encrypt(
    Uint8Array.from(secret),
  )
  const vault = new Uint8Array(SALT_BYTES + NONCE_BYTES + sealed.length)
  vault.set(salt)
  vault.set(nonce, SALT_BYTES)
  vault.set(sealed, SALT_BYTES + NONCE_BYTES)
  return vault
}

/**
 * Opens a vault. Undefined if password, cost, context or any byte is another.
 *
 * @throws RangeError as `lockVault`.
 */
export function openVault(vault: Uint8Array, options: VaultOptions): Uint8Array | undefined {
  if (vault.length < VAULT_OVERHEAD_BYTES) return undefined
  const own = Uint8Array.from(vault)
  const nonce = own.slice(SALT_BYTES, SALT_BYTES + NONCE_BYTES)
  const key = keyOf(own.slice(0, SALT_BYTES), options)
  try {
    return xchacha20poly1305(key, nonce, Uint8Array.from(options.context)).decrypt(
      own.slice(SALT_BYTES + NONCE_BYTES),
    )
  } catch {
    return undefined
  }
}

function keyOf(salt: Uint8Array, { password, cost: { logN, r, p } }: VaultOptions): Uint8Array {
  const within = (value: number, max: number): boolean =>
    Number.isInteger(value) && value >= 1 && value <= max
  if (!within(logN, 20) || !within(r, 32) || !within(p, 16)) {
    throw new RangeError(`vault: need logN 1 … 20, r 1 … 32, p 1 … 16, got ${logN}, ${r}, ${p}`)
  }
  if (password.length === 0) throw new RangeError('vault: need a password')
  // One text has several forms in Unicode, and keyboards differ in which they make.
  return scrypt(utf8(password.normalize('NFKD')), salt, { N: 2 ** logN, r, p, dkLen: 32 })
}

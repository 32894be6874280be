/** Keystores in files: locked with a password, mode 0600, never overwritten by another person's. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { PasswordCost } from '@mc/crypto/vault'
import { keystoreCost, lockKeystore, type MemberSecrets, openKeystore } from '@mc/identity'
import { CommandError } from '../terminal/failure.js'

/** A cost that a guesser hardly feels: for trying things out. */
export const TRIAL_COST: PasswordCost = { logN: 10, r: 8, p: 1 }

/** How a keystore is locked. */
export interface Locking {
  readonly password: string
  /** The default cost unless given. */
  readonly cost?: PasswordCost | undefined
}

/** What is in a keystore, and the cost that it is locked with. */
export interface OpenKeystore {
  readonly secrets: MemberSecrets
  readonly cost: PasswordCost | undefined
}

/** What is in a keystore. @throws CommandError that names the file. */
export async function readKeystore(path: string, password: string): Promise<OpenKeystore> {
  const file = await readFile(path).catch(error => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message
    throw new CommandError('key/unreadable', `${path} cannot be read: ${reason}`, { field: 'keys' })
  })
  const bytes = new Uint8Array(file)
  const secrets = openKeystore(bytes, password)
  if (secrets !== undefined) return { secrets, cost: keystoreCost(bytes) }
  throw new CommandError('key/locked', `${path}: another password, or no keystore`, {
    field: 'password-file',
  })
}

/** Writes a new keystore. @throws CommandError if the file is there already. */
export async function writeNewKeystore(
  path: string,
  secrets: MemberSecrets,
  locking: Locking,
): Promise<void> {
  await writeFile(path, locked(secrets, locking), { mode: 0o600, flag: 'wx', flush: true }).catch(error => {
    const reason =
      error.code === 'EEXIST' ? 'it exists already, and keys are never overwritten' : error.message
    throw new CommandError('key/unwritable', `${path} cannot be written: ${reason}`, { field: 'file' })
  })
}

/** Puts other secrets of the same person in the place of a keystore's: all of it or nothing. */
export async function replaceKeystore(path: string, secrets: MemberSecrets, locking: Locking): Promise<void> {
  const next = `${path}.next`
  await writeFile(next, locked(secrets, locking), { mode: 0o600, flush: true })
  await rename(next, path)
}

function locked(secrets: MemberSecrets, { password, cost }: Locking): Uint8Array {
  return lockKeystore(secrets, { password, rng: crypto.rng, ...(cost === undefined ? {} : { cost }) })
}

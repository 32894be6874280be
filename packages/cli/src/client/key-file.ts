/** Secret keys in files: 64 hexadecimal digits, mode 0600. */
import { readFile, writeFile } from 'node:fs/promises'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex } from '@mc/protocol/wire'
import { CommandError } from '../terminal/failure.js'

/** The key in a file. @throws CommandError that names the file. */
export async function readKey(path: string): Promise<Uint8Array> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new CommandError('key/unreadable', `${path} cannot be read: ${error.message}`, { field: 'key' })
  })
  if (!/^[0-9a-f]{64}$/.test(text.trim()))
    throw new CommandError('key/malformed', `${path}: need 64 hexadecimal digits in lower case`, {
      field: 'key',
    })
  return fromHex(text.trim())
}

/** Makes a key and writes it; gives the public key. @throws CommandError if the file is there already. */
export async function writeNewKey(path: string): Promise<string> {
  const secretKey = crypto.rng.bytes(32)
  await writeFile(path, `${hex(secretKey)}\n`, { mode: 0o600, flag: 'wx', flush: true }).catch(error => {
    const reason =
      error.code === 'EEXIST' ? 'it exists already, and keys are never overwritten' : error.message
    throw new CommandError('key/unwritable', `${path} cannot be written: ${reason}`, { field: 'file' })
  })
  return hex(crypto.ed25519.publicKey(secretKey))
}

/**
 * The data directory of one node: who it is, which network it belongs to, where it listens.
 *
 *     node.json      name, listen addresses, host and port of the API
 *     genesis.json   the network
 *     key            the secret key in hexadecimal, mode 0600
 *     api-token      what a caller of the API must show, mode 0600
 *     log/ store/    written by the running node
 */
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CryptoProvider } from '@mc/crypto'
import { type Genesis, genesisFromJson, genesisToJson } from '@mc/ledger'
import { fromHex, hex } from '@mc/protocol/wire'
import { DirectoryError } from './directory-error.js'
import { type NodeSettings, nodeSettingsFromJson } from './node-settings.js'

/** What a data directory is made from. */
export interface NewDataDirectory {
  readonly path: string
  readonly settings: NodeSettings
  readonly genesis: Genesis
  /** Ed25519 secret key, 32 bytes. */
  readonly secretKey: Uint8Array
  readonly crypto: Pick<CryptoProvider, 'rng'>
}

/** What a data directory holds, read and checked. */
export interface DataDirectory {
  readonly path: string
  readonly settings: NodeSettings
  readonly genesis: Genesis
  readonly secretKey: Uint8Array
  /** 64 hexadecimal digits. */
  readonly apiToken: string
}

const TOKEN_BYTES = 32

/**
 * Makes a data directory; whatever else is in the folder stays.
 *
 * @throws DirectoryError `directory/exists` if there is a node in it already: keys are never overwritten.
 */
export async function createDataDirectory({
  path,
  settings,
  genesis,
  secretKey,
  crypto,
}: NewDataDirectory): Promise<void> {
  if (await isNodeDirectory(path)) {
    throw new DirectoryError('directory/exists', `${path} holds a node already: choose another directory`)
  }
  await mkdir(path, { recursive: true, mode: 0o700 })
  await writeSecret(join(path, 'key'), hex(secretKey))
  await writeSecret(join(path, 'api-token'), hex(crypto.rng.bytes(TOKEN_BYTES)))
  await writeGenesis(path, genesis)
  await writeSettings(path, settings)
}

/** Whether a folder is the data directory of a node. */
export async function isNodeDirectory(path: string): Promise<boolean> {
  return stat(join(path, 'node.json')).then(
    () => true,
    () => false,
  )
}

/**
 * Reads a data directory.
 *
 * @throws DirectoryError that names the file, and the field where there is one, and how to mend it.
 */
export async function readDataDirectory(path: string): Promise<DataDirectory> {
  if (!(await isNodeDirectory(path))) {
    const advice = 'make one with "mc node init" or "mc net up"'
    throw new DirectoryError('directory/no-node', `${path} is no data directory of a node: ${advice}`)
  }
  return {
    path,
    settings: await readJson(path, 'node.json', nodeSettingsFromJson),
    genesis: await readGenesis(path),
    secretKey: fromHex(await readSecret(path, 'key')),
    apiToken: await readSecret(path, 'api-token'),
  }
}

/** The genesis in a folder. @throws DirectoryError if there is none, or a field of it is wrong. */
export async function readGenesis(path: string, name = 'genesis.json'): Promise<Genesis> {
  return readJson(path, name, genesisFromJson)
}

/** Writes a genesis into a folder; all of it or nothing. */
export async function writeGenesis(path: string, genesis: Genesis): Promise<void> {
  await replaceFile(join(path, 'genesis.json'), pretty(genesisToJson(genesis)))
}

/** Writes the settings of a node; all of them or nothing. */
export async function writeSettings(path: string, settings: NodeSettings): Promise<void> {
  await replaceFile(join(path, 'node.json'), pretty(settings))
}

const pretty = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** A file is either the old one or the new one, whenever the power fails. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`
  await writeFile(next, text, { mode: 0o600, flush: true })
  await rename(next, path)
}

async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(path, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true })
  await chmod(path, 0o600)
}

async function readJson<T>(folder: string, name: string, parse: (value: unknown) => T): Promise<T> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8').catch(cause => {
    throw new DirectoryError('directory/unreadable', `${path} cannot be read`, { cause })
  })
  try {
    return parse(JSON.parse(text))
  } catch (error) {
    const { message, field } = error as Error & { field?: string }
    throw new DirectoryError('directory/malformed', `${path}: ${message}`, {
      cause: error,
      ...(field === undefined ? {} : { field }),
    })
  }
}

async function readSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  const { mode } = await stat(path).catch(cause => {
    throw new DirectoryError('directory/unreadable', `${path} cannot be read`, { cause })
  })
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new DirectoryError(
      'directory/secret-is-open',
      `${path} can be read by others: run "chmod 600 ${path}"`,
    )
  }
  const text = (await readFile(path, 'utf8')).trim()
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new DirectoryError('directory/malformed', `${path}: need 64 hexadecimal digits in lower case`)
  }
  return text
}

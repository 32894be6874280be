/**
 * Founding a network on this machine: members with keys, a genesis, a data directory for each.
 */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { Genesis, Member } from '@mc/ledger'
import {
  createDataDirectory,
  findFreePorts,
  readDataDirectory,
  readGenesis,
  writeGenesis,
  writeSettings,
} from '@mc/node/client'
import { CommandError } from '../terminal/failure.js'

/** Members of a network on one machine. */
export const MEMBERS_ON_ONE_MACHINE: { readonly min: number; readonly max: number } = { min: 4, max: 64 }

/** What a network is founded with. */
export interface Founding {
  readonly directory: string
  /** The realm that operations are signed for. */
  readonly name: string
  readonly nodes: number
  /** The default system if it is undefined. */
  readonly preset: string | undefined
  /** Which rules it runs, where it does more than keep records; they may name its members. */
  readonly rules?: Genesis['rules'] | ((members: readonly Member[]) => Genesis['rules'])
}

/** A network in a directory. */
export interface NetworkDirectory {
  readonly directory: string
  readonly genesis: Genesis
  /** The data directories of its members, in the order of the configuration. */
  readonly members: readonly string[]
}

/** Whether there is a network in a directory. */
export const isNetwork = (directory: string): boolean => genesisFolder(directory) !== undefined

/**
 * Makes the members and the genesis.
 *
 * @throws CommandError if the number of members or the preset is wrong, DirectoryError if there is a network already.
 */
export async function foundNetwork({
  directory,
  name,
  nodes,
  preset: chosen,
  rules: wanted,
}: Founding): Promise<NetworkDirectory> {
  requireNodes(nodes)
  const preset = await presetOf(chosen)
  const ports = await findFreePorts(2 * nodes)
  const secretKeys = Array.from({ length: nodes }, () => crypto.rng.bytes(32))
  const members = secretKeys.map((secretKey, index) => ({
    name: `node-${index}`,
    publicKey: crypto.ed25519.publicKey(secretKey),
    addresses: [loopback(ports[index] as number)],
  }))
  const configuration = { index: 0, firstEpoch: 0, suite: preset, depth: 1, members }
  const rules = typeof wanted === 'function' ? wanted(members) : wanted
  const genesis: Genesis = { name, time: Date.now(), configuration, ...(rules && { rules }) }
  // Founded aside and moved when it is whole: a founding that was interrupted leaves no network, and no member of one.
  const aside = join(directory, 'nodes.founding')
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true, mode: 0o700 })
  for (const [index, secretKey] of secretKeys.entries()) {
    const settings = {
      name: `node-${index}`,
      listen: [loopback(ports[index] as number)],
      api: { host: '127.0.0.1', port: ports[nodes + index] as number },
    }
    await createDataDirectory({ path: join(aside, String(index)), settings, genesis, secretKey, crypto })
  }
  await rename(aside, join(directory, 'nodes'))
  await writeGenesis(directory, genesis)
  return readNetwork(directory)
}

/** @throws DirectoryError that names the file if the genesis cannot be read. */
export async function readNetwork(directory: string): Promise<NetworkDirectory> {
  const genesis = await readGenesis(genesisFolder(directory) ?? directory)
  const members = genesis.configuration.members.map((_, index) => memberPath(directory, index))
  return { directory, genesis, members }
}

/** Gives every member free ports. Addresses are hints: the network stays the same. */
export async function renewPorts({
  directory,
  genesis,
  members,
}: NetworkDirectory): Promise<NetworkDirectory> {
  const ports = await findFreePorts(2 * members.length)
  const moved: Genesis = {
    ...genesis,
    configuration: {
      ...genesis.configuration,
      members: genesis.configuration.members.map((member, index) => {
        return { ...member, addresses: [loopback(ports[index] as number)] }
      }),
    },
  }
  for (const [index, path] of members.entries()) {
    const { settings } = await readDataDirectory(path)
    const api = { ...settings.api, port: ports[members.length + index] as number }
    await writeSettings(path, { ...settings, listen: [loopback(ports[index] as number)], api })
    await writeGenesis(path, moved)
  }
  await writeGenesis(directory, moved)
  return readNetwork(directory)
}

/** @throws CommandError unless so many members fit one machine and tolerate a fault. */
export function requireNodes(nodes: number): void {
  const { min, max } = MEMBERS_ON_ONE_MACHINE
  if (nodes >= min && nodes <= max) return
  throw new CommandError(
    'usage/nodes',
    `--nodes ${nodes}: need ${min} to ${max} (fewer than ${min} tolerate no fault)`,
    { field: 'nodes' },
  )
}

/** The name of a system that a network can begin with, or of the default one. @throws CommandError that lists those there are. */
export async function presetOf(name: string | undefined): Promise<string> {
  // The systems are loaded only where one is chosen.
  const { DEFAULT_PRESET, requireKeyless } = await import('../presets.js')
  try {
    if (name !== undefined) requireKeyless(name)
  } catch (error) {
    throw new CommandError('preset/unknown', `--preset: ${(error as Error).message}`, { field: 'preset' })
  }
  return name ?? DEFAULT_PRESET
}

/** The genesis of the network, or that of its first member, which is the same. */
const genesisFolder = (directory: string): string | undefined =>
  [directory, memberPath(directory, 0)].find(folder => existsSync(join(folder, 'genesis.json')))

const memberPath = (directory: string, index: number): string => join(directory, 'nodes', String(index))

const loopback = (port: number): string => `/ip4/127.0.0.1/tcp/${port}`

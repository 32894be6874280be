/**
 * Which node a command talks to: by its data directory, or by address and token.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readDataDirectory } from '@mc/node/client'
import type { Command } from 'commander'
import { CommandError } from '../terminal/failure.js'
import { ApiClient } from './api-client.js'

/** The flags that name a node. */
export interface ConnectionFlags {
  readonly dir: string
  readonly api?: string
  readonly tokenFile?: string
}

/** Adds the flags that name a node. */
export function connecting(command: Command): Command {
  return command
    .option(
      '--dir <directory>',
      'data directory of a node, or of a network (its first node)',
      '.mc/town-hall',
    )
    .option('--api <url>', 'address of a node, in place of --dir')
    .option('--token-file <file>', 'file with the token of that node')
}

/** A client of the node that the flags name. @throws CommandError, DirectoryError */
export async function clientOf(flags: ConnectionFlags): Promise<ApiClient> {
  if (flags.api !== undefined) return byAddress(flags.api, flags.tokenFile)
  const { settings, apiToken } = await readDataDirectory(nodeDirectory(flags.dir))
  const { host, port } = settings.api
  return new ApiClient({ url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, token: apiToken })
}

/** The data directory of a node that a path means: a network's is that of its first node. */
export function nodeDirectory(path: string): string {
  const directory = resolve(path)
  const first = join(directory, 'nodes', '0')
  return existsSync(first) ? first : directory
}

async function byAddress(url: string, tokenFile: string | undefined): Promise<ApiClient> {
  if (!/^https?:\/\/[^/]+$/.test(url)) {
    throw new CommandError('usage/api', '--api: need an address like http://127.0.0.1:4101', { field: 'api' })
  }
  if (tokenFile === undefined)
    throw new CommandError('usage/token-file', '--api needs --token-file, too', { field: 'token-file' })
  const token = await readFile(tokenFile, 'utf8').catch(error => {
    throw new CommandError('usage/token-file', `${tokenFile} cannot be read: ${error.message}`, {
      field: 'token-file',
    })
  })
  return new ApiClient({ url, token: token.trim() })
}

import { basename, dirname, resolve } from 'node:path'
import type { Genesis } from '@mc/ledger'
import { readGenesis } from '@mc/node/client'

/** The genesis in a file. @throws DirectoryError that names the file, and the field where one is wrong. */
export const readGenesisFile = (path: string): Promise<Genesis> =>
  readGenesis(dirname(resolve(path)), basename(path))

/**
 * Proof of an entry of the state by who trusts the genesis only: the block, its certificate, the entry in the state it commits to.
 */

import { fromHex, hex } from '@mc/protocol/wire'
import type { PREFIXES } from '@mc/topics'
import { LightReader } from '../organisation/light-reader.js'
import { OrganisationClient } from '../organisation/organisation-client.js'
import type { CommandError } from '../terminal/failure.js'
import type { Stage } from './stage.js'

/** What was shown, and how a person shows it again. */
export interface Proof {
  readonly verified: boolean
  /** What to run to see it, with the network up. */
  readonly command: string
  readonly table: keyof typeof PREFIXES
  /** The key of the entry, in hexadecimal, and whether it is there. */
  readonly key: string
  readonly isPresent: boolean
  /** Where it was shown. */
  readonly epoch?: number
}

/** Shows that an entry is, or is not, in the state, from what one member says and the genesis. */
export async function proven(
  stage: Stage,
  table: keyof typeof PREFIXES,
  key: Uint8Array,
  { command, isPresent = true }: { readonly command: string; readonly isPresent?: boolean },
): Promise<Proof> {
  const about = { command, table, key: hex(key), isPresent }
  const reader = new LightReader(stage.genesis, new OrganisationClient(stage.reader))
  try {
    const { epoch, value } = await reader.standing(table, hex(key))
    return { verified: (value !== undefined) === isPresent, ...about, epoch }
  } catch (error) {
    if ((error as CommandError).rule !== 'light/not-verified') throw error
    return { verified: false, ...about }
  }
}

/** Shows the same again, in the state as it is now. */
export const provenAgain = (stage: Stage, { table, key, ...about }: Proof): Promise<Proof> =>
  proven(stage, table, fromHex(key), about)

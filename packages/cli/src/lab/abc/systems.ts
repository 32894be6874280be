/**
 * The systems that can be measured, and how each is made for all members of a committee in one process.
 */

import type { BitSource } from '@mc/coin'
import { type Rng, type Sha256, seededRng } from '@mc/crypto'
import { portableBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { nodeCrypto } from '@mc/crypto/node'
import { composeSuite, PRESETS, type PresetEntry, type Suite, type SuiteNames, suiteNames } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'
import { SUITES } from '../../suites.js'

/** A system under measurement. */
export interface LabSystem {
  readonly name: string
  readonly parts: SuiteNames
}

/** All systems of the catalogue. */
export const SYSTEMS: readonly LabSystem[] = PRESETS.map(({ name, parts }: PresetEntry) => ({ name, parts }))

/** Whether a node of this program can run it: over libp2p, with a log and a ledger. */
export const runsInNodes = (name: string): boolean => SUITES[name] !== undefined

/**
 * A system by the names of its parts, as `acs/bkr,rbc/ct,aba/cobalt,coin/cks`.
 *
 * @throws RangeError, in a sentence, if they do not fit.
 */
export function systemOf(text: string): LabSystem {
  const places: Record<string, string> = { aba: 'agreement', raba: 'agreement' }
  const said = Object.fromEntries(
    text.split(',').map(part => {
      const role = part.slice(0, part.indexOf('/'))
      return [places[role] ?? role, part]
    }),
  )
  const parts = suiteNames(said)
  return {
    name: text
      .split(',')
      .map(part => part.slice(part.indexOf('/') + 1))
      .join('-'),
    parts,
  }
}

/** Makes the suite of one member; keys, if the system needs any, are dealt here, as only a benchmark may. */
export type MakeMember = (self: number, rng: BitSource) => Suite<unknown>

/** How a committee is made. */
export interface CommitteeOptions {
  readonly n: number
  readonly payloadBytesMax: number
}

/** The suites of a committee. What is dealt follows from the system and the size, so that counts can be repeated. */
export function committeeOf(
  { name, parts }: LabSystem,
  { n, payloadBytesMax }: CommitteeOptions,
): MakeMember {
  const { sha256 } = nodeCrypto
  const keys = dealSuiteKeys({
    names: parts,
    n,
    rng: dealer(name, n, sha256),
    sha256,
    bls: nodeBls() ?? portableBls,
  })
  return (self, rng) => {
    const own = keys[self]
    return composeSuite(parts, {
      name,
      rng,
      sha256,
      payloadBytesMax,
      purpose: 'benchmark',
      ...(own === undefined ? {} : { keys: own }),
    })
  }
}

const dealer = (name: string, n: number, sha256: Sha256): Rng => seededRng(`lab dealer ${name} ${n}`, sha256)

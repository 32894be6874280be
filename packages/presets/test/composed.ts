/**
 * Every system that names can compose, and keys for it from a dealer.
 */
import {
  type ComposeSuiteOptions,
  composeSuite,
  NAMES,
  type Suite,
  type SuiteNames,
  suiteNames,
} from '@mc/presets'
import { dealtKeys } from './dealt-keys.js'
import { noBits, sha256 } from './suites.js'

/** One member's suite, for benchmarks, of dealt keys. */
export const composed = (
  names: SuiteNames,
  n: number,
  self: number,
  options: Partial<ComposeSuiteOptions> = {},
): Suite<unknown> =>
  composeSuite(names, {
    rng: noBits,
    sha256,
    keys: dealtKeys(names, n)[self] ?? {},
    purpose: 'benchmark',
    payloadBytesMax: 64,
    ...options,
  })

/** All combinations of names that fit; of encryptions one with each. */
export function everySystem(): readonly SuiteNames[] {
  const systems: SuiteNames[] = []
  for (const acs of NAMES.acs) {
    const disperses = acs === 'acs/dispersed' || acs === 'acs/linkable'
    for (const transport of disperses ? NAMES.dispersal : NAMES.rbc) {
      for (const agreement of [...NAMES.aba, ...NAMES.raba]) {
        for (const coin of NAMES.coin) {
          const place = disperses ? 'dispersal' : 'rbc'
          const names = { acs, [place]: transport, agreement, coin, ...(acs === 'acs/fin' && ELECTION) }
          const encryption = NAMES.encryption[systems.length % 4]
          const fits = fitting(
            encryption === undefined || acs === 'acs/linkable' ? names : { ...names, encryption },
          )
          if (fits !== undefined) systems.push(fits)
        }
      }
    }
  }
  return systems
}

const ELECTION = { election: 'election/threshold' }

function fitting(said: Readonly<Record<string, string>>): SuiteNames | undefined {
  try {
    return suiteNames(said)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

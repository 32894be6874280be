/**
 * Every preset there is, by the name of its suite, over fast and insecure dealt keys.
 */
import {
  beat0,
  beat1,
  beat2,
  type ComposeSuiteOptions,
  dispersedLedger,
  epic,
  fin,
  honeyBadger,
  PRESETS,
  type PresetEntry,
  pace,
  ritas,
  type Suite,
  type SuiteKeys,
  waterbearC,
  waterbearQ,
  waterbearQsC,
  waterbearQsQ,
} from '@mc/presets'
import { dealtKeys } from './dealt-keys.js'
import type { MakeSuite } from './preset-runs.js'
import { sha256 } from './suites.js'

/** What any preset takes; each leaves what it does not need. */
export type AnyOptions = Omit<ComposeSuiteOptions, 'keys' | 'name'> & { readonly keys: Required<SuiteKeys> }

const FACTORIES: Readonly<Record<string, (options: AnyOptions) => Suite<never>>> = {
  waterbearQsQ,
  waterbearQ,
  waterbearQsC,
  waterbearC,
  honeyBadger,
  beat0,
  beat1,
  beat2,
  epic,
  pace,
  fin,
  ritas,
  dispersedLedger,
} as Readonly<Record<string, unknown>> as Readonly<Record<string, (options: AnyOptions) => Suite<never>>>

export const everyPreset = (): readonly string[] => PRESETS.map(({ name }) => name)

export const entryOf = (name: string): PresetEntry =>
  PRESETS.find(preset => preset.name === name) as PresetEntry

/** The factory that the catalogue names. */
export const factoryOf = (name: string): ((options: AnyOptions) => Suite<never>) => {
  const factory = FACTORIES[entryOf(name).factory]
  if (factory === undefined) throw new Error(`no factory ${entryOf(name).factory}`)
  return factory
}

/** The preset as each member of a committee makes it. */
export function makerOf(name: string): MakeSuite {
  const factory = factoryOf(name)
  const keysOf = new Map<number, readonly SuiteKeys[]>()
  return ({ rng, index, n }) => {
    const dealt = keysOf.get(n) ?? dealtKeys(entryOf(name).parts, n)
    keysOf.set(n, dealt)
    const keys = dealt[index] as Required<SuiteKeys>
    return factory({ rng, sha256, keys, purpose: 'benchmark', payloadBytesMax: 64 }) as Suite<unknown>
  }
}

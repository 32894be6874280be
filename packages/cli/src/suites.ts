/**
 * The names of the systems there are: the one place where a name becomes a factory.
 */
import {
  beat0,
  beat1,
  beat2,
  dispersedLedger,
  epic,
  fin,
  honeyBadger,
  type KeyedOptions,
  type KeyNeed,
  keyNeeds,
  PRESETS,
  pace,
  ritas,
  type Suite,
  type SuiteKeys,
  type SuitePurpose,
  type WaterbearOptions,
  waterbearC,
  waterbearQ,
  waterbearQsC,
  waterbearQsQ,
} from '@mc/presets'

/** What any system is made from; those over shared keys need `keys`. */
export interface SystemOptions extends WaterbearOptions {
  readonly keys?: SuiteKeys | undefined
  /** Only `benchmark` admits keys that were dealt. */
  readonly purpose?: SuitePurpose
}

/** Makes the system of one member. What its members tell each other is between them. */
export type MakeSuite = (options: SystemOptions) => Suite<unknown>

/** The systems that need no set-up: a network can begin with them. */
export const KEYLESS: Readonly<Record<string, MakeSuite>> = {
  'waterbear-qs-q': waterbearQsQ as MakeSuite,
  'waterbear-q': waterbearQ as MakeSuite,
  'waterbear-qs-c': waterbearQsC as MakeSuite,
  'waterbear-c': waterbearC as MakeSuite,
  ritas: ritas as MakeSuite,
}

/** The systems over shared keys: a network runs them once it has generated those. */
export const KEYED: Readonly<Record<string, MakeSuite>> = {
  'honey-badger': overKeys('honey-badger', honeyBadger),
  beat0: overKeys('beat0', beat0),
  beat1: overKeys('beat1', beat1),
  beat2: overKeys('beat2', beat2),
  epic: overKeys('epic', epic),
  pace: overKeys('pace', pace),
  fin: overKeys('fin', fin),
  'dispersed-ledger': overKeys('dispersed-ledger', dispersedLedger),
}

/** All systems, by name. */
export const SUITES: Readonly<Record<string, MakeSuite>> = { ...KEYLESS, ...KEYED }

/** The name of the system that runs unless another one is chosen. */
export const DEFAULT_PRESET = 'waterbear-qs-q'

/** The keys that a system needs; none if it is not over keys. */
export function needsOf(name: string): readonly KeyNeed[] {
  const entry = PRESETS.find(preset => preset.name === name)
  return entry === undefined ? [] : keyNeeds(entry.parts)
}

function overKeys<Kind extends keyof SuiteKeys>(
  name: string,
  make: (options: KeyedOptions<Kind>) => object,
): MakeSuite {
  return ({ rng: _, keys = {}, purpose = 'network', ...options }) => {
    const missing = needsOf(name).find(({ purpose: of }) => keys[of] === undefined)
    if (missing !== undefined) throw new RangeError(`${name} needs a shared key for its ${missing.purpose}`)
    return make({ ...options, purpose, keys: keys as KeyedOptions<Kind>['keys'] }) as Suite<unknown>
  }
}

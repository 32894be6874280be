/**
 * The names of the systems there are: the one place where a name becomes a factory.
 */
import { type Suite, type WaterbearOptions, waterbearQ, waterbearQsQ } from '@mc/presets'

/** Makes the system of one member. */
export type MakeSuite = (options: WaterbearOptions) => Suite<unknown>

/** The systems, by name. What their members tell each other is between them. */
export const SUITES: Readonly<Record<string, MakeSuite>> = {
  'waterbear-qs-q': waterbearQsQ as MakeSuite,
  'waterbear-q': waterbearQ as MakeSuite,
}

/** The name of the system that runs unless another one is chosen. */
export const DEFAULT_PRESET = 'waterbear-qs-q'

/**
 * The names of the systems that can be started: the one place where a name becomes a factory.
 */
import { type NodeSuite, nodeSuite, type SuiteParts } from '@mc/node'
import { waterbearQ, waterbearQsQ } from '@mc/presets'

/** The systems a network can run, by name. */
export const PRESETS: Readonly<Record<string, (parts: SuiteParts) => NodeSuite>> = {
  'waterbear-qs-q': parts => nodeSuite(waterbearQsQ(parts)),
  'waterbear-q': parts => nodeSuite(waterbearQ(parts)),
}

/** The name of the system that runs unless another one is chosen. */
export const DEFAULT_PRESET = 'waterbear-qs-q'

/**
 * The factory of a named system.
 *
 * @throws RangeError that lists the names there are.
 */
export function presetNamed(name: string): (parts: SuiteParts) => NodeSuite {
  const preset = PRESETS[name]
  if (preset === undefined)
    throw new RangeError(`no preset "${name}"; there are ${Object.keys(PRESETS).join(', ')}`)
  return preset
}

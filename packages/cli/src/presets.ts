/**
 * The systems as a node runs them.
 */
import { type NodeSuite, nodeSuite, type SuiteParts } from '@mc/node'
import { SUITES } from './suites.js'

export { DEFAULT_PRESET } from './suites.js'

/** The systems a network can run, by name. */
export const PRESETS: Readonly<Record<string, (parts: SuiteParts) => NodeSuite>> = Object.fromEntries(
  Object.entries(SUITES).map(([name, make]) => [name, (parts: SuiteParts) => nodeSuite(make(parts))]),
)

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

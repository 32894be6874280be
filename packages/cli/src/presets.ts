/**
 * The systems as a node runs them.
 */
import { nodeSuite, type SuiteMaker } from '@mc/node'
import { KEYED, KEYLESS, SUITES } from './suites.js'

export { DEFAULT_PRESET, needsOf } from './suites.js'

/** The systems a network can run, by name: those over keys once it has generated them. */
export const PRESETS: Readonly<Record<string, SuiteMaker>> = Object.fromEntries(
  Object.entries(SUITES).map(([name, make]): [string, SuiteMaker] => [
    name,
    ({ configuration: _, self: __, ...parts }) => nodeSuite(make(parts)),
  ]),
)

/**
 * The factory of a named system.
 *
 * @throws RangeError that lists the names there are.
 */
export function presetNamed(name: string): SuiteMaker {
  const preset = PRESETS[name]
  if (preset === undefined) throw new RangeError(`no preset "${name}"; there are ${namesOf(PRESETS)}`)
  return preset
}

/** @throws RangeError unless a network can begin with this system. */
export function requireKeyless(name: string): void {
  if (KEYLESS[name] !== undefined) return
  if (KEYED[name] === undefined)
    throw new RangeError(
      `no preset "${name}"; there are ${namesOf(KEYLESS)}, and with keys ${namesOf(KEYED)}`,
    )
  throw new RangeError(
    `${name} needs keys that the members share: begin without them and let the network generate them, with --keys ${name}`,
  )
}

/** @throws RangeError unless a system of this name runs over keys that a network generates. */
export function requireKeyed(name: string): void {
  if (KEYED[name] === undefined)
    throw new RangeError(`no preset "${name}" over keys; there are ${namesOf(KEYED)}`)
}

const namesOf = (presets: object): string => Object.keys(presets).join(', ')

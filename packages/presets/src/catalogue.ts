/**
 * The catalogue: every part and every system there is, as data.
 *
 * A description, not a registry: nothing is made from it. `composeSuite` makes systems from names, and knows these names itself.
 */

import { AGREEMENTS } from './catalogue/agreements.js'
import { BROADCASTS } from './catalogue/broadcasts.js'
import { COINS } from './catalogue/coins.js'
import type { PartEntry } from './catalogue/entry.js'
import { SUBSETS } from './catalogue/subsets.js'

export type { Family, Holds, PartEntry, PartRole, PresetEntry, SetUp, Status } from './catalogue/entry.js'
export { PRESETS } from './catalogue/systems.js'

/** Every part that a system can be made of. */
export const PARTS: readonly PartEntry[] = [...SUBSETS, ...BROADCASTS, ...AGREEMENTS, ...COINS]

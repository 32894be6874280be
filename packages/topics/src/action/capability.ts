/** What a program may do, by the first word of its actions: shown to voters, and enforced. */

import type { Codec } from '@mc/protocol/wire'
import { oneOf } from '../organisation/topic-kind.js'

/** The capabilities, in the order of the wire. */
export const CAPABILITIES = [
  'member',
  'domain',
  'parameter',
  'schedule',
  'mandate',
  'exception',
  'attester',
  'contractType',
  'protocol',
  'registry',
  'event',
] as const

/** What a program may do. */
export type Capability = (typeof CAPABILITIES)[number]

/** The codec of `Capability`. */
export const capability: Codec<Capability> = oneOf(CAPABILITIES)

/**
 * Conditions as data: when a power that is not democratic must end.
 *
 * @see topics.md, section 13
 */
import { type Codec, codec, DecodeError, list, text, type Union, uint, union } from '@mc/protocol/wire'
import { cid } from '../operation/content.js'

/** How deep conditions may stand in one another. */
export const PREDICATE_DEPTH_MAX = 4

/** A condition about the state. `custom` is code of tier 1, asked at epoch boundaries; the others are asked in every block. */
export type Predicate =
  | { readonly type: 'typeInstalled'; readonly contractType: Uint8Array }
  | { readonly type: 'parameterAtLeast'; readonly name: string; readonly value: number }
  | { readonly type: 'membersAtLeast'; readonly count: number }
  | { readonly type: 'attestersAtLeast'; readonly count: number }
  | { readonly type: 'clockAtLeast'; readonly clock: number }
  | { readonly type: 'all'; readonly of: readonly Predicate[] }
  | { readonly type: 'any'; readonly of: readonly Predicate[] }
  | { readonly type: 'not'; readonly of: Predicate }
  | { readonly type: 'custom'; readonly cid: Uint8Array }

const none: Codec<never> = codec<never>(
  () => {
    throw new RangeError(`predicate: need at most ${PREDICATE_DEPTH_MAX} levels`)
  },
  () => {
    throw new DecodeError(`conditions nested deeper than ${PREDICATE_DEPTH_MAX}`)
  },
)

const atDepth = (depth: number): Codec<Predicate> => {
  const inner = depth === 0 ? (none as Codec<Predicate>) : atDepth(depth - 1)
  const several = list(inner, { max: 16 })
  const kinds = {
    typeInstalled: { contractType: cid },
    parameterAtLeast: { name: text({ bytesMax: 64 }), value: uint() },
    membersAtLeast: { count: uint() },
    attestersAtLeast: { count: uint() },
    clockAtLeast: { clock: uint() },
    all: { of: several },
    any: { of: several },
    not: { of: inner },
    custom: { cid },
  }
  return union(kinds) as Codec<Union<typeof kinds>> as Codec<Predicate>
}

/** The canonical bytes of a condition. */
export const predicateCodec: Codec<Predicate> = atDepth(PREDICATE_DEPTH_MAX - 1)

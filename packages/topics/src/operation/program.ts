/** What a proposal does if it wins: nothing but its words, actions, or a contract with parameters. */
import { bytes, type Codec, type Union, union } from '@mc/protocol/wire'
import { type Action, actionsCodec } from '../action/action.js'
import { cid } from './content.js'

/** Parameters of a contract, at most. */
export const CONTRACT_PARAMETER_BYTES_MAX = 16_384

const kinds = {
  actions: { actions: actionsCodec },
  contract: { contractType: cid, parameters: bytes({ max: CONTRACT_PARAMETER_BYTES_MAX }) },
} as const

/** What runs when a proposal has won. */
export type Program =
  | { readonly type: 'actions'; readonly actions: readonly Action[] }
  | { readonly type: 'contract'; readonly contractType: Uint8Array; readonly parameters: Uint8Array }

/** The canonical bytes of a program. */
export const programCodec: Codec<Program> = union(kinds) as Codec<Union<typeof kinds>> as Codec<Program>

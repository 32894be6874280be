/**
 * In whose name an operation is made: a member, or one of the names that a member has where nobody should know which one it is.
 */
import { digestKey } from '@mc/crypto'
import { type Codec, digest, u8, uint, union } from '@mc/protocol/wire'

/** In whose name an operation is made. */
export type Signer =
  /** A member, by its id: signs with its key X. */
  | { readonly type: 'member'; readonly id: Uint8Array }
  /** A participant of a topic, by its tag there: signs with the tag as its key. */
  | { readonly type: 'pseudonym'; readonly topic: Uint8Array; readonly tag: Uint8Array }
  /** Somebody who has not yet used this slot of this period: signs with the tag of the slot. */
  | { readonly type: 'token'; readonly period: number; readonly slot: number; readonly tag: Uint8Array }
  /** Somebody of a meeting, by the key image of its ballots: Proof B stands for the signature. */
  | { readonly type: 'ballot'; readonly meeting: Uint8Array; readonly image: Uint8Array }
  /** A seat of the consensus, by its key. */
  | { readonly type: 'consensus'; readonly publicKey: Uint8Array }
  /** Somebody who judges a freeze, by its tag in that case: signs with the tag, and proves with each judgement to be a member. */
  | { readonly type: 'evaluator'; readonly freezeCase: Uint8Array; readonly tag: Uint8Array }

const kinds = {
  member: { id: digest },
  pseudonym: { topic: digest, tag: digest },
  token: { period: uint({ max: 2 ** 32 - 1 }), slot: u8({ max: 15 }), tag: digest },
  ballot: { meeting: digest, image: digest },
  consensus: { publicKey: digest },
  evaluator: { freezeCase: digest, tag: digest },
} as const

/** The codec of `Signer`. */
export const signerCodec: Codec<Signer> = union(kinds)

/** The name under which a signer's sequence and buckets are kept: 32 bytes that no two signers share. */
export function signerTag(signer: Signer): Uint8Array {
  switch (signer.type) {
    case 'member':
      return signer.id
    case 'pseudonym':
    case 'token':
    case 'evaluator':
      return signer.tag
    case 'ballot':
      return signer.image
    case 'consensus':
      return signer.publicKey
  }
}

/** The same as the key of a map: kinds apart, since a consensus key is chosen freely and could be somebody's tag. */
export const signerKey = (signer: Signer): string => signer.type[0] + digestKey(signerTag(signer))

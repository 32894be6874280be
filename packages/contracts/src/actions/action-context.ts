/** What an action finds when it is carried out. */
import { domainHash, type Sha256, type SignatureScheme } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'
import type { ReadTable, TopicKind } from '@mc/topics'
import type { Overlay } from '../execution/overlay.js'

/** Checks proofs that come with actions; `IdentityVerifier` of `@mc/identity` is one. */
export interface PossessionVerifier {
  /** Whether whoever registers `key` has shown that it knows the secret. Total. */
  verifyPossession(
    statement: { readonly org: Uint8Array; readonly key: Uint8Array },
    proof: Uint8Array,
  ): boolean
}

/** The cryptography that actions need. */
export interface ActionCrypto {
  readonly sha256: Sha256
  /** The scheme in which nodes sign. */
  readonly signatures: SignatureScheme
  readonly identity: PossessionVerifier
}

/** Where an action stands: in which organisation, by whose decision, when. */
export interface ActionContext {
  readonly overlay: Overlay
  readonly crypto: ActionCrypto
  readonly topic: Uint8Array
  readonly kind: TopicKind
  /** L in seconds. */
  readonly clock: number
  /** Code of tier 1 may be installed and run. */
  readonly isCodeOn: boolean
}

/** Why an action cannot be carried out; nothing if it was. */
export type Flaw = string | undefined

/**
 * The id of the next thing that a topic makes in a table: H(purpose, topic, number), with the first number that is free.
 *
 * It depends on the topic alone, so nobody can aim at the id of somebody else's thing.
 */
export function freshId(
  table: ReadTable<unknown>,
  purpose: string,
  topic: Uint8Array,
  sha256: Sha256,
): Uint8Array {
  for (let number = 0; ; number += 1) {
    const writer = new Writer()
    writer.u32(number)
    const id = domainHash(sha256, purpose, topic, writer.finish())
    if (table.get(id) === undefined) return id
  }
}

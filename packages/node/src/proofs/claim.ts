/**
 * What can be verified beforehand: proofs of membership, ballots and signatures, each under a name that binds all of it.
 */
import { digestKey, domainHasher, type Sha256 } from '@mc/crypto'
import {
  type BallotStatement,
  type MembershipStatement,
  type SignatureStatement,
  scopeBytes,
} from '@mc/identity'
import { unreachable } from '@mc/protocol'
import { utf8, Writer } from '@mc/protocol/wire'

/** A statement with what is offered as its proof. */
export type ProofClaim =
  | { readonly type: 'membership'; readonly statement: MembershipStatement; readonly proof: Uint8Array }
  | { readonly type: 'ballot'; readonly statement: BallotStatement; readonly proof: Uint8Array }
  | { readonly type: 'signature'; readonly statement: SignatureStatement; readonly proof: Uint8Array }

/** Names a claim; nothing for what nobody could prove. */
export type NameOfClaim = (claim: ProofClaim) => string | undefined

/** Names of claims: a digest of everything that the verdict depends on, so that it holds for nothing else. */
export function claimNames(sha256: Sha256): NameOfClaim {
  const hash = domainHasher(sha256, 'mc/node/claim/v1')
  return claim => {
    try {
      return digestKey(hash(utf8(claim.type), ...partsOf(claim), claim.proof))
    } catch (error) {
      // Of a scope without a proper id there is no name: whoever verifies says no at once.
      if (error instanceof RangeError) return undefined
      throw error
    }
  }
}

function partsOf(claim: ProofClaim): readonly Uint8Array[] {
  switch (claim.type) {
    case 'membership': {
      const { org, ring, scope, tag, message } = claim.statement
      return [ring.root, scopeBytes(org, scope), tag, message]
    }
    case 'ballot': {
      const { org, ring, topicId, meetingId, keyImage, ballot, version } = claim.statement
      return [org, ring.root, topicId, meetingId, keyImage, ballot, numberBytes(version)]
    }
    case 'signature': {
      const { org, base, key, message } = claim.statement
      return [org, base === 'generator' ? GENERATOR : scopeBytes(org, base), key, message]
    }
    default:
      return unreachable(claim)
  }
}

const GENERATOR = new Uint8Array(0)

function numberBytes(value: number): Uint8Array {
  const writer = new Writer()
  writer.varint(value)
  return writer.finish()
}

/**
 * The prover: what a member's own device makes, and nobody else can.
 */
import { equalBytes, type Rng } from '@mc/crypto'
import { LINKABLE_RING_MAX, openBallot } from './ballot/ballot.js'
import { signLinkable } from './ballot/ring-signature.js'
import {
  generatorBase,
  type IdentityCrypto,
  type KeyBase,
  knownElement,
  multiple,
  secretScalar,
  tagBase,
} from './identity-crypto.js'
import { tagOf } from './member-key.js'
import { Generators } from './membership/generators.js'
import { prove } from './membership/prove.js'
import type { Ring } from './ring/ring.js'
import type { BallotStatement, MembershipStatement } from './verifier.js'

/** A proof of membership with the tag that it is about. */
export interface MembershipProof {
  readonly tag: Uint8Array
  readonly proof: Uint8Array
}

/** A secret ballot's proof with the key image that it is about. */
export interface BallotProof {
  readonly keyImage: Uint8Array
  readonly proof: Uint8Array
}

/** Proves with one member's secret key. Proofs over large rings take their time: run it in a worker. */
export interface IdentityProver {
  /**
   * Proof A.
   *
   * @throws RangeError if the key is not in the ring, or the scope cannot be rendered.
   */
  proveMembership(statement: Omit<MembershipStatement, 'tag'>): MembershipProof

  /**
   * Proof B up to 64 voters, Proof A above.
   *
   * @throws RangeError if the pseudonym is not in the ring, or the statement cannot be rendered.
   */
  proveBallot(statement: Omit<BallotStatement, 'keyImage'>): BallotProof
}

/** A prover for one member. @throws RangeError unless `secretKey` is a scalar. */
export function identityProver(
  secretKey: Uint8Array,
  { rng, crypto }: { readonly rng: Rng; readonly crypto: IdentityCrypto },
): IdentityProver {
  const secret = secretScalar(secretKey)
  const generators = new Generators(crypto)
  const positionIn = (ring: Ring, base: KeyBase): number => {
    const own = multiple(base, secret, crypto)
    const position = ring.keys.findIndex(key => equalBytes(key, own))
    if (position < 0) throw new RangeError('identity: the key is not in the ring')
    return position
  }
  return {
    proveMembership(statement) {
      const { org, scope, ring } = statement
      const tag = tagOf(org, scope, secretKey, crypto)
      const ringBase = generatorBase(crypto)
      const oneOfMany = {
        ...statement,
        ringBase,
        tagBase: tagBase(org, scope, crypto),
        tag: knownElement(tag, crypto),
      }
      const witness = { secret, position: positionIn(ring, ringBase) }
      return { tag, proof: prove(oneOfMany, witness, { generators, rng, crypto }) }
    },
    proveBallot(statement) {
      const { org, ring, meetingId } = statement
      const keyImage = tagOf(org, { type: 'ballot', meetingId }, secretKey, crypto)
      const opened = openBallot({ ...statement, keyImage }, crypto)
      if (opened === undefined) throw new RangeError('identity: the ballot cannot be rendered')
      const { ringBase, imageBase, image, context } = opened
      const witness = { secret, position: positionIn(ring, ringBase) }
      const proof =
        ring.size <= LINKABLE_RING_MAX
          ? signLinkable({ ring, ...opened }, witness, rng, crypto)
          : prove({ org, ring, ringBase, tagBase: imageBase, tag: image, message: context }, witness, {
              generators,
              rng,
              crypto,
            })
      return { keyImage, proof }
    },
  }
}

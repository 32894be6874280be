/**
 * The verifier of what members claim, over an engine.
 */
import { digestKey } from '@mc/crypto'
import { type AttestedFacts, verifyConsent } from './admission/attestation.js'
import { LINKABLE_RING_MAX, openBallot } from './ballot/ballot.js'
import { verifyLinkable } from './ballot/ring-signature.js'
import {
  elementFrom,
  generatorBase,
  type IdentityCrypto,
  type KeyBase,
  tagBaseOf,
} from './identity-crypto.js'
import { type MutualSignatures, type MutualVouch, verifyMutualVouch } from './meet/meet.js'
import { possession } from './member-key.js'
import { Generators } from './membership/generators.js'
import type { OneOfMany } from './membership/one-of-many.js'
import { BATCH_MAX, type Candidate, candidateOf, holdTogether } from './membership/verify.js'
import { type SignatureCheck, verifySchnorr, verifySchnorrs } from './schnorr.js'
import { type Scope, scopeBytes } from './scope.js'
import type {
  BallotStatement,
  Claim,
  IdentityVerifier,
  MembershipStatement,
  PossessionStatement,
  SignatureStatement,
} from './verifier.js'

/** A verifier. It keeps the last tag bases that it hashed, and no state that could change an answer. */
export const identityVerifier = (crypto: IdentityCrypto): IdentityVerifier => new Verifier(crypto)

/** How many hashed tag bases are kept. */
const BASES_MAX = 256

class Verifier implements IdentityVerifier {
  readonly #crypto: IdentityCrypto
  readonly #generators: Generators
  readonly #generator: KeyBase
  readonly #bases = new Map<string, KeyBase>()

  constructor(crypto: IdentityCrypto) {
    this.#crypto = crypto
    this.#generators = new Generators(crypto)
    this.#generator = generatorBase(crypto)
  }

  verifyMembership(statement: MembershipStatement, proof: Uint8Array): boolean {
    return this.verifyMembershipBatch([{ statement, proof }])[0] === true
  }

  verifyMembershipBatch(claims: readonly Claim<MembershipStatement>[]): readonly boolean[] {
    return this.#verifyAll(
      claims.map(({ statement, proof }) => ({ statement: this.#opened(statement), proof })),
    )
  }

  verifySignature(statement: SignatureStatement, signature: Uint8Array): boolean {
    const check = this.#check(statement, signature)
    return check !== undefined && verifySchnorr(check, this.#crypto)
  }

  verifySignatureBatch(claims: readonly Claim<SignatureStatement>[]): readonly boolean[] {
    const checks = claims.map(({ statement, proof }) => this.#check(statement, proof))
    const results = verifySchnorrs(
      checks.filter(check => check !== undefined),
      this.#crypto,
    )
    let at = 0
    return checks.map(check => {
      if (check === undefined) return false
      at += 1
      return results[at - 1] === true
    })
  }

  verifyBallot(statement: BallotStatement, proof: Uint8Array): boolean {
    const opened = openBallot(statement, this.#crypto)
    if (opened === undefined) return false
    const { ringBase, imageBase, image, context } = opened
    const { org, ring } = statement
    if (ring.size <= LINKABLE_RING_MAX) {
      return verifyLinkable({ ring, ringBase, imageBase, image, context }, proof, this.#crypto)
    }
    const oneOfMany = { org, ring, ringBase, tagBase: imageBase, tag: image, message: context }
    return this.#verifyAll([{ statement: oneOfMany, proof }])[0] === true
  }

  verifyPossession({ org, key }: PossessionStatement, proof: Uint8Array): boolean {
    return verifySchnorr({ signing: possession(org, key, this.#crypto), key, signature: proof }, this.#crypto)
  }

  verifyMutualVouch(org: Uint8Array, vouch: MutualVouch, signatures: MutualSignatures): boolean {
    return verifyMutualVouch(org, vouch, signatures, this.#crypto)
  }

  verifyConsent(org: Uint8Array, facts: AttestedFacts, signature: Uint8Array): boolean {
    return verifyConsent(org, facts, signature, this.#crypto)
  }

  /** Ring by ring and part by part; a part in which something is false is halved. */
  #verifyAll(
    claims: readonly { readonly statement: OneOfMany | undefined; readonly proof: Uint8Array }[],
  ): readonly boolean[] {
    const results = new Array<boolean>(claims.length).fill(false)
    const rings = new Map<string, { readonly index: number; readonly candidate: Candidate }[]>()
    for (const [index, { statement, proof }] of claims.entries()) {
      const candidate = statement && candidateOf(statement, proof, this.#crypto)
      if (candidate === undefined) continue
      const { ring, ringBase } = candidate.statement
      const name = digestKey(ring.root) + digestKey(ringBase.encoded)
      const entries = rings.get(name)
      if (entries === undefined) rings.set(name, [{ index, candidate }])
      else entries.push({ index, candidate })
    }
    for (const entries of rings.values()) {
      for (let from = 0; from < entries.length; from += BATCH_MAX) {
        this.#sort(entries.slice(from, from + BATCH_MAX), results)
      }
    }
    return results
  }

  #sort(
    part: readonly { readonly index: number; readonly candidate: Candidate }[],
    results: boolean[],
  ): void {
    const candidates = part.map(({ candidate }) => candidate)
    if (holdTogether(candidates, this.#generators, this.#crypto)) {
      for (const { index } of part) results[index] = true
    } else if (part.length > 1) {
      const half = part.length >> 1
      this.#sort(part.slice(0, half), results)
      this.#sort(part.slice(half), results)
    }
  }

  #opened({ org, ring, scope, tag, message }: MembershipStatement): OneOfMany | undefined {
    const tagBase = this.#base(org, scope)
    const element = tagBase && elementFrom(tag, this.#crypto)
    return element && { org, ring, ringBase: this.#generator, tagBase, tag: element, message }
  }

  #check({ org, base, key, message }: SignatureStatement, signature: Uint8Array): SignatureCheck | undefined {
    const own = base === 'generator' ? this.#generator : this.#base(org, base)
    return own && { signing: { purpose: 'operation', org, base: own, message }, key, signature }
  }

  #base(org: Uint8Array, scope: Scope): KeyBase | undefined {
    const name = nameOf(org, scope)
    const known = name === undefined ? undefined : this.#bases.get(name)
    if (name === undefined || known !== undefined) return known
    const base = tagBaseOf(org, scope, this.#crypto)
    if (base === undefined) return undefined
    if (this.#bases.size >= BASES_MAX) this.#bases.clear()
    this.#bases.set(name, base)
    return base
  }
}

/** A scope as a key of a map, or undefined if it cannot be rendered. */
function nameOf(org: Uint8Array, scope: Scope): string | undefined {
  try {
    return digestKey(scopeBytes(org, scope))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

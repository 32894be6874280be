/** An identity that proves by showing the secret: all rules, no mathematics. */
import { digestKey, domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import {
  attestationDigest,
  type IdentityVerifier,
  type Ring,
  type RingName,
  type Scope,
  scopeBytes,
} from '@mc/identity'
import { Writer } from '@mc/protocol/wire'
import { vouchId } from '@mc/topics'

export interface FakeIdentity extends IdentityVerifier {
  keyOf(secret: Uint8Array): Uint8Array
  tagOf(org: Uint8Array, scope: Scope, secret: Uint8Array): Uint8Array
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array
  ballotProof(secret: Uint8Array, ballot: Uint8Array, version: number): Uint8Array
  openRing(name: RingName, keys: readonly Uint8Array[]): Ring
  /** How many signatures and proofs were looked at. */
  readonly asked: { signatures: number; proofs: number }
}

export function fakeIdentity(sha256: Sha256): FakeIdentity {
  const keyOf = (secret: Uint8Array): Uint8Array => domainHash(sha256, 'fake/key', secret)
  const tagOf = (org: Uint8Array, scope: Scope, secret: Uint8Array): Uint8Array =>
    domainHash(sha256, 'fake/tag', secret, scopeBytes(org, scope))
  const sign = (secret: Uint8Array, message: Uint8Array): Uint8Array => {
    const signature = new Uint8Array(64)
    signature.set(secret)
    signature.set(domainHash(sha256, 'fake/signature', secret, message), 32)
    return signature
  }
  const versioned = (ballot: Uint8Array, version: number): Uint8Array => {
    const writer = new Writer()
    writer.raw(ballot)
    writer.varint(version)
    return writer.finish()
  }
  const asked = { signatures: 0, proofs: 0 }
  const shows = (proof: Uint8Array, message: Uint8Array): Uint8Array | undefined => {
    const secret = proof.subarray(0, 32)
    return proof.length === 64 && equalBytes(proof, sign(secret, message)) ? secret : undefined
  }
  const verifier: IdentityVerifier = {
    verifySignature({ org, base, key, message }, signature) {
      asked.signatures += 1
      const secret = shows(signature, message)
      if (secret === undefined) return false
      return equalBytes(key, base === 'generator' ? keyOf(secret) : tagOf(org, base, secret))
    },
    verifySignatureBatch: claims =>
      claims.map(({ statement, proof }) => verifier.verifySignature(statement, proof)),
    verifyMembership({ org, ring, scope, tag, message }, proof) {
      asked.proofs += 1
      const secret = shows(proof, message)
      if (secret === undefined) return false
      const key = keyOf(secret)
      return equalBytes(tag, tagOf(org, scope, secret)) && ring.keys.some(one => equalBytes(one, key))
    },
    verifyMembershipBatch: claims =>
      claims.map(({ statement, proof }) => verifier.verifyMembership(statement, proof)),
    verifyBallot({ org, ring, topicId, meetingId, keyImage, ballot, version }, proof) {
      asked.proofs += 1
      const secret = shows(proof, versioned(ballot, version))
      if (secret === undefined) return false
      const tag = tagOf(org, { type: 'topic', topicId }, secret)
      const image = tagOf(org, { type: 'ballot', meetingId }, secret)
      return equalBytes(image, keyImage) && ring.keys.some(one => equalBytes(one, tag))
    },
    verifyMutualVouch: (_, vouch, { byA, byB }) => {
      const message = vouchId(vouch, sha256)
      const [a, b] = [shows(byA, message), shows(byB, message)]
      if (a === undefined || b === undefined || equalBytes(vouch.keyA, vouch.keyB)) return false
      return equalBytes(keyOf(a), vouch.keyA) && equalBytes(keyOf(b), vouch.keyB)
    },
    verifyConsent: (org, facts, signature) => {
      const secret = shows(signature, attestationDigest(org, facts, { sha256 }))
      return secret !== undefined && equalBytes(keyOf(secret), facts.subject)
    },
    verifyPossession: ({ key }, proof) => {
      const secret = shows(proof, key)
      return secret !== undefined && equalBytes(key, keyOf(secret))
    },
  }
  return {
    ...verifier,
    keyOf,
    tagOf,
    sign,
    asked,
    ballotProof: (secret, ballot, version) => sign(secret, versioned(ballot, version)),
    openRing: (_, keys) => {
      if (new Set(keys.map(digestKey)).size !== keys.length) throw new Error('a key stands in the ring twice')
      return {
        root: domainHash(sha256, 'fake/ring', ...keys),
        size: keys.length,
        keys,
        points: undefined as never,
      }
    },
  }
}

/**
 * Claims as jobs of a thread: those over one ring together, so that the ring is multiplied once.
 */
import {
  JOB_MESSAGE_BYTES_MAX,
  JOB_PROOF_BYTES_MAX,
  type ProofJob,
  type Ring,
  type RingName,
  SCHNORR_BYTES,
} from '@mc/identity'
import type { ProofClaim } from './claim.js'

/** Proofs and ballots of one job: as many as are verified in one multiplication. */
export const PROOFS_PER_JOB = 64

/** Signatures of one job. */
export const SIGNATURES_PER_JOB = 256

/** A claim with its name. */
export interface NamedClaim {
  readonly name: string
  readonly claim: ProofClaim
}

/** A job, and the claims that its verdicts are about, in order. */
export interface ClaimJob {
  readonly job: ProofJob
  readonly names: readonly string[]
}

/** The jobs for these claims. What a job cannot hold is left out: whoever meets it verifies it itself. */
export function jobsOf(
  claims: readonly NamedClaim[],
  nameOf: (ring: Ring) => RingName | undefined,
): readonly ClaimJob[] {
  const fitting = claims.filter(fits)
  const signatures = chunks(fitting.filter(isOf('signature')), SIGNATURES_PER_JOB)
  return [
    ...overRings(fitting.filter(isOf('membership')), nameOf, membershipJob),
    ...overRings(fitting.filter(isOf('ballot')), nameOf, ballotJob),
    ...signatures.map(signatureJob),
  ]
}

type ClaimOf<Type extends ProofClaim['type']> = NamedClaim & {
  readonly claim: Extract<ProofClaim, { type: Type }>
}

type RingOfJob = Extract<ProofJob, { type: 'verify-memberships' }>['ring']

const isOf =
  <Type extends ProofClaim['type']>(type: Type) =>
  (one: NamedClaim): one is ClaimOf<Type> =>
    one.claim.type === type

function fits({ claim }: NamedClaim): boolean {
  const { type, proof } = claim
  if (type === 'signature') return proof.length === SCHNORR_BYTES && hasRoom(claim.statement.message)
  if (proof.length > JOB_PROOF_BYTES_MAX) return false
  return hasRoom(type === 'ballot' ? claim.statement.ballot : claim.statement.message)
}

const hasRoom = ({ length }: Uint8Array): boolean => length <= JOB_MESSAGE_BYTES_MAX

function overRings<One extends ClaimOf<'membership'> | ClaimOf<'ballot'>>(
  claims: readonly One[],
  nameOf: (ring: Ring) => RingName | undefined,
  jobOf: (ring: RingOfJob, claims: readonly One[]) => ProofJob,
): readonly ClaimJob[] {
  const byRing = new Map<Ring, One[]>()
  for (const one of claims) {
    const { ring } = one.claim.statement
    const others = byRing.get(ring)
    if (others === undefined) byRing.set(ring, [one])
    else others.push(one)
  }
  return [...byRing].flatMap(([ring, all]) => {
    const name = nameOf(ring)
    if (name === undefined) return []
    const described = { name, keys: packed(ring.keys) }
    return chunks(all, PROOFS_PER_JOB).map(part => ({ job: jobOf(described, part), names: namesOf(part) }))
  })
}

const membershipJob = (ring: RingOfJob, claims: readonly ClaimOf<'membership'>[]): ProofJob => ({
  type: 'verify-memberships',
  ring,
  claims: claims.map(({ claim: { statement, proof } }) => {
    const { org, scope, tag, message } = statement
    return { org, scope, tag, message, proof }
  }),
})

const ballotJob = (ring: RingOfJob, claims: readonly ClaimOf<'ballot'>[]): ProofJob => ({
  type: 'verify-ballots',
  ring,
  ballots: claims.map(({ claim: { statement, proof } }) => {
    const { org, topicId, meetingId, keyImage, ballot, version } = statement
    return { org, topicId, meetingId, keyImage, ballot, version, proof }
  }),
})

const signatureJob = (claims: readonly ClaimOf<'signature'>[]): ClaimJob => ({
  job: {
    type: 'verify-signatures',
    signatures: claims.map(({ claim: { statement, proof: signature } }) => {
      const { org, base, key, message } = statement
      return { org, base: base === 'generator' ? undefined : base, key, message, signature }
    }),
  },
  names: namesOf(claims),
})

const namesOf = (claims: readonly NamedClaim[]): readonly string[] => claims.map(({ name }) => name)

function packed(keys: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(32 * keys.length)
  for (const [at, key] of keys.entries()) all.set(key, 32 * at)
  return all
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  )
}

/**
 * The other side of a job: bytes in, bytes out, nothing else. A node wraps it in a thread, a page in a worker.
 */
import { digestKey, seededRng } from '@mc/crypto'
import { unreachable } from '@mc/protocol'
import { utf8 } from '@mc/protocol/wire'
import type { IdentityCrypto } from '../identity-crypto.js'
import { identityProver } from '../identity-prover.js'
import { identityVerifier } from '../identity-verifier.js'
import { openRing, type Ring } from '../ring/ring.js'
import type { IdentityVerifier } from '../verifier.js'
import {
  type ProofJob,
  type ProofResult,
  proofJobCodec,
  proofResultCodec,
  type RingOfJob,
  ringOfJobCodec,
  type SignatureOfJob,
} from './proof-job.js'

/** How many opened rings a worker keeps. */
const RINGS_MAX = 16

/**
 * Answers jobs. Keeps the rings that it opened last, and no secret.
 *
 * @throws DecodeError for bytes that are no job: both sides are one's own.
 */
export function proofWorker(crypto: IdentityCrypto): (job: Uint8Array) => Uint8Array {
  const verifier = identityVerifier(crypto)
  const rings = new Map<string, Ring>()
  const ringOf = (described: RingOfJob): Ring => {
    const name = digestKey(crypto.sha256(ringOfJobCodec.encode(described)))
    const known = rings.get(name)
    if (known !== undefined) return known
    const keys = Array.from({ length: Math.floor(described.keys.length / 32) }, (_, at) =>
      described.keys.slice(32 * at, 32 * at + 32),
    )
    const ring = openRing(described.name, keys, crypto)
    if (ring === undefined) throw new RangeError('ring: a key is not one, or stands there twice')
    if (rings.size >= RINGS_MAX) rings.clear()
    rings.set(name, ring)
    return ring
  }
  const answer = (job: ProofJob): ProofResult => {
    if (job.type === 'verify-signatures') return verdicts(signaturesHold(job.signatures, verifier))
    const ring = ringOf(job.ring)
    switch (job.type) {
      case 'prove-membership':
        return { type: 'proof', ...proverOf(job, crypto).proveMembership({ ...job, ring }) }
      case 'prove-ballot': {
        const { keyImage, proof } = proverOf(job, crypto).proveBallot({ ...job, ring })
        return { type: 'proof', tag: keyImage, proof }
      }
      case 'verify-memberships':
        return verdicts(
          verifier.verifyMembershipBatch(
            job.claims.map(({ proof, ...statement }) => ({ statement: { ...statement, ring }, proof })),
          ),
        )
      case 'verify-ballots':
        return verdicts(
          job.ballots.map(({ proof, ...statement }) => verifier.verifyBallot({ ...statement, ring }, proof)),
        )
      default:
        return unreachable(job)
    }
  }
  return bytes => proofResultCodec.encode(attempt(() => answer(proofJobCodec.decode(bytes))))
}

const verdicts = (holds: readonly boolean[]): ProofResult => ({ type: 'verdicts', holds })

const signaturesHold = (
  signatures: readonly SignatureOfJob[],
  verifier: IdentityVerifier,
): readonly boolean[] =>
  verifier.verifySignatureBatch(
    signatures.map(({ signature: proof, base, ...statement }) => {
      return { statement: { ...statement, base: base ?? ('generator' as const) }, proof }
    }),
  )

const proverOf = (
  { secretKey, seed }: { readonly secretKey: Uint8Array; readonly seed: Uint8Array },
  crypto: IdentityCrypto,
) => identityProver(secretKey, { rng: seededRng(seed, crypto.sha256), crypto })

function attempt(work: () => ProofResult): ProofResult {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) return { type: 'impossible', why: utf8(error.message.slice(0, 80)) }
    throw error
  }
}

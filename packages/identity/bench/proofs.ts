/**
 * The costs of proofs as JSON: milliseconds of this process's own processor time, one core. Figures from a busy machine are noisy.
 *
 * Run from the root:
 * esbuild packages/identity/bench/proofs.ts --bundle --platform=node --format=esm --conditions=@mc/source --outfile=FILE.mjs
 * node FILE.mjs [SIZES, such as 100,1000] [wasm|portable]
 */
import { seededRng } from '@mc/crypto'
import { portableCrypto } from '@mc/crypto/portable'
import { portableRistretto, ristrettoEngine } from '@mc/crypto/ristretto'
import {
  identityProver,
  identityVerifier,
  memberKey,
  newMemberSecret,
  openRing,
  signOperation,
  tagOf,
} from '@mc/identity'

const [sizes = '10,23,100,1000', engine = 'wasm'] = process.argv.slice(2)
const { sha256 } = portableCrypto
const ristretto = engine === 'portable' ? portableRistretto() : ristrettoEngine()
const crypto = { sha256, ristretto }
const rng = seededRng('bench', sha256)
const org = new Uint8Array(32).fill(1)
const topicId = new Uint8Array(32).fill(2)
const meetingId = new Uint8Array(32).fill(3)
const message = Uint8Array.of(7)
const scope = { type: 'topic', topicId } as const
const verifier = identityVerifier(crypto)

/** Milliseconds of processor time per call, over enough calls to be read. */
function cost(work: () => unknown): number {
  work()
  const from = process.cpuUsage()
  let calls = 0
  let used = 0
  while (used < 400_000) {
    work()
    calls += 1
    const { user, system } = process.cpuUsage(from)
    used = user + system
  }
  return Math.round(used / calls / 10) / 100
}

function figures(size: number) {
  const secrets = Array.from({ length: size }, () => newMemberSecret(rng))
  const keys = secrets.map(secret => memberKey(secret, crypto))
  const open = () => openRing({ type: 'members', epoch: 1, cohort: 0 }, keys, crypto)!
  const ring = open()
  const batch = Math.min(50, size)
  const claims = secrets.slice(0, batch).map(secret => {
    const { tag, proof } = identityProver(secret, { rng, crypto }).proveMembership({
      org,
      ring,
      scope,
      message,
    })
    return { statement: { org, ring, scope, tag, message }, proof }
  })
  const prover = identityProver(secrets[0]!, { rng, crypto })
  const one = claims[0]!
  const voters = openRing(
    { type: 'meeting', meetingId },
    secrets.map(secret => tagOf(org, scope, secret, crypto)),
    crypto,
  )!
  const ballot = { org, ring: voters, topicId, meetingId, ballot: message, version: 1 }
  const cast = prover.proveBallot(ballot)
  if (!verifier.verifyMembershipBatch(claims).every(Boolean)) throw new Error('all proofs hold')
  if (!verifier.verifyBallot({ ...ballot, keyImage: cast.keyImage }, cast.proof))
    throw new Error('the ballot holds')
  return {
    members: size,
    proofBytes: one.proof.length + 32,
    openRingMs: cost(open),
    proveMs: cost(() => prover.proveMembership({ org, ring, scope, message })),
    verifyMs: cost(() => verifier.verifyMembership(one.statement, one.proof)),
    batch,
    verifyInBatchMs: Math.round((100 * cost(() => verifier.verifyMembershipBatch(claims))) / batch) / 100,
    ballotBytes: cast.proof.length + 32,
    castMs: cost(() => prover.proveBallot(ballot)),
    verifyBallotMs: cost(() => verifier.verifyBallot({ ...ballot, keyImage: cast.keyImage }, cast.proof)),
  }
}

function signatures() {
  const secret = newMemberSecret(rng)
  const key = tagOf(org, scope, secret, crypto)
  const signature = signOperation({ org, base: scope, message }, secret, crypto)
  const claims = Array.from({ length: 64 }, (_, at) => {
    const other = newMemberSecret(rng)
    const own = Uint8Array.of(at)
    return {
      statement: { org, base: scope, key: tagOf(org, scope, other, crypto), message: own },
      proof: signOperation({ org, base: scope, message: own }, other, crypto),
    }
  })
  return {
    signMs: cost(() => signOperation({ org, base: scope, message }, secret, crypto)),
    verifyMs: cost(() => verifier.verifySignature({ org, base: scope, key, message }, signature)),
    verifyInBatchOf64Ms: cost(() => verifier.verifySignatureBatch(claims)) / claims.length,
  }
}

console.log(
  JSON.stringify(
    {
      node: process.version,
      engine: ristretto.name,
      unit: 'ms of processor time, noisy',
      membership: sizes.split(',').map(size => figures(Number(size))),
      schnorr: signatures(),
    },
    undefined,
    2,
  ),
)

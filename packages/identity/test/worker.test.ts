import { readFileSync } from 'node:fs'
import { seededRng } from '@mc/crypto'
import { portableRistretto } from '@mc/crypto/ristretto'
import {
  identityProver,
  identityVerifier,
  memberKey,
  openRing,
  type ProofJob,
  proofJobCodec,
  proofResultCodec,
  proofWorker,
  type Scope,
  type SignatureOfJob,
  signOperation,
  tagOf,
} from '@mc/identity'
import { DecodeError, hex } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import {
  claimOf,
  crypto,
  id,
  MEETING,
  ORG,
  ringOf,
  secretsOf,
  sha256,
  TOPIC,
  topic,
  turned,
  votersOf,
} from './people.js'

const vectors = JSON.parse(readFileSync(new URL('./identity.vectors.json', import.meta.url), 'utf8'))
const secrets = secretsOf(5)
const ring = ringOf(secrets)
const packed = (keys: readonly Uint8Array[]) => Uint8Array.from(keys.flatMap(key => [...key]))
const members = { name: { type: 'members', epoch: 1, cohort: 0 }, keys: packed(ring.keys) } as const
const message = Uint8Array.of(7)
const prove: ProofJob = {
  type: 'prove-membership',
  ring: members,
  org: ORG,
  scope: topic,
  message,
  secretKey: secrets[2]!,
  seed: id(42),
}
const voters = votersOf(secrets)
const vote = {
  type: 'prove-ballot',
  ring: { name: { type: 'meeting', meetingId: MEETING }, keys: packed(voters.keys) },
  org: ORG,
  topicId: TOPIC,
  meetingId: MEETING,
  ballot: message,
  version: 3,
  secretKey: secrets[2]!,
  seed: id(43),
} as const satisfies ProofJob
const work = proofWorker(crypto)
const run = (job: ProofJob, by = work) => proofResultCodec.decode(by(proofJobCodec.encode(job)))

test('a worker proves what the member would have proved itself', () => {
  const result = run(prove)
  const rng = seededRng(id(42), sha256)
  const own = identityProver(secrets[2]!, { rng, crypto }).proveMembership({
    org: ORG,
    ring,
    scope: topic,
    message,
  })
  expect(result).toEqual({ type: 'proof', ...own })
})

test('a worker verifies a batch, and says which of it is false', () => {
  const claims = secrets.map(secret => claimOf(secret, ring))
  const asJob = claims.map(({ statement: { org, scope, tag, message: own }, proof }, at) => ({
    org,
    scope,
    tag,
    message: own,
    proof: at === 3 ? turned(proof, 99) : proof,
  }))
  const job: ProofJob = { type: 'verify-memberships', ring: members, claims: asJob }
  expect(run(job)).toEqual({ type: 'verdicts', holds: [true, true, true, false, true] })
})

test('a worker casts a ballot', () => {
  const result = run(vote)
  if (result.type !== 'proof') throw new Error(result.type)
  const statement = {
    org: ORG,
    ring: voters,
    topicId: TOPIC,
    meetingId: MEETING,
    ballot: message,
    version: 3,
  }
  expect(identityVerifier(crypto).verifyBallot({ ...statement, keyImage: result.tag }, result.proof)).toBe(
    true,
  )
})

const sign = (secret: Uint8Array, base: 'generator' | Scope): SignatureOfJob => {
  const key = base === 'generator' ? memberKey(secret, crypto) : tagOf(ORG, base, secret, crypto)
  const signature = signOperation({ org: ORG, base, message }, secret, crypto)
  return { org: ORG, base: base === 'generator' ? undefined : base, key, message, signature }
}

test('a worker verifies signatures of members and of pseudonyms, and says which is false', () => {
  const good = [sign(secrets[0]!, 'generator'), sign(secrets[1]!, topic)]
  const bad = { ...good[0]!, base: topic }
  expect(run({ type: 'verify-signatures', signatures: [...good, bad] })).toEqual({
    type: 'verdicts',
    holds: [true, true, false],
  })
})

test('a worker verifies ballots of one meeting, and says which is false', () => {
  const cast = run(vote)
  if (cast.type !== 'proof') throw new Error(cast.type)
  const { org, topicId, meetingId, ballot, version } = vote
  const good = { org, topicId, meetingId, ballot, version, keyImage: cast.tag, proof: cast.proof }
  const ballots = [good, { ...good, version: 4 }]
  expect(run({ type: 'verify-ballots', ring: vote.ring, ballots })).toEqual({
    type: 'verdicts',
    holds: [true, false],
  })
})

test('jobs without secrets survive their encoding', () => {
  const jobs: readonly ProofJob[] = [
    { type: 'verify-signatures', signatures: [sign(secrets[0]!, 'generator'), sign(secrets[1]!, topic)] },
    {
      type: 'verify-ballots',
      ring: vote.ring,
      ballots: [{ ...vote, keyImage: id(5), proof: Uint8Array.of(1) }].map(
        ({ org, topicId, meetingId, keyImage, ballot, version, proof }) => {
          return { org, topicId, meetingId, keyImage, ballot, version, proof }
        },
      ),
    },
  ]
  for (const job of jobs) expect(proofJobCodec.decode(proofJobCodec.encode(job))).toEqual(job)
})

test('what cannot be done comes back as that: a stranger, a ring that is none', () => {
  expect(run({ ...prove, secretKey: secretsOf(1, 'strangers')[0]! }).type).toBe('impossible')
  expect(run({ ...prove, ring: { ...members, keys: new Uint8Array(64) } }).type).toBe('impossible')
  expect(run({ ...prove, ring: { ...members, keys: new Uint8Array(0) } }).type).toBe('impossible')
  expect(run({ ...prove, secretKey: new Uint8Array(32) }).type).toBe('impossible')
  expect(() => work(Uint8Array.of(9))).toThrow(DecodeError)
})

test('jobs survive their encoding, whatever the scope', () => {
  const scopes = [
    topic,
    { type: 'ballot', meetingId: id(1) },
    { type: 'rate', rateClass: 'create', period: 2 ** 32 - 1, slot: 1 },
    { type: 'meet', nonce: id(1) },
    { type: 'evaluation', caseId: id(1) },
  ] as const
  for (const scope of scopes) {
    const job = { ...prove, scope }
    expect(proofJobCodec.decode(proofJobCodec.encode(job))).toEqual(job)
  }
})

test('golden vectors: the bytes of proofs, on both engines', () => {
  const portable = proofWorker({ sha256, ristretto: portableRistretto() })
  const made = {
    membershipJob: hex(proofJobCodec.encode(prove)),
    membership: hex(work(proofJobCodec.encode(prove))),
    ballotJob: hex(proofJobCodec.encode(vote)),
    ballot: hex(work(proofJobCodec.encode(vote))),
    ringRoot: hex(ring.root),
    votersRoot: hex(voters.root),
  }
  expect(made).toEqual(vectors)
  expect(hex(portable(proofJobCodec.encode(prove)))).toBe(vectors.membership)
  expect(hex(portable(proofJobCodec.encode(vote)))).toBe(vectors.ballot)
})

test('both engines open the same ring and take each other’s proofs', () => {
  const other = { sha256, ristretto: portableRistretto() }
  const opened = openRing(members.name, ring.keys, other)!
  expect(opened).toEqual(ring)
  const { statement, proof } = claimOf(secrets[0]!, ring)
  const verifier = identityVerifier(other)
  expect(verifier.verifyMembership({ ...statement, ring: opened }, proof)).toBe(true)
  expect(verifier.verifyMembership({ ...statement, ring: opened }, turned(proof, 7))).toBe(false)
})

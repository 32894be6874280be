import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import {
  type IdentityVerifier,
  identityProver,
  identityVerifier,
  memberKey,
  newMemberSecret,
  openRing,
  proofResultCodec,
  proofWorker,
  type RingName,
  signOperation,
  tagOf,
} from '@mc/identity'
import { afterAll, describe, expect, test } from 'vitest'
import { claimNames, type ProofClaim } from '../../src/proofs/claim.js'
import { ListeningVerifier } from '../../src/proofs/listening-verifier.js'
import { ProofChecks } from '../../src/proofs/proof-checks.js'
import { ProofPool } from '../../src/proofs/proof-pool.js'
import { workerThread } from '../../src/proofs/proof-thread.js'
import { VerdictStore } from '../../src/proofs/verdict-store.js'

const { sha256 } = nodeCrypto
const crypto = { sha256, ristretto: ristrettoEngine() }
const rng = seededRng('proof checks', sha256)
const secrets = Array.from({ length: 5 }, () => newMemberSecret(rng))
const id = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const [org, topicId, meetingId] = [id(1), id(2), id(3)]
const scope = { type: 'topic', topicId } as const
const ringOf = (name: RingName, keys: readonly Uint8Array[]) => openRing(name, keys, crypto)!
const MEMBERS: RingName = { type: 'members', epoch: 0, cohort: 0 }
const members = ringOf(
  MEMBERS,
  secrets.map(secret => memberKey(secret, crypto)),
)
const MEETING: RingName = { type: 'meeting', meetingId }
const voters = ringOf(
  MEETING,
  secrets.map(secret => tagOf(org, scope, secret, crypto)),
)

const memberships: readonly ProofClaim[] = secrets.map((secret, at) => {
  const prover = identityProver(secret, { rng, crypto })
  const { tag, proof } = prover.proveMembership({ org, ring: members, scope, message: id(at) })
  return { type: 'membership', statement: { org, ring: members, scope, tag, message: id(at) }, proof }
})
const ballot: ProofClaim = (() => {
  const statement = { org, ring: voters, topicId, meetingId, ballot: id(9), version: 2 }
  const cast = identityProver(secrets[1]!, { rng, crypto }).proveBallot(statement)
  return { type: 'ballot', statement: { ...statement, keyImage: cast.keyImage }, proof: cast.proof }
})()
const signatures: readonly ProofClaim[] = Array.from({ length: 20 }, (_, at) => {
  const statement = { org, base: 'generator', message: id(at) } as const
  const proof = signOperation(statement, secrets[0]!, crypto)
  return { type: 'signature', statement: { ...statement, key: memberKey(secrets[0]!, crypto) }, proof }
})
const spoiled = <Claim extends ProofClaim>(claim: Claim): Claim => ({
  ...claim,
  proof: claim.proof.map((byte, at) => (at === 0 ? byte ^ 1 : byte)),
})
const mixed = [...memberships, spoiled(memberships[2]!), ballot, spoiled(ballot), ...signatures]

/** A verifier that counts how often it really had to verify. */
function counting(): { readonly identity: IdentityVerifier; computed: number } {
  const real = identityVerifier(crypto)
  const own = {
    computed: 0,
    identity: new Proxy(real, {
      get: (_, name: keyof IdentityVerifier) => (first: never, second: never) => {
        own.computed += Array.isArray(first) ? (first as readonly unknown[]).length : 1
        return (real[name] as (a: never, b: never) => unknown).call(real, first, second)
      },
    }),
  }
  return own
}

const answers = (verifier: IdentityVerifier, claims: readonly ProofClaim[]): readonly boolean[] =>
  claims.map(({ type, statement, proof }) => {
    if (type === 'membership') return verifier.verifyMembership(statement, proof)
    return type === 'ballot'
      ? verifier.verifyBallot(statement, proof)
      : verifier.verifySignature(statement, proof)
  })

type Run = (job: Uint8Array) => Uint8Array | undefined

function checksWith(run: Run | undefined, options: { readonly verdictsMax?: number } = {}) {
  const counted = counting()
  const asked: Uint8Array[] = []
  const pool = run && {
    isWorking: true,
    run: async (job: Uint8Array) => {
      asked.push(job)
      await new Promise(setImmediate)
      return run(job)
    },
  }
  const checks = new ProofChecks({ sha256, identity: counted.identity, pool, ...options })
  checks.name(members, MEMBERS)
  checks.name(voters, MEETING)
  return { checks, counted, asked }
}

const worker = proofWorker(crypto)
const now = { isUrgent: false }
const truth = answers(identityVerifier(crypto), mixed)

describe('proofs that are verified beforehand', () => {
  test('the answers are those of the verifier behind, and cost it nothing any more', async () => {
    const { checks, counted } = checksWith(worker)
    await checks.prepare(mixed, now)
    expect(answers(checks.verifier, mixed)).toEqual(truth)
    expect(truth.filter(holds => !holds).length).toBe(2)
    expect(counted.computed).toBe(0)
  })

  test('batches mix what is known with what is not, each in its place', async () => {
    const { checks, counted } = checksWith(worker)
    const claims = [...memberships, spoiled(memberships[4]!)]
    await checks.prepare([claims[1]!, claims[5]!], now)
    const batch = claims.map(({ statement, proof }) => ({ statement, proof }) as never)
    expect(checks.verifier.verifyMembershipBatch(batch)).toEqual([true, true, true, true, true, false])
    expect(counted.computed).toBe(4)
    const signed = signatures.map(({ statement, proof }) => ({ statement, proof }) as never)
    expect(checks.verifier.verifySignatureBatch(signed).every(Boolean)).toBe(true)
    expect(checks.verifier.counts).toEqual({ known: 2, computed: 24 })
  })

  test.each<[string, Run]>([
    ['nothing at all', () => undefined],
    ['bytes that are no result', () => Uint8Array.of(9, 9, 9)],
    [
      'a result of another kind',
      () => proofResultCodec.encode({ type: 'impossible', why: new Uint8Array(0) }),
    ],
    ['too few verdicts', () => proofResultCodec.encode({ type: 'verdicts', holds: [true] })],
    [
      'too many verdicts',
      () => proofResultCodec.encode({ type: 'verdicts', holds: new Array<boolean>(99).fill(true) }),
    ],
  ])('a thread that says %s is not believed: the answers are computed here', async (_, run) => {
    const { checks, counted } = checksWith(run)
    await checks.prepare(mixed, now)
    expect(answers(checks.verifier, mixed)).toEqual(truth)
    expect(counted.computed).toBe(mixed.length)
  })

  test('what is being verified is not given away twice, but waited for', async () => {
    const { checks, asked } = checksWith(worker)
    const first = checks.prepare(memberships, now)
    const second = checks.prepare(memberships, { isUrgent: true })
    expect(asked.length).toBe(1)
    await second
    expect(checks.prepare(memberships, now)).toBe(undefined)
    await first
  })

  test('a few signatures, a ring that nobody named, no threads: nothing to wait for', () => {
    expect(checksWith(worker).checks.prepare(signatures.slice(0, 3), now)).toBe(undefined)
    expect(checksWith(undefined).checks.prepare(mixed, now)).toBe(undefined)
    const nameless = new ProofChecks({
      sha256,
      identity: identityVerifier(crypto),
      pool: { isWorking: true, run: async () => undefined },
    })
    expect(nameless.prepare(memberships, now)).toBe(undefined)
  })

  test('what no job can hold is verified where it is met', async () => {
    const { checks } = checksWith(worker)
    const odd: readonly ProofClaim[] = [
      { ...memberships[0]!, proof: new Uint8Array(5_000) },
      { ...signatures[0]!, proof: new Uint8Array(63) },
      { ...ballot, statement: { ...ballot.statement, ballot: new Uint8Array(70_000) } } as ProofClaim,
      {
        ...memberships[0]!,
        statement: { ...memberships[0]!.statement, org: id(1).subarray(1) },
      } as ProofClaim,
    ]
    await checks.prepare(odd, now)
    expect(answers(checks.verifier, odd)).toEqual([false, false, false, false])
  })

  test('a name binds everything that the verdict depends on', () => {
    const nameOf = claimNames(sha256)
    const [membership, signature] = [memberships[0]!, signatures[0]!]
    const changed = (claim: ProofClaim, changes: object): ProofClaim =>
      ({ ...claim, statement: { ...claim.statement, ...changes } }) as ProofClaim
    const claims = [
      membership,
      spoiled(membership),
      changed(membership, { org: id(7) }),
      changed(membership, { ring: voters }),
      changed(membership, { scope: { type: 'topic', topicId: id(7) } }),
      changed(membership, { scope: { type: 'ballot', meetingId: topicId } }),
      changed(membership, { tag: id(7) }),
      changed(membership, { message: id(7) }),
      ballot,
      spoiled(ballot),
      changed(ballot, { org: id(7) }),
      changed(ballot, { ring: members }),
      changed(ballot, { topicId: id(7) }),
      changed(ballot, { meetingId: id(7) }),
      changed(ballot, { keyImage: id(7) }),
      changed(ballot, { ballot: id(7) }),
      changed(ballot, { version: 7 }),
      signature,
      spoiled(signature),
      changed(signature, { org: id(7) }),
      changed(signature, { base: scope }),
      changed(signature, { key: id(7) }),
      changed(signature, { message: id(7) }),
    ]
    expect(new Set(claims.map(nameOf)).size).toBe(claims.length)
    expect(nameOf(changed(membership, { scope: { type: 'topic', topicId: id(7).subarray(1) } }))).toBe(
      undefined,
    )
  })

  test('so many verdicts are kept, the newest longest', () => {
    const store = new VerdictStore(8)
    for (let at = 0; at < 100; at += 1) {
      store.set(String(at), at % 2 === 0)
      expect(store.size).toBeLessThanOrEqual(8)
      expect(store.get(String(at))).toBe(at % 2 === 0)
    }
    expect([store.get('97'), store.get('3')]).toEqual([false, undefined])
    expect(() => new VerdictStore(1)).toThrow(RangeError)
  })

  test('who listens believes everything, and says once what it was asked', () => {
    const listener = new ListeningVerifier()
    expect(new Set(answers(listener, mixed))).toEqual(new Set([true]))
    expect(listener.take()).toEqual(mixed)
    expect(listener.take()).toEqual([])
  })
})

describe('a thread of Node', () => {
  const pool = new ProofPool({
    start: workerThread(new URL('./source-worker.mjs', import.meta.url)),
    threads: 1,
  })
  afterAll(() => pool.stop())

  test('says what the verifier of the main thread says', async () => {
    const counted = counting()
    const checks = new ProofChecks({ sha256, identity: counted.identity, pool })
    checks.name(members, MEMBERS)
    checks.name(voters, MEETING)
    await checks.prepare(mixed, now)
    expect(answers(checks.verifier, mixed)).toEqual(truth)
    expect([counted.computed, pool.counts]).toEqual([0, { done: 3, undone: 0, replaced: 0 }])
  })

  test('dies of what is no job, and is replaced', async () => {
    expect(await pool.run(Uint8Array.of(255))).toBe(undefined)
    expect(pool.counts).toEqual({ done: 3, undone: 1, replaced: 2 })
  })
})

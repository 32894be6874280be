/** Vouches, attestations and judgements by the real identity: what its own functions sign is what the machine takes. */
import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import {
  identityVerifier,
  memberKey,
  newMemberSecret,
  openRing,
  provePossession,
  signAsAttester,
} from '@mc/identity'
import { Author, type Authored, attestedFacts, type BodyOf, meetingIdOf, topics } from '@mc/topics'
import { expect, test } from 'vitest'
import { fakeExecutor } from './fake-executor.js'
import {
  createTopic,
  DAY,
  inputOf,
  nodeKeyOf,
  nodeSecretOf,
  ORG,
  PARAMS,
  proposal,
  REALM,
  sha256,
  voteFor,
} from './village.js'

const crypto = { sha256, ristretto: ristrettoEngine() }
const rng = seededRng('real evidence', sha256)
const OFFICE = sha256(Uint8Array.of(1))

/** Three members with real keys, in a machine with the real verifier. */
function village() {
  const secrets = Array.from({ length: 4 }, () => newMemberSecret(rng))
  const people = secrets.map(secretKey => new Author({ secretKey, realm: REALM, org: ORG, crypto, rng }))
  const office = {
    id: OFFICE,
    key: nodeKeyOf('office'),
    name: 'town hall',
    evidenceClass: 2,
    exception: OFFICE,
  }
  const machine = topics({
    crypto: nodeCrypto,
    identity: identityVerifier(crypto),
    openRing: (name, keys) => openRing(name, keys, crypto),
    executor: fakeExecutor(sha256),
    realm: REALM,
    organisation: {
      org: ORG,
      profile: 'seed',
      parameters: { anonymousEvaluation: 1 },
      attesters: [office],
      founders: secrets.slice(0, 3).map(secret => ({
        key: memberKey(secret, crypto),
        possession: provePossession(ORG, secret, crypto),
      })),
    },
  })
  let state = machine.genesis()
  let [epoch, clock] = [0, 0]
  const configuration = { index: 0, firstEpoch: 1, suite: 'test', depth: 1, members: [] }
  const block = (operations: readonly Authored[] = [], advance = 0): readonly string[] => {
    epoch += 1
    clock += advance
    const bytes = operations.map(one => one.bytes)
    const applied = machine.apply(state, inputOf({ machine, configuration }, bytes, epoch, clock))
    state = applied.state
    return applied.receipts.map(one => (one.accepted ? 'accepted' : one.refusal.rule))
  }
  const [ann, bob, cao, new_] = people as [Author, Author, Author, Author]
  return { machine, block, state: () => state, ann, bob, cao, newcomer: new_ }
}

test('a mutual vouch as identity signs it', () => {
  const { ann, newcomer, bob, block } = village()
  const met = {
    keyA: newcomer.key,
    keyB: ann.key,
    openedNonce: rng.bytes(32),
    answerNonce: rng.bytes(32),
    shown: [rng.bytes(32)],
  }
  const signed = { ...met, byA: newcomer.signVouch(met), byB: ann.signVouch(met) }
  const forged = { ...signed, byA: bob.signVouch(met) }
  expect(block([ann.asMember(0, { type: 'vouch', ...forged })])).toEqual(['topics/wrong-vouch'])
  expect(block([ann.asMember(1, { type: 'vouch', ...signed })])).toEqual(['accepted'])
})

test('an attestation as its attester and its subject sign it', () => {
  const { ann, newcomer, bob, block } = village()
  const said = {
    attester: OFFICE,
    subject: newcomer.key,
    commitment: rng.bytes(32),
    dedupTag: rng.bytes(32),
    evidenceClass: 2,
    fromL: 0,
    toL: DAY,
  }
  const facts = attestedFacts(said)
  const suite = { ...crypto, ed25519: nodeCrypto.ed25519 }
  const attesterSignature = signAsAttester(ORG, facts, nodeSecretOf('office'), suite)
  const body = (by: Author): BodyOf<'attest'> => ({
    type: 'attest',
    ...said,
    attesterSignature,
    subjectSignature: by.consentTo(facts),
  })
  expect(block([ann.asMember(0, body(bob))])).toEqual(['topics/wrong-attestation'])
  expect(block([ann.asMember(1, body(newcomer))])).toEqual(['accepted'])
})

test('a freeze judged under a real tag, with a real proof', () => {
  const { machine, block, state, ann, bob, cao, newcomer } = village()
  const opened = ann.openAsMember(0, createTopic(ann.member, { params: PARAMS }))
  block([opened])
  block()
  block()
  const meeting = meetingIdOf(opened.topic, 1, 0, sha256)
  block([ann.asMember(1, proposal(meeting))])
  const [candidate] = state().tables.meetings.must(meeting).candidates as [Uint8Array]
  block([ann.asMember(2, voteFor(meeting, [candidate]))])
  block([], DAY)
  expect(block([cao.asMember(0, { type: 'freeze', topic: opened.topic })])).toEqual(['accepted'])
  const freezeCase = state().tables.topics.must(opened.topic).freezeCase as Uint8Array
  const { ringEpoch } = state().tables.cases.must(freezeCase)
  const over = machine.ring(state(), { epoch: ringEpoch, cohort: 0 })
  if (over === undefined) throw new Error('two members are a ring')
  const judgement = { type: 'evaluate', freezeCase, choice: 'cancel' } as const
  // Neither who froze nor who is no member has a key in the ring.
  for (const one of [cao, newcomer]) expect(() => one.evaluate(0, judgement, over)).toThrow(RangeError)
  const elsewhere = bob.asPseudonym(opened.topic, 0, judgement, over)
  expect(block([ann.evaluate(0, judgement, over), elsewhere])).toEqual(['accepted', 'topics/wrong-signer'])
  expect(block([bob.evaluate(0, judgement, over)])).toEqual(['accepted'])
  expect(state().tables.topics.must(opened.topic).state).toBe('cancelled')
})

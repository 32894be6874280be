/** The real identity under the machine: an anonymous topic, pseudonyms, secret ballots; and nothing of it forged. */
import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import {
  identityProver,
  identityVerifier,
  memberKey,
  newMemberSecret,
  openRing,
  provePossession,
  type Scope,
  signOperation,
  tagOf,
} from '@mc/identity'
import {
  type Body,
  type Evidence,
  keyAt,
  type Meeting,
  meetingIdOf,
  type Signer,
  signedOperationCodec,
  statementCodec,
  statementIds,
  topicIdOf,
  topics,
} from '@mc/topics'
import { expect, test } from 'vitest'
import { fakeExecutor } from './fake-executor.js'
import { createTopic, DAY, inputOf, ORG, PARAMS, proposal, REALM, sha256, voteFor } from './village.js'

test('an anonymous topic with secret ballots goes to publicity, with real proofs', () => {
  const crypto = { sha256, ristretto: ristrettoEngine() }
  const rng = seededRng('real identity', sha256)
  const people = Array.from({ length: 4 }, () => newMemberSecret(rng))
  const machine = topics({
    crypto: nodeCrypto,
    identity: identityVerifier(crypto),
    openRing: (name, keys) => openRing(name, keys, crypto),
    executor: fakeExecutor(sha256),
    realm: REALM,
    organisation: {
      org: ORG,
      profile: 'seed',
      founders: people.map(secret => ({
        key: memberKey(secret, crypto),
        possession: provePossession(ORG, secret, crypto),
      })),
      rules: { general: { minActivate: 3 } },
    },
  })
  let state = machine.genesis()
  const configuration = { index: 0, firstEpoch: 1, suite: 'test', depth: 1, members: [] }
  let [epoch, clock] = [0, 0]
  const block = (operations: readonly Uint8Array[], advance = 0): readonly string[] => {
    epoch += 1
    clock += advance
    const applied = machine.apply(state, inputOf({ machine, configuration }, operations, epoch, clock))
    state = applied.state
    return applied.receipts.map(receipt =>
      receipt.accepted ? 'accepted' : `${receipt.refusal.rule}: ${receipt.refusal.detail}`,
    )
  }
  const ring = () => {
    const keys = state.tables.members.values().map(member => keyAt(member, 0))
    return openRing({ type: 'members', epoch: 0, cohort: 0 }, keys, crypto) as NonNullable<
      ReturnType<typeof openRing>
    >
  }
  const signed = (
    signer: Signer,
    seq: number,
    body: Body,
    sign: (message: Uint8Array) => Uint8Array,
    prove: (message: Uint8Array) => readonly Evidence[] = () => [],
  ): Uint8Array => {
    const statement = statementCodec.encode({ realm: REALM, signer, seq, body })
    const message = statementIds(sha256)(statement)
    return signedOperationCodec.encode({ statement, proofs: prove(message), signature: sign(message) })
  }
  const evidence = (secret: Uint8Array, scope: Scope, message: Uint8Array): Evidence => {
    const { proof } = identityProver(secret, { rng, crypto }).proveMembership({
      org: ORG,
      ring: ring(),
      scope,
      message,
    })
    return { revision: 0, cohort: 0, proof }
  }
  const by = (base: Scope, secret: Uint8Array) => (message: Uint8Array) =>
    signOperation({ org: ORG, base, message }, secret, crypto)

  const [opener] = people as [Uint8Array]
  const rate: Scope = { type: 'rate', rateClass: 'create', period: 0, slot: 0 }
  const tokenTag = tagOf(ORG, rate, opener, crypto)
  const id = topicIdOf(tokenTag, 0, sha256)
  const scope: Scope = { type: 'topic', topicId: id }
  const tags = people.map(secret => tagOf(ORG, scope, secret, crypto))
  const opening = signed(
    { type: 'token', period: 0, slot: 0, tag: tokenTag },
    0,
    createTopic(tags[0] as Uint8Array, { privacy: 'secret' }),
    by(rate, opener),
    message => [evidence(opener, rate, message), evidence(opener, scope, message)],
  )
  expect(block([opening])).toEqual(['accepted'])
  const under = (at: number, seq: number, body: Body, prove = false) =>
    signed(
      { type: 'pseudonym', topic: id, tag: tags[at] as Uint8Array },
      seq,
      body,
      by(scope, people[at] as Uint8Array),
      message => (prove ? [evidence(people[at] as Uint8Array, scope, message)] : []),
    )
  const join = { type: 'join', topic: id, params: PARAMS } as const
  const stranger = newMemberSecret(rng)
  const forged = signed(
    { type: 'pseudonym', topic: id, tag: tagOf(ORG, scope, stranger, crypto) },
    0,
    join,
    by(scope, stranger),
    message => [evidence(people[1] as Uint8Array, scope, message)],
  )
  expect(block([under(1, 0, join, true), under(2, 0, join, true), forged])).toEqual([
    'accepted',
    'accepted',
    expect.stringContaining('topics/wrong-proof'),
  ])
  block([])
  block([])
  const meeting = (): Meeting => state.tables.meetings.must(meetingIdOf(id, 1, 0, sha256))
  expect(block([under(1, 1, proposal(meeting().id))])).toEqual(['accepted'])
  const [winner] = meeting().candidates as [Uint8Array]

  const voters = () => {
    const keys = state.indexes.voters.get(String.fromCharCode(...meeting().id)) as Uint8Array[]
    return openRing({ type: 'meeting', meetingId: meeting().id }, keys, crypto) as NonNullable<
      ReturnType<typeof openRing>
    >
  }
  const ballot = (at: number, version: number, approvals: readonly Uint8Array[]): Uint8Array => {
    const secret = people[at] as Uint8Array
    const prover = identityProver(secret, { rng, crypto })
    const image = tagOf(ORG, { type: 'ballot', meetingId: meeting().id }, secret, crypto)
    return signed(
      { type: 'ballot', meeting: meeting().id, image },
      version,
      voteFor(meeting().id, approvals),
      () => new Uint8Array(64),
      message => {
        const statement = {
          org: ORG,
          ring: voters(),
          topicId: id,
          meetingId: meeting().id,
          ballot: message,
          version,
        }
        return [{ revision: 3, cohort: 0, proof: prover.proveBallot(statement).proof }]
      },
    )
  }
  expect(block([ballot(0, 0, [winner]), ballot(2, 0, [])])).toEqual(['accepted', 'accepted'])
  expect(block([ballot(2, 1, [winner])])).toEqual(['accepted'])
  block([], DAY)
  expect(state.tables.topics.must(id)).toMatchObject({
    state: 'publicity',
    publicity: { supporters: 2, members: 4 },
  })
})

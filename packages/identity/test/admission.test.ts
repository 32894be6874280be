import {
  type Attestation,
  type AttestationRegister,
  type AttestedFacts,
  attestationCodec,
  commitmentTo,
  lackingFor,
  memberKey,
  opensAttestation,
  refuseAttestation,
  refuseVouch,
  SponsorTree,
  saltedClaim,
  signAsAttester,
  signAsSubject,
  signVouch,
  VOUCH_PERIOD_S,
  verifyVouch,
  vouchesNeeded,
} from '@mc/identity'
import { utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { crypto, ed25519, id, ORG, rngOf, secretsOf, sha256 } from './people.js'

const [alice, bob] = secretsOf(2) as [Uint8Array, Uint8Array]

describe('§9: vouching', () => {
  test.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [7, 3],
    [8, 4],
    [63, 6],
    [64, 7],
    [127, 7],
    [100_000, 7],
  ])('of %i members a candidate needs %i vouches: clamp(⌈log2(N + 1)⌉, 1, 7)', (members, k) =>
    expect(vouchesNeeded(members)).toBe(k),
  )

  test('a newcomer waits one membership epoch', () => {
    const record = { joinedEpoch: 5, vouchedAtS: [] }
    expect(refuseVouch(record, { epoch: 5, logicalS: 0 })).toBe('newcomer')
    expect(refuseVouch(record, { epoch: 6, logicalS: 0 })).toBeUndefined()
  })

  test('three vouches in seven days, and the fourth when the first is as old', () => {
    const record = { joinedEpoch: 0, vouchedAtS: [100, 200, 300] }
    expect(refuseVouch(record, { epoch: 1, logicalS: 400 })).toBe('too-many')
    expect(refuseVouch(record, { epoch: 1, logicalS: 99 + VOUCH_PERIOD_S })).toBe('too-many')
    expect(refuseVouch(record, { epoch: 1, logicalS: 100 + VOUCH_PERIOD_S })).toBeUndefined()
  })

  test('a vouch is signed for one candidate in one organisation', () => {
    const vouch = signVouch(ORG, { voucher: id(5), candidate: id(6) }, alice, crypto)
    const key = memberKey(alice, crypto)
    expect(verifyVouch(ORG, vouch, key, crypto)).toBe(true)
    expect(verifyVouch(id(9), vouch, key, crypto)).toBe(false)
    expect(verifyVouch(ORG, { ...vouch, candidate: id(7) }, key, crypto)).toBe(false)
    expect(verifyVouch(ORG, { ...vouch, voucher: id(7) }, key, crypto)).toBe(false)
    expect(verifyVouch(ORG, vouch, memberKey(bob, crypto), crypto)).toBe(false)
  })
})

describe('§9: sponsor sub-trees', () => {
  // Founders 1, 2, 3; 1 brought 4, 5, 6; 4 brought 7 and 8; 2 brought 9.
  const tree = new SponsorTree([
    ...[1, 2, 3].map(own => ({ id: id(own), sponsor: undefined })),
    ...[4, 5, 6].map(own => ({ id: id(own), sponsor: id(1) })),
    ...[7, 8].map(own => ({ id: id(own), sponsor: id(4) })),
    { id: id(9), sponsor: id(2) },
  ])
  const vouchers = (...bytes: number[]) => ({ vouchers: bytes.map(id), classes: [2] })

  test('vouches from one sub-tree count once', () => {
    expect(lackingFor(vouchers(4, 5, 7), tree, 7).vouches).toBe(2)
    expect(lackingFor(vouchers(4, 9, 3), tree, 7).vouches).toBe(0)
    expect(lackingFor(vouchers(4, 4, 4), tree, 7).vouches).toBe(2)
    expect(lackingFor(vouchers(99), tree, 7).vouches).toBe(3)
  })

  test('evidence of class 2 is needed beside', () => {
    expect(lackingFor({ vouchers: [], classes: [0, 1] }, tree, 7).evidence).toBe(true)
    expect(lackingFor({ vouchers: [], classes: [1, 2] }, tree, 7).evidence).toBe(false)
  })

  test('with too few founders the cut goes deeper, and nobody is asked for more sub-trees than there are', () => {
    const one = new SponsorTree([
      { id: id(1), sponsor: undefined },
      ...[2, 3, 4, 5].map(own => ({ id: id(own), sponsor: id(1) })),
    ])
    expect(one.distinctBranches([2, 3].map(id), 3)).toBe(2)
    expect(lackingFor(vouchers(2, 3, 4), one, 5).vouches).toBe(0)
    const chain = new SponsorTree(
      [1, 2, 3].map(own => ({ id: id(own), sponsor: own === 1 ? undefined : id(own - 1) })),
    )
    expect(lackingFor(vouchers(3), chain, 3).vouches).toBe(0)
    expect(lackingFor(vouchers(), chain, 3).vouches).toBe(1)
  })

  test('a sub-tree is whoever somebody brought, and whoever these brought', () => {
    expect(tree.subtree(id(1)).size).toBe(6)
    expect(tree.subtree(id(4)).size).toBe(3)
    expect(tree.subtree(id(9)).size).toBe(1)
  })

  test('a forest has everybody once, after the sponsor', () => {
    expect(() => new SponsorTree([{ id: id(2), sponsor: id(1) }])).toThrow(RangeError)
    const twice = { id: id(1), sponsor: undefined }
    expect(() => new SponsorTree([twice, twice])).toThrow(RangeError)
  })
})

describe('§10: attestations', () => {
  const suite = { ...crypto, ed25519 }
  const attesterSecret = id(77)
  const attester = { id: id(70), publicKey: ed25519.publicKey(attesterSecret), evidenceClass: 2 }
  const opening = saltedClaim(utf8('event:spring'), rngOf('salt'))
  const subject = memberKey(alice, crypto)
  const facts: AttestedFacts = {
    attester: attester.id,
    subject,
    commitment: commitmentTo(opening, subject, crypto),
    dedupTag: id(44),
    evidenceClass: 2,
    fromS: 100,
    toS: 200,
  }
  const attest = (own: AttestedFacts, secret = alice): Attestation => ({
    ...own,
    attesterSignature: signAsAttester(ORG, own, attesterSecret, suite),
    subjectSignature: signAsSubject(ORG, own, secret, crypto),
  })
  const register: AttestationRegister = {
    attester: own => (own[0] === 70 ? attester : undefined),
    subjectOf: () => undefined,
    personOf: key => key,
  }
  const at = (logicalS = 150, own = register) => ({ register: own, logicalS })
  const good = attest(facts)

  test('is taken while it is valid, and survives its encoding', () => {
    expect(
      refuseAttestation(ORG, attestationCodec.decode(attestationCodec.encode(good)), at(), suite),
    ).toBeUndefined()
    expect(refuseAttestation(ORG, good, at(99), suite)).toBe('not-valid-now')
    expect(refuseAttestation(ORG, good, at(200), suite)).toBe('not-valid-now')
    const plain = attest({ ...facts, dedupTag: undefined })
    expect(refuseAttestation(ORG, plain, at(), suite)).toBeUndefined()
  })

  test('the same tag of the same attester for another key is refused; for the same key it is a renewal', () => {
    const enrolled = (own: Uint8Array): AttestationRegister => ({ ...register, subjectOf: () => own })
    expect(refuseAttestation(ORG, good, at(150, enrolled(memberKey(bob, crypto))), suite)).toBe(
      'already-enrolled',
    )
    expect(refuseAttestation(ORG, good, at(150, enrolled(subject)), suite)).toBeUndefined()
  })

  test('whoever was enrolled under a key that it has changed is attested again under the new one', () => {
    const member = id(9)
    const changed: AttestationRegister = {
      ...register,
      subjectOf: () => memberKey(bob, crypto),
      personOf: () => member,
    }
    expect(refuseAttestation(ORG, good, at(150, changed), suite)).toBeUndefined()
  })

  test('needs a known attester, its class, and both signatures under every fact', () => {
    expect(refuseAttestation(ORG, attest({ ...facts, attester: id(71) }), at(), suite)).toBe(
      'unknown-attester',
    )
    expect(refuseAttestation(ORG, attest({ ...facts, evidenceClass: 3 }), at(), suite)).toBe('class-too-high')
    expect(refuseAttestation(id(9), good, at(), suite)).toBe('wrong-attester-signature')
    expect(refuseAttestation(ORG, attest(facts, bob), at(), suite)).toBe('wrong-subject-signature')
    for (const change of [
      { dedupTag: undefined },
      { dedupTag: id(45) },
      { commitment: id(1) },
      { evidenceClass: 1 },
      { toS: 300 },
      { fromS: 0 },
    ]) {
      expect(refuseAttestation(ORG, { ...good, ...change }, at(), suite)).toBe('wrong-attester-signature')
    }
  })

  test('a claim is shown to one person by its opening, and to nobody without', () => {
    expect(opensAttestation(good, opening, crypto)).toBe(true)
    expect(opensAttestation(good, { ...opening, claim: utf8('event:autumn') }, crypto)).toBe(false)
    expect(opensAttestation(good, { ...opening, salt: id(0) }, crypto)).toBe(false)
    expect(opensAttestation({ ...good, subject: memberKey(bob, crypto) }, opening, crypto)).toBe(false)
    const again = saltedClaim(utf8('event:spring'), rngOf('another salt'))
    expect(commitmentTo(again, subject, { sha256 })).not.toEqual(good.commitment)
    expect(() => saltedClaim(new Uint8Array(4_097), rngOf('x'))).toThrow(RangeError)
  })
})

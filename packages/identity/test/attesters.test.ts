import { deriveOprfKey } from '@mc/crypto/ristretto'
import {
  type Attester,
  askForDedup,
  credentialAttester,
  dedupTagFrom,
  eventAttester,
  eventStatement,
  localKeyHolder,
  mailAttester,
  nameAttester,
} from '@mc/identity'
import { fromUtf8, hex, utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { ed25519, id, rngOf, sha256 } from './people.js'

const subject = id(5)
const options = { id: id(70), evidenceClass: 2, sha256 } as const
const begin = <Response>(attester: Attester<Response>) =>
  attester.begin(subject, { nonce: id(6), expiresS: 1_000 })
const refusalOf = (outcome: ReturnType<Attester<never>['finish']>): string =>
  'refused' in outcome ? outcome.refused : ''

describe('all attesters', () => {
  const attester = nameAttester({ ...options, domains: ['example.org'] })
  const challenge = begin(attester)
  const response = { domain: 'example.org', textRecords: [challenge.code] }

  test('a challenge is answered in its time, to its attester, for its key', () => {
    expect(refusalOf(attester.finish(challenge, response, 999))).toBe('')
    expect(refusalOf(attester.finish(challenge, response, 1_000))).toMatch(/expired/)
    expect(refusalOf(attester.finish({ ...challenge, subject: id(9) }, response, 0))).toMatch(/code/)
    expect(refusalOf(attester.finish({ ...challenge, attester: id(9) }, response, 0))).toMatch(
      /another attester/,
    )
  })

  test('codes differ by key, nonce, attester and kind', () => {
    const mail = mailAttester({ ...options, domains: [] })
    const other = nameAttester({ ...options, id: id(71), domains: [] })
    const codes = [
      challenge.code,
      attester.begin(id(9), { nonce: id(6), expiresS: 0 }).code,
      attester.begin(subject, { nonce: id(9), expiresS: 0 }).code,
      begin(mail).code,
      begin(other).code,
    ]
    expect(new Set(codes).size).toBe(5)
    expect(codes.every(code => code.length === 43)).toBe(true)
  })
})

describe('an event', () => {
  const secrets = [1, 2, 3].map(id)
  const hosts = secrets.map(secret => ed25519.publicKey(secret))
  const event = { ...options, event: 'spring', hosts, hostsNeeded: 2, seats: 10, ed25519 }
  const attester = eventAttester(event)
  const challenge = begin(attester)
  const signed = (seat: number, ...by: number[]) =>
    by.map(at => ({
      host: hosts[at]!,
      signature: ed25519.sign(eventStatement(event, challenge.code, seat), secrets[at]!),
    }))

  test('enough hosts sign for a seat', () => {
    const outcome = attester.finish(challenge, { seat: 3, signatures: signed(3, 0, 2) }, 0)
    expect('claim' in outcome && fromUtf8(outcome.uniqueId!)).toBe('spring/3')
  })

  test('one host twice, another seat, a stranger, a seat that is none: refused', () => {
    expect(refusalOf(attester.finish(challenge, { seat: 3, signatures: signed(3, 0, 0) }, 0))).toMatch(
      /1 of 2/,
    )
    expect(refusalOf(attester.finish(challenge, { seat: 4, signatures: signed(3, 0, 1) }, 0))).toMatch(
      /0 of 2/,
    )
    const stranger = { host: ed25519.publicKey(id(8)), signature: signed(3, 0)[0]!.signature }
    expect(
      refusalOf(attester.finish(challenge, { seat: 3, signatures: [...signed(3, 0), stranger] }, 0)),
    ).toMatch(/1 of 2/)
    expect(refusalOf(attester.finish(challenge, { seat: 10, signatures: signed(10, 0, 1) }, 0))).toMatch(
      /no seat/,
    )
    expect(refusalOf(attester.finish(challenge, { seat: 3, signatures: signed(3, 0, 1, 2, 0) }, 0))).toMatch(
      /more signatures/,
    )
    expect(() => eventAttester({ ...event, hostsNeeded: 4 })).toThrow(RangeError)
  })
})

describe('mail and names', () => {
  const attester = mailAttester({ ...options, domains: ['Example.org'] })
  const { code } = begin(attester)
  const mail = {
    dkim: 'pass',
    signingDomain: 'example.org',
    from: 'Ann.B+list@Example.org',
    subject: `Re: ${code}`,
  } as const

  test('an address is one person, whatever follows its plus sign', () => {
    const outcome = attester.finish(begin(attester), mail, 0)
    expect('claim' in outcome && [fromUtf8(outcome.claim), fromUtf8(outcome.uniqueId!)]).toEqual([
      'mail:example.org',
      'ann.b@example.org',
    ])
  })

  test.each([
    ['DKIM', { dkim: 'fail' }],
    ['DKIM', { dkim: 'none' }],
    ['another domain', { signingDomain: 'mail.example.org' }],
    ['code', { subject: `x${code}` }],
    ['not taken', { from: 'a@sub.example.org', signingDomain: 'sub.example.org' }],
    ['no plain address', { from: 'Ann <a@example.org>' }],
    ['no plain address', { from: 'a@evil.org@example.org' }],
    ['no plain address', { from: '' }],
  ] as const)('refused, by reason of: %s', (reason, change) =>
    expect(refusalOf(attester.finish(begin(attester), { ...mail, ...change }, 0))).toContain(reason),
  )

  test('a name whose records do not hold the code, or hold it among other text', () => {
    const names = nameAttester({ ...options, domains: ['example.org'] })
    const challenge = begin(names)
    const finish = (textRecords: string[], domain = 'example.org') =>
      refusalOf(names.finish(challenge, { domain, textRecords }, 0))
    expect(finish([challenge.code, 'v=spf1'])).toBe('')
    expect(finish([`${challenge.code} x`])).toMatch(/no record/)
    expect(finish([challenge.code], 'example.com')).toMatch(/not taken/)
  })
})

describe('verifiable credentials', () => {
  const issuerSecret = id(50)
  const attester = credentialAttester({
    ...options,
    issuers: new Map([['did:web:city.example', ed25519.publicKey(issuerSecret)]]),
    type: 'ResidentCredential',
    uniqueField: 'residentNumber',
    ed25519,
  })
  const encode = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const payload = {
    iss: 'did:web:city.example',
    sub: `urn:mc:${hex(subject)}`,
    nbf: 10,
    exp: 500,
    vc: {
      type: ['VerifiableCredential', 'ResidentCredential'],
      credentialSubject: { residentNumber: '4711' },
    },
  }
  const jws = (body: unknown, header: unknown = { alg: 'EdDSA', typ: 'JWT' }, secret = issuerSecret) => {
    const signed = `${encode(header)}.${encode(body)}`
    return `${signed}.${Buffer.from(ed25519.sign(utf8(signed), secret)).toString('base64url')}`
  }
  const finish = (text: string, nowS = 100) => attester.finish(begin(attester), text, nowS)

  test('one that was issued to this key gives a claim and a unique id', () => {
    const outcome = finish(jws(payload))
    expect('claim' in outcome && fromUtf8(outcome.uniqueId!)).toBe('did:web:city.example/4711')
  })

  test.each([
    ['another key', jws({ ...payload, sub: `urn:mc:${hex(id(9))}` })],
    ['not valid yet', jws({ ...payload, nbf: 101 })],
    ['expired', jws({ ...payload, exp: 100 })],
    ['expired', jws({ ...payload, exp: undefined })],
    ['expired', jws({ ...payload, exp: '500' })],
    ['no ResidentCredential', jws({ ...payload, vc: { ...payload.vc, type: ['VerifiableCredential'] } })],
    ['no residentNumber', jws({ ...payload, vc: { ...payload.vc, credentialSubject: {} } })],
    [
      'no residentNumber',
      jws({ ...payload, vc: { ...payload.vc, credentialSubject: { residentNumber: 4711 } } }),
    ],
    ['not known', jws({ ...payload, iss: 'did:web:evil.example' })],
    ['not the issuer', jws(payload, { alg: 'EdDSA' }, id(51))],
    ['not signed with EdDSA', jws(payload, { alg: 'none' })],
    ['not signed with EdDSA', jws(payload, { alg: 'EdDSA', crit: ['b64'] })],
    ['no compact JWS', `${jws(payload)}.x`],
    ['no compact JWS', `${jws(payload)}=`],
    ['no compact JWS', ''],
    ['not known', jws([])],
    ['not known', jws('{')],
    ['too long', 'x'.repeat(16_385)],
  ])('refused, by reason of: %s', (reason, text) => expect(refusalOf(finish(text))).toContain(reason))
})

describe('dedup tags', () => {
  const key = deriveOprfKey(id(1), utf8('dedup'))
  const holder = localKeyHolder(key, rngOf('holder'))
  const tagFor = (uniqueId: string, label: string, own = holder) => {
    const question = askForDedup(utf8(uniqueId), { rng: rngOf(label), sha256 })
    const answer = own.answer(question.blinding.blinded)!
    return dedupTagFrom(question, answer, { publicKey: holder.publicKey, sha256 })
  }

  test('one person has one tag, two people two, and the holder sees neither', () => {
    expect(tagFor('4711', 'first')).toEqual(tagFor('4711', 'second'))
    expect(tagFor('4711', 'first')).not.toEqual(tagFor('4712', 'first'))
    const asked = ['first', 'second'].map(
      label => askForDedup(utf8('4711'), { rng: rngOf(label), sha256 }).blinding.blinded,
    )
    expect(asked[0]).not.toEqual(asked[1])
  })

  test('an answer by another key gives no tag', () => {
    const other = localKeyHolder(deriveOprfKey(id(2), utf8('dedup')), rngOf('other'))
    expect(tagFor('4711', 'first', other)).toBeUndefined()
  })

  test('an id of any length has a tag', () => expect(tagFor('x'.repeat(100_000), 'long')).toHaveLength(32))
})

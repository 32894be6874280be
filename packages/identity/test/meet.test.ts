import {
  answerMessage,
  beginMeet,
  identityVerifier,
  isMeetOpen,
  type MeetMessage,
  type MutualVouch,
  meetPhrase,
  meetText,
  memberEvidence,
  memberKey,
  openingMessage,
  opensMeet,
  parseMeetText,
  pseudonymEvidence,
  signMutualVouch,
  verifyMeetEvidence,
  verifyMutualVouch,
} from '@mc/identity'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crypto, id, ORG, proverOf, ringOf, rngOf, runsOf, secretsOf, sha256, TOPIC } from './people.js'

const verifier = identityVerifier(crypto)
const people = secretsOf(6)
const [alice, bob] = people as unknown as [Uint8Array, Uint8Array]
const ring = ringOf(people)
const { challenge, openedNonce } = beginMeet({ org: ORG, expiresS: 1_000 }, { rng: rngOf('meet'), sha256 })
const answerNonce = id(9)
const answered = answerMessage(challenge, { answerNonce }, sha256)
const opened = openingMessage(challenge, { answerNonce, openedNonce }, sha256)
const ringOfRoot = (root: Uint8Array) => (root.join() === ring.root.join() ? ring : undefined)

describe('§11, mode 1: "I am a member"', () => {
  const evidence = memberEvidence(challenge, { ring, message: answered, prover: proverOf(bob) })
  const check = { message: answered, ringOf: ringOfRoot }

  test('both prove, and see that the other is somebody else', () => {
    expect(verifyMeetEvidence(challenge, evidence, check, verifier)).toBe(true)
    const mine = memberEvidence(challenge, { ring, message: opened, prover: proverOf(alice) })
    const other = {
      message: opened,
      ringOf: ringOfRoot,
      ownTag: evidence.type === 'member' ? evidence.tag : id(0),
    }
    expect(verifyMeetEvidence(challenge, mine, other, verifier)).toBe(true)
    const same = memberEvidence(challenge, { ring, message: opened, prover: proverOf(bob) })
    expect(verifyMeetEvidence(challenge, same, other, verifier)).toBe(false)
  })

  test('holds in no other meeting, organisation, answer or ring', () => {
    expect(verifyMeetEvidence({ ...challenge, nonce: id(3) }, evidence, check, verifier)).toBe(false)
    expect(verifyMeetEvidence({ ...challenge, org: id(3) }, evidence, check, verifier)).toBe(false)
    expect(verifyMeetEvidence(challenge, evidence, { ...check, message: opened }, verifier)).toBe(false)
    expect(verifyMeetEvidence(challenge, evidence, { ...check, ringOf: () => undefined }, verifier)).toBe(
      false,
    )
  })
})

test('§11, mode 2: "I am pseudonym T of topic t", in this meeting alone', () => {
  const evidence = pseudonymEvidence(challenge, { topicId: TOPIC, message: answered }, bob, crypto)
  const check = { message: answered, ringOf: ringOfRoot }
  expect(verifyMeetEvidence(challenge, evidence, check, verifier)).toBe(true)
  expect(verifyMeetEvidence(challenge, { ...evidence, topicId: id(8) } as never, check, verifier)).toBe(false)
  expect(verifyMeetEvidence(challenge, evidence, { ...check, message: opened }, verifier)).toBe(false)
})

test('§11, mode 3: both sign the vouch, for these keys, nonces and attestations', () => {
  const vouch: MutualVouch = {
    keyA: memberKey(alice, crypto),
    keyB: memberKey(bob, crypto),
    openedNonce,
    answerNonce,
    shown: [id(4)],
  }
  const signatures = {
    byA: signMutualVouch(ORG, vouch, alice, crypto),
    byB: signMutualVouch(ORG, vouch, bob, crypto),
  }
  expect(verifyMutualVouch(ORG, vouch, signatures, crypto)).toBe(true)
  expect(verifyMutualVouch(id(8), vouch, signatures, crypto)).toBe(false)
  expect(verifyMutualVouch(ORG, { ...vouch, shown: [] }, signatures, crypto)).toBe(false)
  expect(verifyMutualVouch(ORG, { ...vouch, answerNonce: id(8) }, signatures, crypto)).toBe(false)
  expect(verifyMutualVouch(ORG, vouch, { ...signatures, byB: signatures.byA }, crypto)).toBe(false)
  const alone = { ...vouch, keyB: vouch.keyA }
  const signed = signMutualVouch(ORG, alone, alice, crypto)
  expect(verifyMutualVouch(ORG, alone, { byA: signed, byB: signed }, crypto)).toBe(false)
  const evidence = { type: 'vouch', key: vouch.keyB, commitments: [id(4)] } as const
  expect(verifyMeetEvidence(challenge, evidence, { message: answered, ringOf: ringOfRoot }, verifier)).toBe(
    false,
  )
})

describe('the phrase', () => {
  const phrase = meetPhrase(challenge, { answerNonce, openedNonce }, sha256)

  test('is four words, the same on both screens, and of both nonces', () => {
    expect(phrase).toMatch(/^([a-z]{4} ){3}[a-z]{4}$/)
    expect(meetPhrase(challenge, { answerNonce: id(8), openedNonce }, sha256)).not.toBe(phrase)
    expect(meetPhrase(challenge, { answerNonce, openedNonce: id(8) }, sha256)).not.toBe(phrase)
    expect(meetPhrase({ ...challenge, org: id(8) }, { answerNonce, openedNonce }, sha256)).not.toBe(phrase)
  })

  test('A cannot choose its nonce after it saw B’s: it committed to it', () => {
    const { nonce } = challenge
    expect(opensMeet(challenge, { nonce, openedNonce }, sha256)).toBe(true)
    expect(opensMeet(challenge, { nonce, openedNonce: id(8) }, sha256)).toBe(false)
    expect(opensMeet(challenge, { nonce: id(8), openedNonce }, sha256)).toBe(false)
    expect(opensMeet(challenge, { nonce, openedNonce: new Uint8Array(0) }, sha256)).toBe(false)
  })

  test('a challenge is open until it expires', () => {
    expect(isMeetOpen(challenge, 999)).toBe(true)
    expect(isMeetOpen(challenge, 1_000)).toBe(false)
  })
})

describe('texts', () => {
  const evidence = memberEvidence(challenge, { ring, message: answered, prover: proverOf(bob) })
  const messages: readonly MeetMessage[] = [
    { type: 'challenge', ...challenge },
    { type: 'answer', nonce: challenge.nonce, answerNonce, evidence },
    {
      type: 'answer',
      nonce: challenge.nonce,
      answerNonce,
      evidence: { type: 'pseudonym', topicId: id(1), tag: id(2), signature: new Uint8Array(64) },
    },
    {
      type: 'opening',
      nonce: challenge.nonce,
      openedNonce,
      evidence: { type: 'vouch', key: id(3), commitments: [id(4)] },
      signature: new Uint8Array(64),
    },
    { type: 'consent', nonce: challenge.nonce, signature: new Uint8Array(64) },
  ]

  test.each(messages)('a $type survives as text, and fits into a QR code', message => {
    const text = meetText(message)
    expect(text.startsWith('mc://meet?v=1&')).toBe(true)
    expect(text.length).toBeLessThan(2_953)
    expect(parseMeetText(text)).toEqual(message)
  })

  test('a proof over a thousand members fits too', () => {
    const proof = new Uint8Array(32 * (7 + 3 * 11))
    const large = {
      type: 'answer',
      nonce: id(1),
      answerNonce,
      evidence: { type: 'member', ringRoot: id(1), tag: id(2), proof },
    } as const
    expect(meetText(large).length).toBeLessThan(2_953)
  })

  test('any other text is no message', () => {
    const texts = messages.map(meetText)
    for (const text of texts) {
      for (const wrong of [
        `${text}&x=1`,
        `${text}A`,
        text.slice(0, -1),
        text.replace('v=1', 'v=2'),
        ` ${text}`,
        `${text}\n`,
      ]) {
        expect(parseMeetText(wrong)).toBeUndefined()
      }
    }
    expect(parseMeetText(meetText(messages[0]!).replace('expires=1000', 'expires=01000'))).toBeUndefined()
    expect(parseMeetText('x'.repeat(5_000))).toBeUndefined()
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80 }),
        text => parseMeetText(`mc://meet?v=1&answer=${text}`) === undefined,
      ),
      { seed: 4, numRuns: runsOf(200) },
    )
  })

  test('bits that no byte holds are zero: a message has one text', () => {
    // 193 bytes leave four bits over in the last letter.
    const text = meetText(messages[2]!)
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const other = last[last.indexOf(text.at(-1)!) + 1]!
    expect(parseMeetText(text.slice(0, -1) + other)).toBeUndefined()
  })

  test('a challenge with other fields is not written', () => {
    expect(() => meetText({ type: 'challenge', ...challenge, nonce: new Uint8Array(3) })).toThrow(RangeError)
    expect(() => meetText({ type: 'challenge', ...challenge, expiresS: 1.5 })).toThrow(RangeError)
  })
})

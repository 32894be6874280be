/**
 * What two people's devices show or send each other, as text that fits into a QR code.
 *
 * challenge (A) → answer (B) → opening (A) → consent (B, of a mutual vouch only). A commits to its nonce in the challenge and opens it
 * last: so neither side can choose its nonce to make two phrases alike.
 *
 * @see identity.md, section 11
 */
import {
  bytes,
  type Codec,
  DecodeError,
  fixedBytes,
  fromHex,
  hex,
  list,
  struct,
  union,
} from '@mc/protocol/wire'
import { fromBase64Url, toBase64Url } from '../base64-url.js'

/** A's QR code. `commitment` is to A's nonce, `nonce` names the meeting, `expiresS` is in seconds since 1970. */
export interface MeetChallenge {
  readonly org: Uint8Array
  readonly nonce: Uint8Array
  readonly expiresS: number
  readonly commitment: Uint8Array
}

/** What one shows to the other. */
export type MeetEvidence =
  /** Mode 1, "I am a member": Proof A in the scope of this meeting. */
  | {
      readonly type: 'member'
      readonly ringRoot: Uint8Array
      readonly tag: Uint8Array
      readonly proof: Uint8Array
    }
  /** Mode 2, "I am pseudonym T of topic t": a signature under T. */
  | {
      readonly type: 'pseudonym'
      readonly topicId: Uint8Array
      readonly tag: Uint8Array
      readonly signature: Uint8Array
    }
  /** Mode 3, a mutual vouch: the member key in the open, and what attestations it shows. */
  | { readonly type: 'vouch'; readonly key: Uint8Array; readonly commitments: readonly Uint8Array[] }

/** B's answer. */
export interface MeetAnswer {
  readonly nonce: Uint8Array
  readonly answerNonce: Uint8Array
  readonly evidence: MeetEvidence
}

/** A opens its commitment and shows its own evidence; `signature` is that of a mutual vouch, else empty. */
export interface MeetOpening {
  readonly nonce: Uint8Array
  readonly openedNonce: Uint8Array
  readonly evidence: MeetEvidence
  readonly signature: Uint8Array
}

/** B's signature under a mutual vouch. */
export interface MeetConsent {
  readonly nonce: Uint8Array
  readonly signature: Uint8Array
}

/** One text of the exchange. */
export type MeetMessage =
  | ({ readonly type: 'challenge' } & MeetChallenge)
  | ({ readonly type: 'answer' } & MeetAnswer)
  | ({ readonly type: 'opening' } & MeetOpening)
  | ({ readonly type: 'consent' } & MeetConsent)

/** Most attestations that one shows in a mutual vouch. */
export const SHOWN_MAX = 16

/** The longest text that is looked at, in characters. */
export const MEET_TEXT_MAX = 4_096

const id = fixedBytes(32)

const evidenceCodec: Codec<MeetEvidence> = union({
  member: { ringRoot: id, tag: id, proof: bytes({ max: 2_048 }) },
  pseudonym: { topicId: id, tag: id, signature: fixedBytes(64) },
  vouch: { key: id, commitments: list(id, { max: SHOWN_MAX }) },
})

const codecs = {
  answer: struct({ nonce: id, answerNonce: id, evidence: evidenceCodec }),
  opening: struct({ nonce: id, openedNonce: id, evidence: evidenceCodec, signature: bytes({ max: 64 }) }),
  consent: struct({ nonce: id, signature: fixedBytes(64) }),
} as const

/** A message as text. @throws RangeError for a field out of its bounds. */
export function meetText(message: MeetMessage): string {
  if (message.type === 'challenge') return challengeText(message)
  const encode = codecs[message.type].encode as (value: MeetMessage) => Uint8Array
  return `mc://meet?v=1&${message.type}=${toBase64Url(encode(message))}`
}

/** The message of a text. Total: undefined for anything but the one text of a message. */
export function parseMeetText(text: string): MeetMessage | undefined {
  if (text.length > MEET_TEXT_MAX) return undefined
  const challenge = CHALLENGE.exec(text)
  if (challenge) return challengeOf(challenge.slice(1) as [string, string, string, string])
  const [, type, encoded] = /^mc:\/\/meet\?v=1&(answer|opening|consent)=([A-Za-z0-9_-]+)$/.exec(text) ?? []
  const packed = encoded === undefined ? undefined : fromBase64Url(encoded)
  if (packed === undefined) return undefined
  try {
    const kind = type as keyof typeof codecs
    return { type: kind, ...codecs[kind].decode(packed) } as MeetMessage
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const CHALLENGE =
  /^mc:\/\/meet\?v=1&org=([0-9a-f]{64})&nonce=([0-9a-f]{64})&expires=(0|[1-9][0-9]{0,14})&cA=([0-9a-f]{64})$/

const challengeText = ({ org, nonce, expiresS, commitment }: MeetChallenge): string => {
  const text = `mc://meet?v=1&org=${hex(org)}&nonce=${hex(nonce)}&expires=${expiresS}&cA=${hex(commitment)}`
  if (!CHALLENGE.test(text)) throw new RangeError('meet: ids are 32 bytes, and the expiry whole seconds')
  return text
}

const challengeOf = ([org, nonce, expires, commitment]: readonly [
  string,
  string,
  string,
  string,
]): MeetMessage => ({
  type: 'challenge',
  org: fromHex(org),
  nonce: fromHex(nonce),
  expiresS: Number(expires),
  commitment: fromHex(commitment),
})

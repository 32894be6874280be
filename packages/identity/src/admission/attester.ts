/**
 * Attesters: whoever can say something about a person, behind one interface. An adapter judges a response; it grants nothing.
 *
 * The design's `finish` returns a promise; here the network has been asked before, and what it said comes in as data.
 *
 * @see identity.md, section 10
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { hex, utf8 } from '@mc/protocol/wire'

/** The kinds of evidence. */
export type AttesterKind = 'in-person' | 'event' | 'eid' | 'vc' | 'oidc' | 'dkim' | 'dns'

/** How much evidence says, from 0 (nothing) to 3. */
export type EvidenceClass = 0 | 1 | 2 | 3

/** What a person is asked to answer: bound to its key, to the attester, and to a nonce. */
export interface AttesterChallenge {
  readonly attester: Uint8Array
  readonly subject: Uint8Array
  readonly nonce: Uint8Array
  /** Seconds of the attester's own clock. */
  readonly expiresS: number
  /** A text of 43 characters that no other key, attester or nonce has. */
  readonly code: string
}

/** A claim that held, in canonical bytes; `uniqueId` names the person to this attester, and never reaches the ledger. */
export interface Attested {
  readonly claim: Uint8Array
  readonly uniqueId: Uint8Array | undefined
}

/** What an adapter says of a response. */
export type AttesterOutcome = Attested | { readonly refused: string }

/** An attester's adapter. `finish` is total: any response gives an outcome. */
export interface Attester<Response> {
  readonly id: Uint8Array
  readonly kind: AttesterKind
  readonly evidenceClass: EvidenceClass
  begin(subject: Uint8Array, at: { readonly nonce: Uint8Array; readonly expiresS: number }): AttesterChallenge
  /** `nowS`: seconds of the attester's own clock. */
  finish(challenge: AttesterChallenge, response: Response, nowS: number): AttesterOutcome
}

/** What all adapters are made with. */
export interface AttesterOptions {
  readonly id: Uint8Array
  readonly evidenceClass: EvidenceClass
  readonly sha256: Sha256
}

/** The adapter of a kind, from the one thing in which kinds differ: how a response is judged. */
export function attesterOf<Response>(
  kind: AttesterKind,
  { id, evidenceClass, sha256 }: AttesterOptions,
  judge: (challenge: AttesterChallenge, response: Response, nowS: number) => AttesterOutcome,
): Attester<Response> {
  const code = (subject: Uint8Array, nonce: Uint8Array): string =>
    `mc-${hex(domainHash(sha256, 'mc/att/challenge/v1', utf8(kind), id, subject, nonce)).slice(0, 40)}`
  return {
    id,
    kind,
    evidenceClass,
    begin: (subject, { nonce, expiresS }) => ({
      attester: id,
      subject,
      nonce,
      expiresS,
      code: code(subject, nonce),
    }),
    finish(challenge, response, nowS) {
      if (!equalBytes(challenge.attester, id)) return { refused: 'the challenge is another attester’s' }
      if (challenge.code !== code(challenge.subject, challenge.nonce))
        return { refused: 'the code is not the challenge’s' }
      if (nowS >= challenge.expiresS) return { refused: 'the challenge has expired' }
      return judge(challenge, response, nowS)
    },
  }
}

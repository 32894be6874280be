/**
 * An event in person: hosts who sit at the tables sign for whom they saw, each seat once.
 */
import { digestKey, domainHash, type SignatureScheme } from '@mc/crypto'
import { utf8 } from '@mc/protocol/wire'
import { type Attester, type AttesterOptions, attesterOf } from '../admission/attester.js'
import { u32 } from '../identity-crypto.js'

/** What hosts sign: that they saw the person of this challenge at this seat. */
export interface EventResponse {
  readonly seat: number
  readonly signatures: readonly { readonly host: Uint8Array; readonly signature: Uint8Array }[]
}

/** The event, its hosts (Ed25519 keys), and how many of them have to sign. */
export interface EventOptions extends AttesterOptions {
  readonly event: string
  readonly hosts: readonly Uint8Array[]
  readonly hostsNeeded: number
  readonly seats: number
  readonly ed25519: SignatureScheme
}

/** The bytes that a host signs. */
export const eventStatement = (
  { event, sha256 }: Pick<EventOptions, 'event' | 'sha256'>,
  code: string,
  seat: number,
): Uint8Array => domainHash(sha256, 'mc/att/event/v1', utf8(event), utf8(code), u32(seat))

/**
 * The attester of an event. A seat is the unique id: one person sits on one, so one seat enrols once.
 *
 * @throws RangeError unless 1 ≤ hostsNeeded ≤ hosts.
 */
export function eventAttester(options: EventOptions): Attester<EventResponse> {
  const { hosts, hostsNeeded, seats, event, ed25519 } = options
  if (!Number.isInteger(hostsNeeded) || hostsNeeded < 1 || hostsNeeded > hosts.length) {
    throw new RangeError(`event: need 1 to ${hosts.length} hosts, got ${hostsNeeded}`)
  }
  const known = new Set(hosts.map(digestKey))
  return attesterOf('event', options, ({ code }, { seat, signatures }) => {
    if (!Number.isInteger(seat) || seat < 0 || seat >= seats) return { refused: `there is no seat ${seat}` }
    if (signatures.length > hosts.length) return { refused: 'more signatures than hosts' }
    const statement = eventStatement(options, code, seat)
    const signed = signatures.filter(
      ({ host, signature }) =>
        host.length === 32 && known.has(digestKey(host)) && ed25519.verify(signature, statement, host),
    )
    const distinct = new Set(signed.map(({ host }) => digestKey(host))).size
    if (distinct < hostsNeeded) return { refused: `${distinct} of ${hostsNeeded} hosts signed` }
    return { claim: utf8(`event:${event}`), uniqueId: utf8(`${event}/${seat}`) }
  })
}

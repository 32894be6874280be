/**
 * Mail and names: weak evidence, good for organisations that run a domain of their own.
 *
 * Nothing here fetches anything. Whoever runs the attester has verified DKIM, or resolved the records, and hands over what was found.
 */
import { utf8 } from '@mc/protocol/wire'
import { type Attester, type AttesterOptions, attesterOf } from '../admission/attester.js'

/** A mail whose DKIM signature was verified, of any outcome. */
export interface VerifiedMail {
  readonly dkim: 'pass' | 'fail' | 'none'
  /** The domain that signed (d=). */
  readonly signingDomain: string
  /** The one address of its From line. */
  readonly from: string
  readonly subject: string
}

/** What domains are taken. A name stands for itself, not for what is below it. */
export interface DomainOptions extends AttesterOptions {
  readonly domains: readonly string[]
}

/** Mail: the code in the subject, from an address of a domain that signed it. The address is the unique id. */
export const mailAttester = (options: DomainOptions): Attester<VerifiedMail> =>
  attesterOf('dkim', options, ({ code }, { dkim, signingDomain, from, subject }) => {
    const address = /^([a-z0-9][a-z0-9._-]{0,63})(?:\+[^@]{0,64})?@([a-z0-9.-]{1,253})$/.exec(
      from.toLowerCase(),
    )
    const [, local, domain] = address ?? []
    if (local === undefined || domain === undefined) return { refused: 'the sender is no plain address' }
    if (dkim !== 'pass') return { refused: `DKIM says ${dkim}` }
    if (signingDomain.toLowerCase() !== domain)
      return { refused: 'signed by another domain than the sender’s' }
    if (!isTaken(domain, options)) return { refused: `the domain ${domain} is not taken here` }
    if (!subject.split(/\s+/).includes(code)) return { refused: 'the subject does not hold the code' }
    // What follows a plus sign goes to the same person.
    return { claim: utf8(`mail:${domain}`), uniqueId: utf8(`${local}@${domain}`) }
  })

/** The text records of a name, as resolved. */
export interface ResolvedName {
  readonly domain: string
  readonly textRecords: readonly string[]
}

/** A name: whoever can put the code into its records holds it. The name is the unique id. */
export const nameAttester = (options: DomainOptions): Attester<ResolvedName> =>
  attesterOf('dns', options, ({ code }, { domain, textRecords }) => {
    const name = domain.toLowerCase()
    if (!isTaken(name, options)) return { refused: `the domain ${name} is not taken here` }
    if (!textRecords.includes(code)) return { refused: 'no record holds the code' }
    return { claim: utf8(`name:${name}`), uniqueId: utf8(name) }
  })

const isTaken = (domain: string, { domains }: DomainOptions): boolean =>
  domains.some(one => one.toLowerCase() === domain)

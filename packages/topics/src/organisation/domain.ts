/** Domains: groups of topics with one queue. */
import { domainHash, type Sha256 } from '@mc/crypto'
import { bool, type Codec, digest, optional, struct, utf8 } from '@mc/protocol/wire'
import { type LocalText, titles } from '../operation/content.js'
import { type DomainParameters, domainParametersCodec } from './domain-parameters.js'
import type { GenesisDomain } from './profile.js'

/** A group of topics with one queue and its own rules. */
export interface Domain {
  readonly id: Uint8Array
  readonly names: readonly LocalText[]
  readonly parent: Uint8Array | undefined
  readonly parameters: DomainParameters
  /** Where its topics went when it was merged; it takes no new ones then. */
  readonly mergedInto: Uint8Array | undefined
  /** It cannot be merged away. */
  readonly isEntrenched: boolean
}

/** The canonical bytes of a domain. */
export const domainCodec: Codec<Domain> = struct({
  id: digest,
  names: titles,
  parent: optional(digest),
  parameters: domainParametersCodec,
  mergedInto: optional(digest),
  isEntrenched: bool,
})

/** The id of a domain that every organisation begins with. */
export const genesisDomainId = (name: GenesisDomain, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/genesis-domain/v1', utf8(name))

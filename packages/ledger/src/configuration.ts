/**
 * Who decides, and by which protocol: the record that every epoch runs under.
 *
 * config(e + 1) = apply(config(e), output(e)). A vote, a message or a seal names the digest of exactly one configuration.
 */
import { type CryptoProvider, domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { type Committee, committee } from '@mc/protocol'
import {
  type Codec,
  type Decoded,
  digest,
  fixedBytes,
  list,
  optional,
  struct,
  text,
  uint,
} from '@mc/protocol/wire'

/** Most members a configuration may have: the erasure code works over 255 shards. */
export const MEMBERS_MAX = 255

/** One member: its key, and where it was last reachable. Addresses are hints; the key alone is the identity. */
export type Member = Decoded<typeof memberCodec>

/**
 * Who takes part from a certain epoch on, and which suite they run.
 *
 * `depth` epochs run at once; it is the same in all configurations of a network. `keySet` is the digest of the keys that the
 * members share, for suites that need some: they belong to these members in this order, and to no others.
 */
export type Configuration = Decoded<typeof configurationCodec>

const memberCodec: Codec<{
  readonly name: string
  readonly publicKey: Uint8Array
  readonly addresses: readonly string[]
}> = struct({
  name: text({ bytesMax: 64 }),
  publicKey: fixedBytes(32),
  addresses: list(text({ bytesMax: 256 }), { max: 8 }),
})

/** The canonical bytes of a configuration. */
export const configurationCodec: Codec<{
  readonly index: number
  readonly firstEpoch: number
  readonly suite: string
  readonly depth: number
  readonly members: readonly Member[]
  readonly keySet?: Uint8Array | undefined
}> = struct({
  index: uint(),
  firstEpoch: uint(),
  suite: text({ bytesMax: 64 }),
  depth: uint({ max: 64 }),
  members: list(memberCodec, { max: MEMBERS_MAX }),
  keySet: optional(digest),
})

/** Digest of a configuration without its addresses: a member that moves stays the same member. */
export function configurationDigest(configuration: Configuration, sha256: Sha256): Uint8Array {
  const members = configuration.members.map(member => ({ ...member, addresses: [] }))
  return domainHash(sha256, 'mc/configuration/v1', configurationCodec.encode({ ...configuration, members }))
}

/** The committee of a configuration, seen from one of its members. */
export function committeeOf(configuration: Configuration, self: number): Committee {
  return committee({ n: configuration.members.length, self })
}

/** Position of a key among the members, or −1. */
export function memberIndex(configuration: Configuration, publicKey: Uint8Array): number {
  return configuration.members.findIndex(member => equalBytes(member.publicKey, publicKey))
}

/** What the ledger needs of cryptography: hashing and one signature scheme. */
export type LedgerCrypto = Pick<CryptoProvider, 'sha256' | 'ed25519'>

/**
 * A member's secrets in one encrypted file: the keys of its past, and what opens its attestations.
 */
import type { Rng } from '@mc/crypto'
import { lockVault, openVault, PASSWORD_COST, type PasswordCost } from '@mc/crypto/vault'
import {
  bytes,
  type Codec,
  type Decoded,
  DecodeError,
  fixedBytes,
  list,
  struct,
  u8,
  uint,
  utf8,
} from '@mc/protocol/wire'

/** What a member keeps. */
export type MemberSecrets = Decoded<typeof memberSecretsCodec>

/** The canonical bytes of what is inside. */
export const memberSecretsCodec: Codec<{
  readonly org: Uint8Array
  /** The newest key last. Older ones are needed for topics that were created in their time. */
  readonly keys: readonly { readonly secretKey: Uint8Array; readonly fromEpoch: number }[]
  readonly openings: readonly { readonly salt: Uint8Array; readonly claim: Uint8Array }[]
}> = struct({
  org: fixedBytes(32),
  keys: list(struct({ secretKey: fixedBytes(32), fromEpoch: uint() }), { max: 256 }),
  openings: list(struct({ salt: fixedBytes(32), claim: bytes({ max: 4_096 }) }), { max: 256 }),
})

/** What stands before the locked part, so that the cost of a password can be raised later. */
const fileCodec = struct({
  version: u8({ max: 1 }),
  logN: u8({ max: 20 }),
  r: u8({ max: 32 }),
  p: u8({ max: 16 }),
  vault: bytes({ max: 2 ** 21 }),
})

/** How a keystore is locked. */
export interface KeystoreOptions {
  readonly password: string
  readonly rng: Rng
  /** Default: `PASSWORD_COST` of @mc/crypto/vault. Anything weaker is for tests. */
  readonly cost?: PasswordCost
}

/**
 * Locks secrets: scrypt and XChaCha20-Poly1305.
 *
 * @throws RangeError for an empty password, or a cost that `openKeystore` would not pay.
 */
export function lockKeystore(
  secrets: MemberSecrets,
  { password, rng, cost = PASSWORD_COST }: KeystoreOptions,
): Uint8Array {
  if (!isAffordable(cost)) throw new RangeError('keystore: need a cost of at most logN 18, r 8, p 4')
  const options = { password, cost, context: contextOf(cost) }
  return fileCodec.encode({
    version: 1,
    ...cost,
    vault: lockVault(memberSecretsCodec.encode(secrets), options, rng),
  })
}

/** Opens a keystore. Undefined for another password, a changed byte, or a file that is none. Total. */
export function openKeystore(file: Uint8Array, password: string): MemberSecrets | undefined {
  try {
    const { version, vault, ...cost } = fileCodec.decode(file)
    const secrets =
      version === 1 && isAffordable(cost)
        ? openVault(vault, { password, cost, context: contextOf(cost) })
        : undefined
    return secrets && memberSecretsCodec.decode(secrets)
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** What a keystore asks of whoever tries a password; undefined for a file that is none. Total. */
export function keystoreCost(file: Uint8Array): PasswordCost | undefined {
  try {
    const { logN, r, p } = fileCodec.decode(file)
    return { logN, r, p }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** Twice the memory of the default at most: a planted file cannot stop a device. */
const isAffordable = ({ logN, r, p }: PasswordCost): boolean => logN <= 18 && r <= 8 && p <= 4

const contextOf = ({ logN, r, p }: PasswordCost): Uint8Array => utf8(`mc/keystore/v1/${logN}/${r}/${p}`)

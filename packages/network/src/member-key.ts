import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { fromHex, hex } from '@mc/protocol/wire'
import type { MemberKey } from './transport.js'

const KEY_BYTES = 32
// DER prefixes of a raw Ed25519 key (RFC 8410): PKCS #8 for the seed, SubjectPublicKeyInfo for the public key.
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420')
const SPKI_PREFIX = fromHex('302a300506032b6570032100')

/**
 * Says which member a text names.
 *
 * @throws RangeError unless it is 64 characters of lower-case hex.
 */
export function memberKey(text: string): MemberKey {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new RangeError('member key: need 64 characters of lower-case hex')
  return text
}

/**
 * The member whose 32-byte Ed25519 seed this is.
 *
 * @throws RangeError if the seed is not 32 bytes.
 */
export function memberKeyOf(secretKey: Uint8Array): MemberKey {
  const spki = createPublicKey(signingKey(secretKey)).export({ format: 'der', type: 'spki' })
  return hex(spki.subarray(SPKI_PREFIX.length))
}

/** The private key object of a seed. @throws RangeError if the seed is not 32 bytes. */
export function signingKey(secretKey: Uint8Array): KeyObject {
  if (secretKey.length !== KEY_BYTES)
    throw new RangeError(`secret key: need 32 bytes, got ${secretKey.length}`)
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secretKey]), format: 'der', type: 'pkcs8' })
}

/** The public key object of a member. Any 32 bytes make one; verification fails with those that are no point. */
export function verifyingKey(key: MemberKey): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, fromHex(key)]), format: 'der', type: 'spki' })
}

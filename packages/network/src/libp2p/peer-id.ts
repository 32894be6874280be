import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { fromHex, hex } from '@mc/protocol/wire'
import { memberKey } from '../member-key.js'
import type { MemberKey } from '../transport.js'

/**
 * The libp2p peer id of a member, in text: `12D3KooW…`.
 *
 * @throws RangeError if the key is not 64 characters of lower-case hex.
 */
export function peerIdOf(key: MemberKey): string {
  return libp2pIdOf(key).toString()
}

/** The same as an object. @throws RangeError if the key is not 64 characters of lower-case hex. */
export function libp2pIdOf(key: MemberKey): PeerId {
  return peerIdFromPublicKey(publicKeyFromRaw(fromHex(memberKey(key))))
}

/** The member behind a peer id, or nothing if its key is not Ed25519. */
export function memberOfPeerId(id: PeerId): MemberKey | undefined {
  return id.type === 'Ed25519' ? hex(id.publicKey.raw) : undefined
}

/** A node that takes a person's seat in the consensus. */

import { memberId, seatStatement } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { readDataDirectory } from '@mc/node/client'
import type { SeatRequest } from '@mc/topics'
import type { Card } from './card.js'

/**
 * What the node in a data directory signs to take the seat of the person of a card, once that person is a member.
 *
 * @throws DirectoryError if there is no node in the directory.
 */
export async function seatRequest(directory: string, { org, key }: Card): Promise<SeatRequest> {
  const { settings, secretKey } = await readDataDirectory(directory)
  const statement = seatStatement(org, memberId(key, crypto.sha256), crypto.sha256)
  return {
    publicKey: crypto.ed25519.publicKey(secretKey),
    name: settings.name,
    addresses: settings.listen,
    signature: crypto.ed25519.sign(statement, secretKey),
  }
}

/** A person's card: the key, and what shows that somebody has it. There is nothing secret on it. */
import { readFile, writeFile } from 'node:fs/promises'
import { equalBytes } from '@mc/crypto'
import { identityVerifier } from '@mc/identity'
import { fromHex, hex } from '@mc/protocol/wire'
import type { SeatRequest } from '@mc/topics'
import { CommandError } from '../terminal/failure.js'
import { identityCrypto } from './identity-crypto.js'

/** What stands on a card. */
export interface Card {
  readonly name: string
  readonly org: Uint8Array
  readonly key: Uint8Array
  readonly possession: Uint8Array
  /** The node of this person, which has signed that it takes the person's seat. */
  readonly seat?: SeatRequest | undefined
}

/** A card as JSON. */
export const cardJson = ({ name, org, key, possession, seat }: Card): Readonly<Record<string, unknown>> => ({
  card: 'mc/person/v1',
  name,
  org: hex(org),
  key: hex(key),
  possession: hex(possession),
  ...(seat && { seat: { ...seat, publicKey: hex(seat.publicKey), signature: hex(seat.signature) } }),
})

/** Writes a card. */
export const writeCard = (path: string, card: Card): Promise<void> =>
  writeFile(path, `${JSON.stringify(cardJson(card), undefined, 2)}\n`)

/** Reads a card and checks what it shows. @throws CommandError that names file and field. */
export async function readCard(path: string): Promise<Card> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new CommandError('input/unreadable', `${path} cannot be read: ${error.message}`, { field: 'card' })
  })
  const fields = fieldsIn(path, text)
  const { card, name } = fields
  if (card !== 'mc/person/v1' || typeof name !== 'string')
    throw new CommandError('input/malformed-card', `${path} is no card of a person`, { field: 'card' })
  const [org, key] = [bytesIn(path, fields, 'org', 32), bytesIn(path, fields, 'key', 32)]
  const possession = bytesIn(path, fields, 'possession', 64)
  if (!identityVerifier(identityCrypto).verifyPossession({ org, key }, possession)) {
    const message = `${path}: possession does not show that anybody has the key, for this organisation`
    throw new CommandError('input/malformed-card', message, { field: 'possession' })
  }
  return { name, org, key, possession, seat: seatIn(path, fields) }
}

function seatIn(path: string, { seat }: Readonly<Record<string, unknown>>): SeatRequest | undefined {
  if (seat === undefined) return undefined
  const fields = (seat ?? {}) as Readonly<Record<string, unknown>>
  const { name, addresses } = fields
  if (
    typeof name !== 'string' ||
    !Array.isArray(addresses) ||
    !addresses.every(one => typeof one === 'string')
  )
    throw new CommandError('input/malformed-card', `${path}: seat: need name and addresses`, {
      field: 'seat',
    })
  const publicKey = bytesIn(path, fields, 'publicKey', 32)
  return { publicKey, name, addresses, signature: bytesIn(path, fields, 'signature', 64) }
}

/** Refuses a card that was made for another organisation. @throws CommandError `input/other-organisation` */
export function requireCardOf({ name, org }: Card, organisation: Uint8Array): void {
  if (equalBytes(org, organisation)) return
  throw new CommandError(
    'input/other-organisation',
    `the card of ${name} was made for the organisation ${hex(org).slice(0, 10)}…, not for this one, ${hex(organisation).slice(0, 10)}…`,
    { field: 'card' },
  )
}

function fieldsIn(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new CommandError('input/malformed-card', `${path}: no JSON (${(error as Error).message})`, {
      field: 'card',
    })
  }
}

function bytesIn(
  path: string,
  fields: Readonly<Record<string, unknown>>,
  name: string,
  length: number,
): Uint8Array {
  const text = fields[name]
  if (typeof text === 'string' && /^([0-9a-f]{2})*$/.test(text) && text.length === 2 * length)
    return fromHex(text)
  throw new CommandError('input/malformed-card', `${path}: ${name}: need ${2 * length} hexadecimal digits`, {
    field: name,
  })
}

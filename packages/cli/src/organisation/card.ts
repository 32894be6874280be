/** A person's card: the key, and what shows that somebody has it. There is nothing secret on it. */
import { readFile, writeFile } from 'node:fs/promises'
import { identityVerifier } from '@mc/identity'
import { fromHex, hex } from '@mc/protocol/wire'
import { CommandError } from '../terminal/failure.js'
import { identityCrypto } from './identity-crypto.js'

/** What stands on a card. */
export interface Card {
  readonly name: string
  readonly org: Uint8Array
  readonly key: Uint8Array
  readonly possession: Uint8Array
}

/** A card as JSON. */
export const cardJson = ({ name, org, key, possession }: Card): Readonly<Record<string, string>> => ({
  card: 'mc/person/v1',
  name,
  org: hex(org),
  key: hex(key),
  possession: hex(possession),
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
  return { name, org, key, possession }
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

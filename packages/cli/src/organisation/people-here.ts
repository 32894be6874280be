/** What people on this machine are called: the ledger knows keys only, and the cards in the folder people know names. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { domainHash } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex } from '@mc/protocol/wire'
import type { RowJson } from './organisation-client.js'
import { peopleFolder } from './session.js'

/** Names by the ids of members. */
export type Names = ReadonlyMap<string, string>

/** How names of cards end. */
export const CARD = '.card.json'

/**
 * The names on the cards in the folder people of a directory; none where there is no such folder.
 *
 * They are for the eyes of whoever keeps the folder: nothing is signed because of a name. `members` finds those whose card shows a
 * later key than their first.
 */
export async function namesHere(
  directory: string,
  members: readonly RowJson<'members'>[] = [],
): Promise<Names> {
  const folder = peopleFolder(directory)
  const files = await readdir(folder).catch(() => [])
  const names = new Map<string, string>()
  for (const file of files.filter(one => one.endsWith(CARD)).sort()) {
    const card = await cardIn(join(folder, file))
    if (card === undefined) continue
    const later = members.find(({ keys }) => keys.some(({ key }) => key === card.key))
    names.set(later?.id ?? memberOf(card.key), card.name)
  }
  return names
}

/** A member with its name here, if it has one. */
export const namedMember = (id: string, names: Names): string => {
  const name = names.get(id)
  return name === undefined ? id : `${id} (${name})`
}

const memberOf = (key: string): string => hex(domainHash(crypto.sha256, 'mc/member/v1', fromHex(key)))

async function cardIn(path: string): Promise<{ readonly name: string; readonly key: string } | undefined> {
  try {
    const { name, key } = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>
    const isCard = typeof name === 'string' && typeof key === 'string' && /^[0-9a-f]{64}$/.test(key)
    return isCard ? { name, key } : undefined
  } catch {
    return undefined
  }
}

/** Where the code of contract types is kept. */
import { hex, utf8 } from '@mc/protocol/wire'
import type { OrganisationView } from '@mc/topics'

/** The longest contract, in bytes of UTF-8. */
export const CODE_BYTES_MAX = 65_536

/** Code by its CID; a node fetches what is missing before it goes on. */
export interface CodeStore {
  get(cid: Uint8Array): Uint8Array | undefined
}

/** Code that a node has to have and does not: it cannot go on, because the others can. */
export class MissingCode extends Error {
  override readonly name = 'MissingCode'
  readonly cid: Uint8Array

  constructor(cid: Uint8Array) {
    super(`contracts: the code ${hex(cid)} is installed, and this node does not have it`)
    this.cid = cid
  }
}

/** The CIDs of installed contract types whose code a node does not have: to be fetched before the next block is applied. */
export function missingCode(
  view: Pick<OrganisationView, 'contractTypes'>,
  store: CodeStore,
): readonly Uint8Array[] {
  return view.contractTypes.values().flatMap(({ cid }) => (store.get(cid) === undefined ? [cid] : []))
}

/** A store that holds what it was given: for tests, and for organisations without code. */
export function codeStore(
  entries: readonly (readonly [cid: Uint8Array, code: Uint8Array | string])[],
): CodeStore {
  const held = new Map(
    entries.map(([cid, code]) => [hex(cid), typeof code === 'string' ? utf8(code) : code] as const),
  )
  return { get: cid => held.get(hex(cid)) }
}

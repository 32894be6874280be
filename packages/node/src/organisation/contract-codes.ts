/**
 * The code of contract types: taken from the proposals that would install it, so that every member has what every member agreed on.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CODE_BYTES_MAX, type CodeStore, codeCid } from '@mc/contracts'
import { equalBytes, type Sha256 } from '@mc/crypto'
import type { OrderedOperation } from '@mc/ledger'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import { type Action, readOperation } from '@mc/topics'

/** Codes in a folder, by CID. */
export class ContractCodes implements CodeStore {
  readonly #folder: string
  readonly #sha256: Sha256
  readonly #codes = new Map<string, Uint8Array>()

  /** The codes that are in the folder; what does not have its name's digest is not one. */
  constructor(folder: string, sha256: Sha256) {
    this.#folder = folder
    this.#sha256 = sha256
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(folder)) {
      if (!/^([0-9a-f]{2})+$/.test(name)) continue
      const code = new Uint8Array(readFileSync(join(folder, name)))
      if (equalBytes(codeCid(code, sha256), fromHex(name))) this.#codes.set(name, code)
    }
  }

  get(cid: Uint8Array): Uint8Array | undefined {
    return this.#codes.get(hex(cid))
  }

  /** Keeps code that somebody brought, on disk when this returns; false if it is not what the CID names. */
  keep(cid: Uint8Array, code: Uint8Array): boolean {
    if (code.length > CODE_BYTES_MAX || !equalBytes(codeCid(code, this.#sha256), cid)) return false
    this.#keep(code)
    return true
  }

  /** Keeps the code that these agreed operations carry: the text of a proposal that installs the type with its CID. */
  hear(operations: readonly OrderedOperation[]): void {
    for (const { bytes, id } of operations) {
      const operation = readOperation(bytes, id)
      if (typeof operation === 'string' || operation.statement.body.type !== 'propose') continue
      const { text, program } = operation.statement.body
      if (text.type !== 'inline' || program?.type !== 'actions') continue
      const code = utf8(text.text)
      if (program.actions.some(action => this.#installs(action, code))) this.#keep(code)
    }
  }

  #installs(action: Action, code: Uint8Array): boolean {
    return action.type === 'contractType.install' && equalBytes(codeCid(code, this.#sha256), action.cid)
  }

  // On disk under its name before it is used; a file that was written in part has another name.
  #keep(code: Uint8Array): void {
    const name = hex(codeCid(code, this.#sha256))
    if (this.#codes.has(name) || code.length > CODE_BYTES_MAX) return
    const path = join(this.#folder, name)
    writeFileSync(`${path}.part`, code, { flush: true })
    renameSync(`${path}.part`, path)
    this.#codes.set(name, code)
  }
}

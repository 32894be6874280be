/**
 * Upgrades that the person who runs this node has approved: in a file of the data directory, so that they hold after a restart.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fromHex, hex } from '@mc/protocol/wire'

/** Most approvals that are kept; the oldest go. */
export const APPROVALS_MAX = 256

/** Manifests in hexadecimal, one per line. */
export class Approvals {
  readonly #path: string
  #manifests: readonly string[]

  /** What the file says; lines that are no manifest are not read. */
  constructor(path: string) {
    this.#path = path
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
    this.#manifests = lines.map(line => line.trim()).filter(line => /^([0-9a-f]{2}){1,64}$/.test(line))
  }

  get manifests(): readonly Uint8Array[] {
    return this.#manifests.map(fromHex)
  }

  has(manifest: Uint8Array): boolean {
    return this.#manifests.includes(hex(manifest))
  }

  /** On disk before it is true. */
  add(manifest: Uint8Array): void {
    if (this.has(manifest)) return
    const manifests = [...this.#manifests, hex(manifest)].slice(-APPROVALS_MAX)
    writeFileSync(`${this.#path}.part`, `${manifests.join('\n')}\n`, { flush: true, mode: 0o600 })
    renameSync(`${this.#path}.part`, this.#path)
    this.#manifests = manifests
  }
}

/**
 * Signed operations that did not get through, in a file beside the keystore: one JSON object in each line.
 *
 * A line that cannot be read stays in the file and is skipped, so that no program's mistake loses another's operation.
 */
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises'

/** An operation that did not get through, and why. */
export interface KeptOperation {
  readonly id: string
  /** What it asks for: `vote`, `join` … */
  readonly what: string
  readonly topic?: string
  /** Its bytes, in hexadecimal. */
  readonly operation: string
  /** Milliseconds since 1970. */
  readonly keptAt: number
  readonly reason: { readonly rule: string; readonly message: string }
}

/** The outbox of one person. */
export class Outbox {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Keeps an operation; what was kept under its id before is replaced. */
  async keep(kept: KeptOperation): Promise<void> {
    await this.drop(kept.id)
    await appendFile(this.path, `${JSON.stringify(kept)}\n`, { mode: 0o600, flush: true })
  }

  /** What is kept, oldest first. */
  async list(): Promise<readonly KeptOperation[]> {
    return (await this.#lines()).flatMap(line => keptIn(line) ?? [])
  }

  /** Takes an operation out; false if it is not in. */
  async drop(id: string): Promise<boolean> {
    const lines = await this.#lines()
    const rest = lines.filter(line => keptIn(line)?.id !== id)
    if (rest.length === lines.length) return false
    const next = `${this.path}.next`
    await writeFile(next, rest.map(line => `${line}\n`).join(''), { mode: 0o600, flush: true })
    await rename(next, this.path)
    return true
  }

  async #lines(): Promise<readonly string[]> {
    const text = await readFile(this.path, 'utf8').catch(error => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    return text.split('\n').filter(line => line.trim() !== '')
  }
}

function keptIn(line: string): KeptOperation | undefined {
  try {
    const { id, what, topic, operation, keptAt, reason } = JSON.parse(line) as KeptOperation
    const isOne = /^[0-9a-f]{64}$/.test(id) && /^([0-9a-f]{2})+$/.test(operation) && typeof what === 'string'
    const named = typeof topic === 'string' ? { topic } : {}
    const { rule, message } = reason
    return isOne
      ? {
          id,
          what,
          ...named,
          operation,
          keptAt: Number(keptAt),
          reason: { rule: String(rule), message: String(message) },
        }
      : undefined
  } catch {
    return undefined
  }
}

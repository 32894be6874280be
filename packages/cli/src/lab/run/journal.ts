/**
 * The journal of a run: one line of JSON per finished cell, written at once, so that an interrupted run goes on where it stopped.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Machine } from './machine.js'

/** One line: what was asked, and what came of it or why nothing did. */
export interface JournalRow<Cell, Figures> {
  readonly schema: 'mc-lab/1'
  readonly key: string
  readonly cell: Cell
  /** `simulated`: counted or timed by a virtual clock. `measured`: real time of a real machine. */
  readonly taken: 'simulated' | 'measured'
  readonly figures?: Figures
  /** Why there are no figures. */
  readonly failure?: string
  readonly commit: string
  readonly machine: Machine
}

/** Rows of finished cells. */
export class Journal<Cell, Figures> {
  readonly #path: string
  readonly #rows = new Map<string, JournalRow<Cell, Figures>>()
  #beginsLine = true

  /** Reads what a run before has left; a line that was cut off by an interruption is passed over. */
  constructor(path: string) {
    this.#path = path
    mkdirSync(dirname(path), { recursive: true })
    if (!existsSync(path)) return
    const text = readFileSync(path, 'utf8')
    this.#beginsLine = text === '' || text.endsWith('\n')
    for (const line of text.split('\n')) {
      const row = parsed<Cell, Figures>(line)
      if (row !== undefined) this.#rows.set(row.key, row)
    }
  }

  /** Whether a cell is finished. One that failed is tried again by the next run. */
  has(key: string): boolean {
    return this.#rows.get(key)?.figures !== undefined
  }

  get(key: string): JournalRow<Cell, Figures> | undefined {
    return this.#rows.get(key)
  }

  add(row: JournalRow<Cell, Figures>): void {
    appendFileSync(this.#path, `${this.#beginsLine ? '' : '\n'}${JSON.stringify(row)}\n`)
    this.#beginsLine = true
    this.#rows.set(row.key, row)
  }
}

function parsed<Cell, Figures>(line: string): JournalRow<Cell, Figures> | undefined {
  try {
    const row = JSON.parse(line)
    return row?.schema === 'mc-lab/1' && typeof row.key === 'string' ? row : undefined
  } catch {
    return undefined
  }
}

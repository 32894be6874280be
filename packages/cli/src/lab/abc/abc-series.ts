/**
 * Repeats of one cell as one entry: the median of each figure, and how far the repeats lie apart.
 */
import { distribution } from '../run/distribution.js'
import { type AbcRow, isFailure } from './abc-bench.js'
import type { AbcCell, AbcFigures } from './cell.js'

/** A figure over repeats. */
export interface Repeated {
  readonly value: number
  readonly min: number
  readonly max: number
}

/** All good repeats of one cell. */
export interface Entry {
  readonly cell: Omit<AbcCell, 'repeat'>
  readonly repeats: readonly AbcFigures[]
  /** A figure of each repeat, in one. */
  of(figure: (figures: AbcFigures) => number): Repeated
}

/** The entries of rows, in their order; failed rows are left out. */
export function entriesOf(rows: readonly AbcRow[]): readonly Entry[] {
  const entries = new Map<string, AbcRow[]>()
  for (const row of rows) {
    if (isFailure(row)) continue
    const { repeat: _, ...cell } = row.cell
    const key = JSON.stringify(cell)
    entries.set(key, [...(entries.get(key) ?? []), row])
  }
  return [...entries.values()].map(own => {
    const repeats = own.map(({ figures }) => figures as AbcFigures)
    return {
      cell: (own[0] as AbcRow).cell,
      repeats,
      of: figure => {
        const { median, min, max } = distribution(repeats.map(figure))
        return { value: median, min, max }
      },
    }
  })
}

/**
 * A report as data: figures and tables, each with one sentence on what it means.
 */

/** A drawing. */
export interface Figure {
  /** Its fixed name: F1 to F12, and what it shows of it. */
  readonly id: string
  readonly svg: string
  readonly meaning: string
}

/** A table; numbers are written by whoever makes it. */
export interface Table {
  /** Its fixed name: T1 to T4, or what it holds. */
  readonly id: string
  readonly title: string
  readonly meaning: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** All of it. */
export interface Report {
  readonly title: string
  /** How the figures were taken: what is simulated, what is measured, on what, from which code. */
  readonly facts: readonly string[]
  readonly figures: readonly Figure[]
  readonly tables: readonly Table[]
}

/** A number with as many digits as a reader needs. */
export function figure(value: number | undefined, digits = 3): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  if (Math.abs(value) >= 10 ** digits) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(digits)))
}

/**
 * What the law suites need of a test runner, and how they fail.
 */
import { hex } from '@mc/protocol/wire'
import { equalBytes } from '../identifier.js'

/** The two functions of a test runner: those of vitest, node:test, jest or mocha will do. */
export interface ConformanceRunner {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
}

/** @throws Error if a law does not hold. */
export function requireLaw(condition: boolean, law: string): void {
  if (!condition) throw new Error(`law broken: ${law}`)
}

/** @throws Error unless both are the same bytes. */
export function requireBytes(actual: Uint8Array, expected: Uint8Array, law: string): void {
  requireLaw(equalBytes(actual, expected), `${law}: expected ${hex(expected)}, got ${hex(actual)}`)
}

/** @throws Error unless `body` throws a RangeError. */
export function requireRangeError(body: () => unknown, law: string): void {
  try {
    body()
  } catch (error) {
    requireLaw(error instanceof RangeError, `${law}: expected a RangeError, got ${String(error)}`)
    return
  }
  throw new Error(`law broken: ${law}: expected a RangeError, nothing was thrown`)
}

/** Bytes that look random and are always the same: for inputs that need no meaning. */
export function pattern(length: number, start: number): Uint8Array {
  let state = start >>> 0
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  })
}

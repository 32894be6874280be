/**
 * Anonymous rate tokens: a few per person and period, each used once, none linked to another.
 *
 * @see identity.md, section 6
 */
import type { RateClass, Scope } from '../scope.js'

/** Tokens per person and period. */
export const RATE_SLOTS: Readonly<Record<RateClass, number>> = { create: 2 }

/** A week, in seconds of the logical clock L. */
export const RATE_PERIOD_S = 604_800

/** The period that L, in seconds, lies in. @throws RangeError unless L is a natural number. */
export function ratePeriod(logicalS: number): number {
  if (!Number.isSafeInteger(logicalS) || logicalS < 0) throw new RangeError(`rate token: L of ${logicalS} s`)
  return Math.floor(logicalS / RATE_PERIOD_S)
}

/** The scopes of one person's tokens at L: who has used one slot's tag takes the next. */
export const rateScopes = (rateClass: RateClass, logicalS: number): readonly Scope[] =>
  Array.from({ length: RATE_SLOTS[rateClass] }, (_, slot) => ({
    type: 'rate',
    rateClass,
    period: ratePeriod(logicalS),
    slot,
  }))

/** Whether a token's scope is one of the present period: of another class, period or slot it is worth nothing. */
export const isCurrentToken = (scope: Scope, logicalS: number): boolean =>
  scope.type === 'rate' &&
  scope.period === ratePeriod(logicalS) &&
  Number.isInteger(scope.slot) &&
  scope.slot >= 0 &&
  scope.slot < RATE_SLOTS[scope.rateClass]

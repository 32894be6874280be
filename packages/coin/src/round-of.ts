import type { Domain } from '@mc/protocol'

/** The round of a flip, the last part of its domain. @throws RangeError if there is none. */
export function roundOf(domain: Domain): number {
  const last = domain.at(-1)
  if (typeof last !== 'number' || !Number.isSafeInteger(last) || last < 0) {
    throw new RangeError(`coin: the domain must end with a round, got ${JSON.stringify(domain)}`)
  }
  return last
}

/** A stream of numbers that a seed determines. */
export interface Seeded {
  /** An integer 0..bound − 1. */
  below(bound: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  bytes(length: number): Uint8Array
}

export function seeded(seed: number): Seeded {
  let state = (seed * 0x9e3779b9) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound)
  return {
    below,
    chance: probability => next() < probability * 2 ** 32,
    pick: items => items[below(items.length)] as (typeof items)[number],
    bytes: length => Uint8Array.from({ length }, () => below(256)),
  }
}

/** Seeds of a property: few by default, as many as MC_SEEDS says for the record. */
export const seedsOf = (count: number): readonly number[] =>
  Array.from({ length: Number(process.env['MC_SEEDS'] ?? count) }, (_, seed) => seed + 1)

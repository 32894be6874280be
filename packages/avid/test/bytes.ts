import fc from 'fast-check'

/** How many runs a property gets; MC_SEEDS raises it. */
export const numRuns = (usual: number): number => Math.max(usual, Number(process.env['MC_SEEDS'] ?? 0))

/** Bytes that look random and depend on the seed alone. */
export function noise(length: number, seed: number): Uint8Array {
  let state = (seed * 2 + 1) >>> 0
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  })
}

/** Every way to choose `size` of the numbers 0..n − 1. */
export function* subsets(n: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) yield []
  else
    for (let first = from; first <= n - size; first += 1) {
      for (const rest of subsets(n, size - 1, first + 1)) yield [first, ...rest]
    }
}

/** Only the shards at these places. */
export const only = <T>(shards: readonly T[], places: readonly number[]): (T | undefined)[] =>
  shards.map((shard, place) => (places.includes(place) ? shard : undefined))

/** A code's sizes with some data and a choice of k surviving shards. */
export const codeWithErasures: fc.Arbitrary<{ n: number; k: number; data: Uint8Array; kept: number[] }> = fc
  .integer({ min: 1, max: 40 })
  .chain(n => fc.record({ n: fc.constant(n), k: fc.integer({ min: 1, max: n }) }))
  .chain(({ n, k }) =>
    fc.record({
      n: fc.constant(n),
      k: fc.constant(k),
      data: fc
        .record({ length: fc.integer({ min: 1, max: 300 }), seed: fc.nat() })
        .map(({ length, seed }) => noise(k * length, seed)),
      kept: fc.shuffledSubarray([...Array(n).keys()], { minLength: k, maxLength: k }),
    }),
  )

/** Whether two lists of byte strings are alike: for long ones, where a matcher would take seconds. */
export const sameBytes = (left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean =>
  left.length === right.length &&
  left.every((bytes, at) => Buffer.compare(bytes, right[at] as Uint8Array) === 0)

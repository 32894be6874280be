/**
 * How wide a window is best for the bucket method.
 */

/** Bits of a scalar, and one more for the carry of signed digits. */
const SCALAR_BITS = 254

/** How scalars are cut into digits. */
export interface Windows {
  /** Bits of a digit. */
  readonly width: number
  readonly count: number
}

/** The cut with the fewest additions for so many points: each window adds every point, and walks its buckets twice. */
export function windowsFor(points: number): Windows {
  let best = { width: 1, count: SCALAR_BITS }
  for (let width = 2; width <= WIDTH_MAX; width += 1) {
    const next = { width, count: Math.ceil(SCALAR_BITS / width) }
    if (additions(next, points) < additions(best, points)) best = next
  }
  return best
}

/** The widest window: 2^(WIDTH_MAX − 1) buckets. */
export const WIDTH_MAX = 10

const additions = ({ width, count }: Windows, points: number): number => count * (points + 2 ** width)

/** Up to so many points, a table for each beats the buckets. */
export const FEW_POINTS = 24

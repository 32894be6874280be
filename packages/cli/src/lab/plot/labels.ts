/**
 * Names beside what they name, without one covering the other.
 */

/** Wanted heights, moved as little as needed so that neighbours are `gap` apart and all stay between `top` and `bottom`. */
export function spread(
  wanted: readonly number[],
  { gap, top, bottom }: { readonly gap: number; readonly top: number; readonly bottom: number },
): readonly number[] {
  const order = wanted
    .map((_, at) => at)
    .sort((a, b) => (wanted[a] as number) - (wanted[b] as number) || a - b)
  const placed = [...wanted]
  let least = top
  for (const at of order) {
    placed[at] = Math.max(least, placed[at] as number)
    least = (placed[at] as number) + gap
  }
  let most = bottom
  for (const at of [...order].reverse()) {
    placed[at] = Math.min(most, placed[at] as number)
    most = (placed[at] as number) - gap
  }
  return placed
}

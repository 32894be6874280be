/** Tells the seconds that are left, each time after so much of the whole work is done; the pace so far is the pace to come. */
export function timeLeft(whole: number): (worth: number) => number {
  const startedAt = performance.now()
  let done = 0
  return worth => {
    done += worth
    const seconds = (performance.now() - startedAt) / 1_000
    return Math.max(0, Math.round((seconds / Math.max(done, Number.EPSILON)) * (whole - done)))
  }
}

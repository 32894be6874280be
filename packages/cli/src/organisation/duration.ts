/** Lengths of time as people write them, in seconds of the ledger clock. */
import { InvalidArgumentError } from 'commander'

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Reads `90`, `90s`, `15m`, `2h` or `3d`; nothing if it is something else. */
export function durationIn(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text)
  return match === null ? undefined : Number(match[1]) * SECONDS[(match[2] || 's') as keyof typeof SECONDS]
}

/** Reads a length of time from an option. @throws InvalidArgumentError */
export function durationFrom(text: string): number {
  const seconds = durationIn(text)
  if (seconds === undefined)
    throw new InvalidArgumentError('need a length of time such as 90s, 15m, 2h or 3d')
  return seconds
}

/** Seconds for people: `3d 4h`, the two largest units that are not zero. */
export function durationText(seconds: number): string {
  const parts: string[] = []
  let rest = Math.max(0, Math.floor(seconds))
  for (const [unit, length] of Object.entries(SECONDS).reverse()) {
    const count = Math.floor(rest / length)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * length
  }
  return parts.slice(0, 2).join(' ') || '0s'
}

/** Lengths of time as people write them, in seconds of the ledger clock. */
import { InvalidArgumentError } from 'commander'

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Reads `90`, `90s`, `15m`, `2h` or `3d`. @throws InvalidArgumentError */
export function durationFrom(text: string): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text)
  if (match === null) throw new InvalidArgumentError('need a length of time such as 90s, 15m, 2h or 3d')
  return Number(match[1]) * SECONDS[(match[2] || 's') as keyof typeof SECONDS]
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

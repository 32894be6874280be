/**
 * What can be read in the messages of any agreement: for networks that read, and for counting rounds.
 */
import type { Bit } from '@mc/protocol'

interface Shape {
  readonly type?: unknown
  readonly round?: unknown
  readonly bit?: unknown
  readonly value?: unknown
  readonly proposer?: unknown
  readonly message?: { readonly payload?: unknown }
}

/** The bit that a message speaks for: its field `bit` or `value`, the vote that a broadcast carries, 1 for a fast vote. */
export function bitIn(message: unknown): Bit | undefined {
  const { type, bit, value, message: carried } = message as Shape
  const found = bit ?? value ?? (type === 'fast' ? 1 : payloadBit(carried?.payload))
  return found === 0 || found === 1 ? found : undefined
}

const payloadBit = (payload: unknown): number | undefined =>
  payload instanceof Uint8Array && payload.length === 1 ? (payload[0] as number) & 1 : undefined

/**
 * The round that a member says it is in by sending a message: its field `round`.
 *
 * Undefined for messages without one, and for words in somebody else's broadcast, which may be ahead of us.
 */
export function roundIn(message: unknown, self: number): number | undefined {
  const { type, round, proposer } = message as Shape
  if (type === 'fast') return 0
  return typeof round === 'number' && (proposer === undefined || proposer === self) ? round : undefined
}

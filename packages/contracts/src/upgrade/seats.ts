/** Seats that have said something: each counts once, and only while it is in the configuration. */
import { compareBytes, equalBytes } from '@mc/crypto'
import type { CommitteeSize } from '@mc/protocol'

/** Seats by their keys, ascending. */
export type Seats = readonly Uint8Array[]

/** The seats of the running configuration, and how many of them may be faulty. */
export interface SeatedCommittee extends CommitteeSize {
  readonly f: number
  readonly seats: Seats
}

/** Adds a seat; the same list if it is in it. */
export function withSeat(seats: Seats, seat: Uint8Array): Seats {
  if (seats.some(one => equalBytes(one, seat))) return seats
  return [...seats, seat].sort(compareBytes)
}

/** How many of these seats are in the running configuration. */
export const seated = (said: Seats, { seats }: SeatedCommittee): number =>
  said.filter(one => seats.some(seat => equalBytes(seat, one))).length

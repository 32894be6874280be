/**
 * The time of the ledger: what the members' clocks say together, so that f liars cannot push it ahead.
 *
 * T_h = max(T_{h−1}, the (f + 1)-th largest of all members' most recent agreed values). At least one of the f + 1 largest
 * values is a correct member's, so T never passes the fastest correct clock, however few proposals a batch holds.
 * The logical clock L advances by min(ΔT, 600 s) per block: an outage pauses deadlines.
 *
 * Derived; the argument stands in docs/adr/0009-agreed-time.md.
 */
import { faultsTolerated, fPlus1 } from '@mc/protocol'

/** Most that the logical clock advances in one block, in ms. */
export const CLOCK_ADVANCE_MS_MAX = 600_000

/** The clocks of the ledger after a block. */
export interface AgreedTime {
  /** Agreed time T, in ms since 1970; never goes back. */
  readonly time: number
  /** Logical clock L, in ms since the genesis; pauses with the network. */
  readonly clock: number
  /** The most recent agreed value of each member's clock, by member index. */
  readonly members: readonly number[]
}

/** The clocks before the first block: every member starts at the agreed time. */
export const initialTime = (time: number, memberCount: number): AgreedTime => ({
  time,
  clock: 0,
  members: new Array<number>(memberCount).fill(time),
})

/**
 * The same clocks under another configuration: `seats` says, by new member index, which old one it was, −1 for nobody.
 *
 * A new member starts at T: nobody can have voted for a time by not having been there.
 */
export const reseatMembers = (
  { time, clock, members }: AgreedTime,
  seats: readonly number[],
): AgreedTime => ({
  time,
  clock,
  members: seats.map(seat => members[seat] ?? time),
})

/** The clocks after a block whose proposals carried these values, by member index. */
export function advanceTime(before: AgreedTime, proposed: ReadonlyMap<number, number>): AgreedTime {
  // Replaced, also downwards: a member whose clock was wrong and is repaired stops counting as a liar.
  const members = before.members.map((value, index) => proposed.get(index) ?? value)
  const f = faultsTolerated(members.length)
  const descending = [...members].sort((left, right) => right - left)
  const time = Math.max(before.time, descending[fPlus1({ f }) - 1] ?? before.time)
  const clock = before.clock + Math.min(time - before.time, CLOCK_ADVANCE_MS_MAX)
  return { time, clock, members }
}

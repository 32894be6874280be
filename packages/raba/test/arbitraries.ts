/**
 * Any message of a quadratic agreement.
 */
import { type Bit, round } from '@mc/protocol'
import fc from 'fast-check'
import type { Message } from './driven.js'

const bits = fc.constantFrom<Bit>(0, 1)
const trits = fc.constantFrom(0, 1, '*')

/** Records that a correct or a faulty member may send: everything but a VOTE of `*`. */
const records = fc
  .tuple(fc.nat(3), fc.nat(2), fc.nat(63))
  .map(([prevotes, vote, later]) => prevotes | (vote << 2) | (later << 4))

/** Messages about these rounds; replies hold at most nine records. */
export const messagesOf = (rounds: fc.Arbitrary<number>): fc.Arbitrary<Message> => {
  const numbers = rounds.map(round)
  return fc.oneof(
    fc.record({ type: fc.constantFrom('prevote', 'vote'), round: numbers, bit: bits }),
    fc.record({ type: fc.constantFrom('mainvote', 'finalvote', 'fixvote'), round: numbers, value: trits }),
    fc.record({ type: fc.constant('fast') }),
    fc.record({ type: fc.constant('term'), bit: bits }),
    fc.tuple(numbers, numbers).map(([a, b]) => ({
      type: 'sync-req',
      fromRound: round(Math.min(a, b)),
      toRound: round(Math.max(a, b)),
    })),
    fc.record({
      type: fc.constant('sync-rep'),
      fromRound: numbers,
      records: fc.array(records, { maxLength: 9 }),
    }),
  ) as fc.Arbitrary<Message>
}

/**
 * Any message of an agreement over a common coin.
 */
import { type Bit, round } from '@mc/protocol'
import fc from 'fast-check'
import type { Message } from './cobalt-driven.js'

const bits = fc.constantFrom<Bit>(0, 1)

/** Records that a correct or a faulty member may send: everything but an AUX of `*`. */
const records = fc
  .tuple(fc.nat(3), fc.nat(2), fc.nat(3))
  .map(([bvals, aux, conf]) => bvals | (aux << 2) | (conf << 4))

/** Messages about these rounds; replies hold at most nine records. */
export const cobaltMessagesOf = (rounds: fc.Arbitrary<number>): fc.Arbitrary<Message> => {
  const numbers = rounds.map(round)
  return fc.oneof(
    fc.record({ type: fc.constantFrom('bval', 'aux'), round: numbers, bit: bits }),
    fc.record({ type: fc.constant('conf'), round: numbers, value: fc.constantFrom(0, 1, '*') }),
    fc.record({ type: fc.constant('fast') }),
    fc.record({ type: fc.constant('term'), bit: bits }),
    fc.record({ type: fc.constant('coin'), round: numbers, message: fc.nat(7) }),
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

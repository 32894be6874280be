/**
 * Any message of Crain's agreement.
 */
import { type Bit, round } from '@mc/protocol'
import fc from 'fast-check'
import type { Message } from './driven.js'

const bits = fc.constantFrom<Bit>(0, 1)
const trits = fc.constantFrom<Bit | '*'>(0, 1, '*')

/** Records that a correct or a faulty member may send: everything but an AUX of `*`. */
const records = fc
  .tuple(fc.nat(3), fc.nat(2), fc.nat(3), fc.nat(7), fc.nat(3))
  .map(([est, aux, conf, est2, aux2]) => est | (aux << 2) | (conf << 4) | (est2 << 6) | (aux2 << 9))

/** Messages about these rounds; replies hold at most nine records. */
export const crainMessagesOf = (rounds: fc.Arbitrary<number>): fc.Arbitrary<Message> => {
  const numbers = rounds.map(round)
  return fc.oneof(
    fc.record({ type: fc.constantFrom('est', 'aux'), round: numbers, bit: bits }),
    fc.record({ type: fc.constantFrom('conf', 'est2', 'aux2'), round: numbers, value: trits }),
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

import type { Bit } from '@mc/protocol'
import { nothing } from '@mc/protocol/wire'
import type { Coin } from './coin.js'
import { flipOnce } from './flip-once.js'
import { roundOf } from './round-of.js'

/**
 * A coin whose bits everybody knows beforehand: for tests only, as it gives agreement no liveness at all.
 *
 * In round r all members get `bits[r mod bits.length]`; the round is the last part of the domain. Its descriptor is named
 * `coin/fixed` and carries `testOnly: true`, by which real suites refuse it.
 *
 * @throws RangeError if `bits` is empty. `create` throws a RangeError if the domain does not end with a round.
 */
export function fixedCoin(bits: readonly Bit[]): Coin<never> {
  if (bits.length === 0) throw new RangeError('coin/fixed: need at least one bit')
  return {
    role: 'coin',
    name: 'coin/fixed',
    wireVersion: 1,
    parameters: { testOnly: true, bits: bits.join('') },
    parts: {},
    common: true,
    codec: () => nothing,
    create: ({ domain }, effects) => {
      const bit = bits[roundOf(domain) % bits.length] as Bit
      return flipOnce(() => effects.output(bit))
    },
  }
}

import type { Bit, Effects } from '@mc/protocol'
import type { Coin, CommonCoin } from './coin.js'
import { roundOf } from './round-of.js'

/** What `hybridCoin` is made from. */
export interface HybridCoinOptions<Message> {
  /** Flips in the rounds before `commonFrom`. */
  readonly local: Coin<never>
  /** Flips from round `commonFrom` on. */
  readonly common: CommonCoin<Message>
  /** The first round with the common coin; 3 by default. */
  readonly commonFrom?: number
}

/**
 * A local coin in early rounds, a common one later: most agreements end before they need shares, and the rest ends soon.
 *
 * The round is the last part of the domain. For agreements that are safe with any coin: `common` is 'later', so those that need a
 * common coin do not take it. In a local round a flip sends nothing and ignores what arrives, of which a correct member sends none.
 *
 * Guarantees: those of `local` before `commonFrom`; those of `common` from then on, and with them constant expected rounds
 * against any scheduler. Needs the set-up of `common`.
 *
 * @throws RangeError unless `commonFrom` is a non-negative safe integer and `local` is not common. `create` throws a RangeError if the
 * domain does not end with a round.
 */
export function hybridCoin<Message>(options: HybridCoinOptions<Message>): Coin<Message> {
  const { local, common, commonFrom = 3 } = options
  if (!Number.isSafeInteger(commonFrom) || commonFrom < 0) {
    throw new RangeError(`coin/hybrid: need a round as commonFrom, got ${commonFrom}`)
  }
  if (local.common !== false) throw new RangeError('coin/hybrid: the coin of early rounds must be local')
  return {
    role: 'coin',
    name: 'coin/hybrid',
    wireVersion: 1,
    parameters: { commonFrom },
    parts: { local, common },
    common: 'later',
    codec: size => common.codec(size),
    create(params, effects) {
      if (roundOf(params.domain) >= commonFrom) return common.create(params, effects)
      // A local coin only ever outputs and reports, so it may act on effects whose messages are another coin's.
      const early = local.create(params, effects as Effects<unknown, Bit> as Effects<never, Bit>)
      return { handleInput: flip => early.handleInput(flip), handleMessage: () => undefined }
    },
  }
}

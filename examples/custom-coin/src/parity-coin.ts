/**
 * A coin of one's own. It is weak on purpose, and says so.
 */
import type { Coin } from '@mc/coin'
import type { Bit, Domain } from '@mc/protocol'
import { nothing } from '@mc/protocol/wire'

/**
 * A common coin without messages: the parity of a checksum of where the flip belongs.
 *
 * Everybody gets the same bit, for free, and so does everybody who is watching: who orders the messages knows all flips
 * beforehand and can keep an agreement from ending. Agreement and validity do not depend on coins and hold all the same.
 * `testOnly: true` keeps it out of networks: `suite` refuses such parts.
 */
export const parityCoin = (): Coin<never> => ({
  role: 'coin',
  name: 'coin/parity',
  wireVersion: 1,
  parameters: { testOnly: true },
  parts: {},
  common: true,
  codec: () => nothing,
  create: ({ domain }, effects) => {
    let flipped = false
    return {
      handleInput: () => {
        if (flipped) throw new RangeError('coin/parity: flipped already')
        flipped = true
        effects.output(parityOf(domain))
      },
      handleMessage: () => {},
    }
  },
})

/** FNV-1a over the text of the path, folded to one bit. */
export function parityOf(domain: Domain): Bit {
  let hash = 0x811c9dc5
  for (const character of domain.join('/')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193)
  }
  hash ^= hash >>> 16
  hash ^= hash >>> 8
  return ((hash ^ (hash >>> 4)) & 1) as Bit
}

import { type Protocol, unreachable } from '@mc/protocol'
import type { CoinInput } from './coin.js'

/** A coin without messages: runs `flip` when it is asked, and refuses to be asked twice. */
export function flipOnce(flip: () => void): Protocol<CoinInput, never> {
  let flipped = false
  return {
    handleInput: () => {
      if (flipped) throw new RangeError('coin: flipped already; every instance and round has its own coin')
      flipped = true
      flip()
    },
    handleMessage: (_, message) => unreachable(message),
  }
}

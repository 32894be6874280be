/**
 * A common coin for simulations: shares of the size of a real one, no cryptography, one bit per domain that a seed fixes.
 */
import type { Coin, CommonCoin } from '@mc/coin'
import { type Bit, fPlus1, PeerSet, type Protocol } from '@mc/protocol'
import { fixedBytes } from '@mc/protocol/wire'
import { seededRandom } from '@mc/sim'

/** Bytes of a share of the coin of Cachin, Kursawe and Shoup over Ristretto: one element and a proof of two scalars, framed. */
const SHARE_BYTES = 128

/** What is counted of coins. */
export interface FlipCount {
  flips: number
  shares: number
}

/**
 * All correct members get the same fair bit once f + 1 have flipped. Nothing in a share tells it, so no adversary of a simulation
 * knows it earlier. `favour` gives that bit always: for best cases alone.
 */
export function simulatedCoin(seed: string, counted: FlipCount, favour?: Bit): CommonCoin<Uint8Array> {
  const share = new Uint8Array(SHARE_BYTES)
  return {
    role: 'coin',
    name: 'coin/simulated',
    wireVersion: 1,
    parameters: { testOnly: true, shareBytes: SHARE_BYTES },
    parts: {},
    common: true,
    codec: () => fixedBytes(SHARE_BYTES),
    create: ({ committee, domain }, effects): Protocol<'flip', Uint8Array> => {
      const holders = new PeerSet(committee.n)
      let flipped = false
      let told = false
      const tell = (): void => {
        if (told || !flipped || holders.size < fPlus1(committee)) return
        told = true
        effects.output(favour ?? seededRandom(`${seed}/${domain.join('/')}`).bit())
      }
      return {
        handleInput: () => {
          flipped = true
          counted.flips += 1
          counted.shares += committee.n - 1
          effects.broadcast(share)
          tell()
        },
        handleMessage: from => {
          holders.add(from)
          tell()
        },
      }
    },
  }
}

/** The same coin, with its flips counted. */
export const countedCoin = (coin: Coin<never>, counted: FlipCount): Coin<never> => ({
  ...coin,
  create: (params, effects) => {
    const flip = coin.create(params, effects)
    return {
      handleInput: input => {
        counted.flips += 1
        flip.handleInput(input)
      },
      handleMessage: (from, message) => flip.handleMessage(from, message),
    }
  },
})

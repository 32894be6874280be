/**
 * A toy common coin: the bit is out as soon as f + 1 members have shown their share. For tests of how coins are embedded.
 */
import type { Coin } from '@mc/coin'
import { type Bit, fPlus1, PeerSet, type Protocol } from '@mc/protocol'
import { u8 } from '@mc/protocol/wire'

/** The share of a member says nothing; the bit is the parity of the round. */
export const parityCoin: Coin<number> = {
  role: 'coin',
  name: 'coin/parity',
  wireVersion: 1,
  parameters: { testOnly: true },
  parts: {},
  common: true,
  codec: () => u8({ max: 7 }),
  create: ({ committee, domain }, effects): Protocol<'flip', number> => {
    const shares = new PeerSet(committee.n)
    let flipped = false
    let done = false
    const tryOutput = () => {
      if (done || !flipped || shares.size < fPlus1(committee)) return
      done = true
      effects.output(((domain.at(-1) as number) % 2) as Bit)
    }
    return {
      handleInput: () => {
        flipped = true
        effects.broadcast(7)
        tryOutput()
      },
      handleMessage: from => {
        shares.add(from)
        tryOutput()
      },
    }
  },
}

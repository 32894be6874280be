import { nothing } from '@mc/protocol/wire'
import { seededRandom } from '@mc/sim'

/** A common coin for tests: the same fair bit for all, and no message. `testOnly` keeps it out of networks. */
export const testCoin = {
  role: 'coin',
  name: 'coin/test',
  wireVersion: 1,
  parameters: { testOnly: true },
  parts: {},
  common: true,
  codec: () => nothing,
  create: ({ domain }, effects) => ({
    handleInput: () => effects.output(seededRandom(domain.join('/')).bit()),
    handleMessage: () => {},
  }),
}

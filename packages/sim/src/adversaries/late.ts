import type { PeerIndex } from '@mc/protocol'
import type { Adversary } from '../adversary.js'

/** Follows the protocol, but sends nothing to these peers. */
export const withholder = (peers: readonly number[]): Adversary => ({
  name: `withholder(${peers.join(',')})`,
  corrupt: world => {
    const copy = world.copy()
    const towards = (to: PeerIndex): boolean => {
      if (!peers.includes(to)) return true
      world.count('withheld')
      return false
    }
    return {
      input: input => world.forward(copy.input(input), towards),
      message: (from, message) => world.forward(copy.message(from, message), towards),
    }
  },
})

/** Sleeps until `after` messages wait for it or everybody else has fallen silent; then it follows the protocol. */
export const latecomer = ({ after = Infinity }: { readonly after?: number } = {}): Adversary => ({
  name: after === Infinity ? 'latecomer' : `latecomer(${after})`,
  corrupt: world => {
    const copy = world.copy()
    let waiting: (() => void)[] | undefined = []
    const wake = (): void => {
      const missed = waiting ?? []
      waiting = undefined
      for (const act of missed) act()
    }
    const now = (act: () => void): void => {
      if (waiting === undefined) act()
      else {
        world.count('slept')
        waiting.push(act)
        if (waiting.length >= after) wake()
      }
    }
    return {
      input: input => now(() => world.forward(copy.input(input))),
      message: (from, message) => now(() => world.forward(copy.message(from, message))),
      idle: wake,
    }
  },
})

/**
 * Lies in the words of Bracha's broadcast, one per rule.
 */
import type { BrachaMessage } from '@mc/rbc'
import type { RbcAttack } from '@mc/rbc/conformance'
import { type Corruption, otherValue, puppet } from '@mc/sim'

type World = Corruption<Uint8Array, BrachaMessage>
type Attack = RbcAttack<BrachaMessage>

/** Acts when the payload to be broadcast is there. */
const proposer = (name: string, act: (world: World, payload: Uint8Array) => void): Attack => ({
  by: 'proposer',
  adversary: puppet<Uint8Array, BrachaMessage>((cue, world) => {
    if (cue.type === 'input') act(world, cue.input)
  }, name),
})

/** Acts on the first messages that it receives, so that two of its kind do not answer each other for ever. */
const member = (name: string, act: (world: World, message: BrachaMessage) => void): Attack => ({
  by: 'member',
  adversary: {
    name,
    corrupt: world => {
      let rest = 2 * world.committee.n
      return {
        message: (_, message) => {
          rest -= 1
          if (rest >= 0) act(world, message)
        },
      }
    },
  },
})

const digestOf = (payload: Uint8Array): Uint8Array => new Uint8Array(32).fill(payload[0] ?? 1)

export const brachaAttacks = (): Attack[] => [
  proposer(
    'a proposer that sends one payload to half and another to half, and backs both',
    (world, payload) => {
      const payloads = [payload, otherValue(payload)]
      for (const to of world.committee.peers) {
        world.send(to, { type: 'send', payload: payloads[to % 2] as Uint8Array })
        for (const claimed of payloads) world.send(to, { type: 'echo', payload: claimed })
      }
    },
  ),
  proposer('a proposer that skips all but n − 2f members', (world, payload) => {
    const { n, f, peers } = world.committee
    for (const to of peers.slice(0, n - 2 * f)) world.send(to, { type: 'send', payload })
    world.send('all', { type: 'echo', payload })
  }),
  proposer('a proposer that sends twice', (world, payload) => {
    world.send('all', { type: 'send', payload })
    world.send('all', { type: 'send', payload: otherValue(payload) })
    world.send('all', { type: 'echo', payload: otherValue(payload) })
  }),
  proposer('a proposer that is only ready', (world, payload) =>
    world.send('all', { type: 'ready', digest: digestOf(payload) }),
  ),
  member('a member that sends as if it were the proposer', (world, message) => {
    if (message.type === 'send') world.send('all', { type: 'send', payload: otherValue(message.payload) })
  }),
  member('a member that echoes a swapped payload', (world, message) => {
    if (message.type === 'send') world.send('all', { type: 'echo', payload: otherValue(message.payload) })
  }),
  member('a member that echoes this to some and that to others, then the opposite', (world, message) => {
    if (message.type !== 'send') return
    const payloads = [message.payload, otherValue(message.payload)]
    for (const shift of [0, 1]) {
      for (const to of world.committee.peers) {
        world.send(to, { type: 'echo', payload: payloads[(to + shift) % 2] as Uint8Array })
      }
    }
  }),
  member('a member that is ready for what nobody echoed', (world, message) => {
    if (message.type === 'send') world.send('all', { type: 'ready', digest: digestOf(message.payload) })
  }),
  member('a member that is ready for a new digest on every message', (world, message) => {
    const digest = message.type === 'ready' ? otherValue(message.digest) : digestOf(message.payload)
    world.send('all', { type: 'ready', digest })
  }),
]

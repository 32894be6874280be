/**
 * Lies in the words of the hash form of Bracha's broadcast, one per rule.
 */
import { nodeCrypto } from '@mc/crypto/node'
import type { HashBrachaMessage } from '@mc/rbc'
import type { RbcAttack } from '@mc/rbc/conformance'
import { type Corruption, otherValue, puppet } from '@mc/sim'

type World = Corruption<Uint8Array, HashBrachaMessage>
type Attack = RbcAttack<HashBrachaMessage>

const { sha256 } = nodeCrypto

const proposer = (name: string, act: (world: World, payload: Uint8Array) => void): Attack => ({
  by: 'proposer',
  adversary: puppet<Uint8Array, HashBrachaMessage>((cue, world) => {
    if (cue.type === 'input') act(world, cue.input)
  }, name),
})

/** Acts on the first messages that it receives, so that two of its kind do not answer each other for ever. */
const member = (name: string, act: (world: World, message: HashBrachaMessage) => void): Attack => ({
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

const votes = (world: World, payload: Uint8Array): void => {
  world.send('all', { type: 'echo', digest: sha256(payload) })
  world.send('all', { type: 'ready', digest: sha256(payload) })
}

export const hashBrachaAttacks = (): Attack[] => [
  proposer(
    'a proposer that sends to n − 2f members alone, votes with all, and answers nobody',
    (world, payload) => {
      const { n, f, peers } = world.committee
      for (const to of peers.filter(peer => peer !== world.self).slice(0, n - 2 * f)) {
        world.send(to, { type: 'send', payload })
      }
      votes(world, payload)
    },
  ),
  proposer(
    'a proposer that sends one payload to half and another to half, and backs both',
    (world, payload) => {
      const payloads = [payload, otherValue(payload)]
      for (const to of world.committee.peers) {
        world.send(to, { type: 'send', payload: payloads[to % 2] as Uint8Array })
      }
      for (const claimed of payloads) votes(world, claimed)
    },
  ),
  proposer('a proposer that sends a payload that nobody accepts, and backs it', (world, payload) => {
    const refused = Uint8Array.of(...payload, ...new Uint8Array(60 - payload.length))
    world.send('all', { type: 'send', payload: refused })
    votes(world, refused)
  }),
  proposer('a proposer that sends twice', (world, payload) => {
    world.send('all', { type: 'send', payload })
    world.send('all', { type: 'send', payload: otherValue(payload) })
    votes(world, otherValue(payload))
  }),
  proposer('a proposer of which only the digest is heard', votes),
  member('a member that answers pulls with something else, and others unasked', (world, message) => {
    if (message.type !== 'send') return
    votes(world, message.payload)
    world.send('all', { type: 'body', payload: otherValue(message.payload) })
  }),
  member('a member that asks everybody for everything', (world, message) => {
    if (message.type === 'echo') world.send('all', { type: 'pull' })
  }),
  member('a member that echoes and is ready for what was never sent', (world, message) => {
    if (message.type === 'send') votes(world, otherValue(message.payload))
  }),
]

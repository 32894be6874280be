/**
 * Lies in the words of CT-RBC, one per rule.
 */
import { type CommittedShard, merkleCommitment } from '@mc/avid'
import { nodeCrypto } from '@mc/crypto/node'
import type { PeerIndex } from '@mc/protocol'
import type { CtMessage } from '@mc/rbc'
import type { RbcAttack } from '@mc/rbc/conformance'
import { type Corruption, otherValue, puppet } from '@mc/sim'
import { commitTo, garbageBlock, type Plan, wrongHeaderBlock } from './forged-commitment.js'

type World = Corruption<Uint8Array, CtMessage>
type Attack = RbcAttack<CtMessage>

/** Acts when the payload to be broadcast is there. */
const proposer = (name: string, act: (world: World, payload: Uint8Array) => void): Attack => ({
  by: 'proposer',
  adversary: puppet<Uint8Array, CtMessage>((cue, world) => {
    if (cue.type === 'input') act(world, cue.input)
  }, name),
})

/** Acts when it has its own shard from the proposer. */
const echoer = (name: string, act: (world: World, own: CommittedShard) => void): Attack => ({
  by: 'member',
  adversary: puppet<Uint8Array, CtMessage>((cue, world) => {
    if (cue.type !== 'message' || cue.message.type !== 'val') return
    const { root, shard, proof } = cue.message
    act(world, { root, shard, proof })
  }, name),
})

/** Acts on the first messages that it receives, so that two of its kind do not answer each other for ever. */
const member = (name: string, act: (world: World, message: CtMessage) => void): Attack => ({
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

const val = (world: World, plan: Plan, to: PeerIndex): void =>
  world.send(to, { type: 'val', ...plan.shardOf(to) })

/** What a correct proposer would say after its VALs, towards those that are to believe it. */
function back(world: World, plan: Plan, towards: readonly PeerIndex[] = world.committee.peers): void {
  for (const to of towards) {
    world.send(to, { type: 'echo', ...plan.shardOf(world.self) })
    world.send(to, { type: 'ready', root: plan.root })
  }
}

export function ctAttacks({ payloadBytesMax }: { readonly payloadBytesMax: number }): Attack[] {
  const commitment = merkleCommitment({ sha256: nodeCrypto.sha256, payloadBytesMax })
  const planOf = (world: World, payload: Uint8Array): Plan => {
    const encoded = commitment.among(world.committee).encode(payload)
    return { root: encoded.root, shardOf: index => encoded.shardOf(index) }
  }
  const disperse = (world: World, plan: Plan): void => {
    for (const to of world.committee.peers) val(world, plan, to)
    back(world, plan)
  }
  return [
    proposer('a proposer of two roots, one for each half, that backs both everywhere', (world, payload) => {
      const plans = [planOf(world, payload), planOf(world, otherValue(payload))] as const
      for (const to of world.committee.peers) val(world, plans[to % 2 === 0 ? 0 : 1], to)
      for (const plan of plans) back(world, plan)
    }),
    proposer('a proposer of two roots that backs each where it was sent', (world, payload) => {
      const plans = [planOf(world, payload), planOf(world, otherValue(payload))] as const
      for (const to of world.committee.peers) {
        const plan = plans[to % 2 === 0 ? 0 : 1]
        val(world, plan, to)
        back(world, plan, [to])
      }
    }),
    proposer('a proposer of no codeword', world =>
      disperse(world, commitTo(garbageBlock(world.committee.n))),
    ),
    proposer('a proposer of no codeword that skips f members', world => {
      const { n, f, peers } = world.committee
      const plan = commitTo(garbageBlock(n))
      for (const to of peers.slice(f)) val(world, plan, to)
      back(world, plan)
    }),
    proposer('a proposer of a wrong length header', world =>
      disperse(world, commitTo(wrongHeaderBlock(world.committee.n, 1))),
    ),
    proposer('a proposer of shards of unequal lengths', world =>
      disperse(world, commitTo(world.committee.peers.map(index => new Uint8Array(1 + (index % 2))))),
    ),
    proposer('a proposer that skips one member', (world, payload) => {
      const plan = planOf(world, payload)
      const skipped = world.random.pick(world.committee.peers)
      for (const to of world.committee.peers) if (to !== skipped) val(world, plan, to)
      back(world, plan)
    }),
    proposer('a proposer that serves only k members', (world, payload) => {
      const plan = planOf(world, payload)
      const { n, f, peers } = world.committee
      for (const to of world.random.shuffle(peers).slice(0, n - 2 * f)) val(world, plan, to)
      back(world, plan)
    }),
    proposer('a proposer that gives everybody the shard of the next', (world, payload) => {
      const plan = planOf(world, payload)
      const { n, peers } = world.committee
      for (const to of peers) world.send(to, { type: 'val', ...plan.shardOf((to + 1) % n) })
      back(world, plan)
    }),
    echoer('an echoer of a swapped shard', (world, own) =>
      world.send('all', { type: 'echo', ...own, shard: otherValue(own.shard) }),
    ),
    echoer('an echoer of a swapped root', (world, own) =>
      world.send('all', { type: 'echo', ...own, root: otherValue(own.root) }),
    ),
    echoer('an echoer of another payload, well encoded', (world, own) => {
      const plan = planOf(world, own.shard)
      world.send('all', { type: 'echo', ...plan.shardOf(world.self) })
      world.send('all', { type: 'ready', root: plan.root })
    }),
    echoer('an echoer to some only', (world, own) => {
      const { peers, n } = world.committee
      for (const to of peers.slice(0, n / 2)) world.send(to, { type: 'echo', ...own })
    }),
    echoer(
      'an echoer of its shard to some and of another root to others, then the opposite',
      (world, own) => {
        const shards = [own, planOf(world, own.shard).shardOf(world.self)] as const
        for (const shift of [0, 1]) {
          for (const to of world.committee.peers) {
            const { root, shard, proof } = shards[(to + shift) % 2 === 0 ? 0 : 1]
            world.send(to, { type: 'echo', root, shard, proof })
          }
        }
      },
    ),
    member('an echoer of the shards of others', (world, message) => {
      if (message.type === 'echo') world.send('all', message)
    }),
    member('a member that sends VALs as if it were the proposer', (world, message) => {
      if (message.type !== 'val') return
      const plan = planOf(world, message.shard)
      for (const to of world.committee.peers) val(world, plan, to)
    }),
    member('a member that is ready for another root on every message', (world, { root }) =>
      world.send('all', { type: 'ready', root: otherValue(root) }),
    ),
    member('a member that is ready for a root the moment it hears of it', (world, { root }) =>
      world.send('all', { type: 'ready', root }),
    ),
  ]
}

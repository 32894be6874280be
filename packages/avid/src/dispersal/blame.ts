/**
 * What members did wrong with shards and roots, in words that name both facts.
 */
import { digestKey } from '@mc/crypto'
import type { Fault, PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { ShardCollector, ShardOutcome } from '../commitment/shard-collector.js'
import type { CommittedShard } from '../commitment/shard-commitment.js'

/** A second root in a place that has room for one; `rule` is `avid/conflicting-echo` or its like. */
export function conflicting(
  rule: string,
  peer: PeerIndex,
  root: Uint8Array,
  earlier: string | undefined,
): Fault {
  const first = earlier === undefined ? 'none' : short(earlier)
  return { rule, peer, detail: `root ${short(digestKey(root))}, earlier ${first}` }
}

/** A shard that its proof does not bind to its root and to the index of its member. */
export function badProof(peer: PeerIndex, root: Uint8Array): Fault {
  return { rule: 'avid/bad-proof', peer, detail: `a shard under ${short(digestKey(root))} is not proven` }
}

/** A fragment that is not the one of its place in the vector under its root. */
export function badFragment(peer: PeerIndex, root: Uint8Array): Fault {
  return {
    rule: 'avid/bad-fragment',
    peer,
    detail: `not a fragment of what ${short(digestKey(root))} is the hash of`,
  }
}

/** What is wrong with a shard that a `ShardCollector` did not count, if anything is; `rule` is that of a conflict. */
export function shardFault(
  rule: string,
  peer: PeerIndex,
  { root }: CommittedShard,
  shards: ShardCollector,
  outcome: ShardOutcome,
): Fault | undefined {
  if (outcome === 'conflict') return conflicting(rule, peer, root, shards.rootOf(peer))
  return outcome === 'invalid' ? badProof(peer, root) : undefined
}

/** Leaves under a root that are the shards of no payload: only who built the root can have done it. */
export function inconsistentEncoding(proposer: PeerIndex, root: Uint8Array): Fault {
  return {
    rule: 'avid/inconsistent-encoding',
    peer: proposer,
    detail: `no payload has the root ${short(digestKey(root))}`,
  }
}

const short = (key: string): string =>
  hex(Uint8Array.from(key.slice(0, 4), character => character.charCodeAt(0)))

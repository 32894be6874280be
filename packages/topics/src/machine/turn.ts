/** One block being applied: the state, the tools, the block, and what has happened so far. */
import type { CryptoProvider, Sha256 } from '@mc/crypto'
import type { IdentityVerifier, Ring, RingName } from '@mc/identity'
import type { Configuration, Refusal, StateEvent } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import type { Executor } from '../executor.js'
import type { Domain } from '../organisation/domain.js'
import type { DomainParameters } from '../organisation/domain-parameters.js'
import type { TopicsState } from '../state/topics-state.js'
import type { Topic } from '../topic/topic.js'
import type { Verdicts } from './verdicts.js'

/** What the machine is made of. */
export interface Tools {
  readonly sha256: Sha256
  readonly ed25519: Pick<CryptoProvider['ed25519'], 'verify'>
  readonly identity: IdentityVerifier
  /** Opens a ring over keys; nothing if one of them is no key. */
  readonly openRing: (name: RingName, keys: readonly Uint8Array[]) => Ring | undefined
  readonly executor: Executor
  /** What operations are signed for, and the 32 bytes that proofs bind. */
  readonly realm: string
  readonly org: Uint8Array
  /** Ids of the domains that the organisation began with. */
  readonly constitution: Uint8Array
  readonly membership: Uint8Array
  readonly general: Uint8Array
  readonly verdicts: Verdicts
}

/** Where the agreed block stands. */
export interface BlockFacts {
  readonly epoch: number
  readonly clockMs: number
  /** L of this block and of the one before, in seconds. */
  readonly clock: number
  readonly clockBefore: number
  readonly beacon: Uint8Array
  readonly beaconLabel: string
  readonly configuration: Configuration
  /** A configuration that waits to take force. */
  readonly decided?: Configuration | undefined
}

/** A block being applied. */
export interface Turn {
  readonly state: TopicsState
  readonly tools: Tools
  readonly block: BlockFacts
  readonly events: StateEvent[]
  /** Operations accepted since the genesis; written to the state at the end of the block. */
  accepted: number
}

/** Why something is refused. */
export const refusal = (rule: `topics/${string}`, detail: string): Refusal => ({ rule, detail })

/** Tells what happened. */
export function emit(turn: Turn, type: string, detail: Readonly<Record<string, unknown>>): void {
  turn.events.push({ type, detail })
}

/** A topic goes over into another form, and the world is told: its state, and the timer that it set. */
export function transition(
  turn: Turn,
  topic: Topic,
  type: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const { state, block } = turn
  const before = state.tables.topics.get(topic.id)
  state.tables.topics.set(topic.id, topic)
  const timers = timersOf(topic)
  emit(turn, type, {
    topic: hex(topic.id),
    from: before?.state ?? 'none',
    to: topic.state,
    clock: block.clock,
    ...(timers.length > 0 ? { timers } : {}),
    ...more,
  })
}

function timersOf({ state, round, publicity, draw, expiresL }: Topic): readonly Record<string, unknown>[] {
  if (draw !== undefined) return [{ kind: draw.purpose, atEpoch: draw.at }]
  if (state === 'queued') return [{ kind: 'queue', atClock: expiresL }]
  if (state === 'meeting' && round !== undefined) return [{ kind: 'meeting', atClock: round.deadline }]
  if (state === 'publicity' && publicity !== undefined) return [{ kind: 'publicity', atClock: publicity.end }]
  return []
}

/** The domain of a topic, and its rules. */
export const domainOf = ({ state }: Turn, topic: Topic): Domain => state.tables.domains.must(topic.domain)

/** The rules that hold for a topic. */
export const rulesOf = (turn: Turn, topic: Topic): DomainParameters => domainOf(turn, topic).parameters

/** Blocks between a roster being fixed and the beacon that it is drawn with. */
export const DRAW_DELAY = 2

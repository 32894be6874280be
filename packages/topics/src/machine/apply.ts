/**
 * One block, in the order of section 4: operations, timers, draws, activations, conditions, boundary.
 *
 * @see topics.md, section 4
 */
import { compareBytes, domainHasher } from '@mc/crypto'
import type { Applied, BlockInput, Configuration, Receipt, Refusal } from '@mc/ledger'
import { type ReadOperation, readOperation } from '../operation/operation.js'
import { signerTag } from '../operation/signer.js'
import { judge } from '../operations/rules.js'
import { pair } from '../state/tables.js'
import type { TopicsState } from '../state/topics-state.js'
import { authenticate } from './authenticate.js'
import { crossBoundary, isBoundary } from './boundary.js'
import { prepareVerdicts } from './claims.js'
import { convert } from './conversion.js'
import { WEEK } from './identify.js'
import { placeLate } from './meetings.js'
import { activate, breakTies, split } from './rounds.js'
import { tick } from './tick.js'
import { type BlockFacts, refusal, type Tools, type Turn } from './turn.js'

/** Applies a block. */
export function applyBlock(state: TopicsState, input: BlockInput, tools: Tools): Applied<TopicsState> {
  const turn: Turn = { state, tools, block: factsOf(state, input), events: [], accepted: state.here.accepted }
  const receipts = applyOperations(turn, input)
  tick(turn)
  draw(turn)
  for (const domain of state.tables.domains.values()) activate(turn, domain)
  const atBoundary = isBoundary(turn)
  const configuration = atBoundary ? crossBoundary(turn) : undefined
  convert(turn, atBoundary)
  moveOn(turn)
  return {
    state,
    receipts,
    events: turn.events,
    ...(configuration === undefined ? {} : { configuration }),
  }
}

const factsOf = (
  state: TopicsState,
  { epoch, clock, beacon, configuration, decided }: BlockInput,
): BlockFacts => ({
  decided,
  epoch,
  clockMs: clock,
  clock: Math.floor(clock / 1000),
  clockBefore: state.clock,
  beacon: beacon.value,
  beaconLabel: beacon.label,
  configuration,
})

/** The block that an operation would come into if it came now: for who asks beforehand. */
export function turnNow(state: TopicsState, tools: Tools, configuration: Configuration): Turn {
  const { epoch, clockMs, beacon } = state.here
  const clock = state.clock
  const block: BlockFacts = {
    epoch,
    clockMs,
    clock,
    clockBefore: clock,
    beacon,
    beaconLabel: 'hash',
    configuration,
  }
  return { state, tools, block, events: [], accepted: state.here.accepted }
}

/** Why an operation would be refused now, or nothing. */
export function admit(turn: Turn, encoded: Uint8Array, id: Uint8Array): Refusal | undefined {
  const operation = readOperation(encoded, id)
  if (typeof operation === 'string') return refusal('topics/malformed-operation', operation)
  const speaker = authenticate(turn, operation, { isAhead: true })
  if ('refusal' in speaker) return speaker.refusal
  // What comes before it may change what it meets.
  const next = turn.state.tables.actors.at(speaker.key)?.seq ?? 0
  if (operation.statement.seq > next) return undefined
  const verdict = judge(turn, speaker, operation)
  return typeof verdict === 'function' ? undefined : verdict
}

function applyOperations(turn: Turn, { operations }: BlockInput): readonly Receipt[] {
  const receipts: Receipt[] = new Array(operations.length)
  const read: { readonly at: number; readonly operation: ReadOperation }[] = []
  for (const [at, { bytes, id }] of operations.entries()) {
    const operation = readOperation(bytes, id)
    if (typeof operation !== 'string') read.push({ at, operation })
    else receipts[at] = refused(id, refusal('topics/malformed-operation', operation))
  }
  prepareVerdicts(
    turn,
    read.map(({ operation }) => operation),
  )
  for (const { at, operation } of inOrder(turn, read)) receipts[at] = applyOne(turn, operation)
  return receipts
}

const refused = (id: Uint8Array, reason: Refusal): Receipt => ({ id, accepted: false, refusal: reason })

// group by signer tag; groups by H('mc/order/v1', R_{h−1}, tag); inside a group ascending seq
function inOrder<T extends { readonly operation: ReadOperation }>(
  turn: Turn,
  read: readonly T[],
): readonly T[] {
  const rankOf = domainHasher(turn.tools.sha256, 'mc/order/v1', turn.state.here.beacon)
  const groups = new Map<string, { readonly rank: Uint8Array; readonly key: string; readonly items: T[] }>()
  for (const item of read) {
    const { signerKey: key, statement } = item.operation
    const group = groups.get(key)
    if (group !== undefined) group.items.push(item)
    else groups.set(key, { rank: rankOf(signerTag(statement.signer)), key, items: [item] })
  }
  const ordered = [...groups.values()].sort(
    (left, right) => compareBytes(left.rank, right.rank) || (left.key < right.key ? -1 : 1),
  )
  return ordered.flatMap(({ items }) => (items.length === 1 ? items : items.sort(bySequence)))
}

function bySequence(
  left: { readonly operation: ReadOperation },
  right: { readonly operation: ReadOperation },
): number {
  const difference = left.operation.statement.seq - right.operation.statement.seq
  return difference === 0 ? compareBytes(left.operation.id, right.operation.id) : difference
}

/**
 * One operation. Whoever is authenticated has used its sequence number and a token, also if the rule then refuses: the same
 * operation can never come back when it would fit.
 */
function applyOne(turn: Turn, operation: ReadOperation): Receipt {
  const { state } = turn
  const speaker = authenticate(turn, operation, { isAhead: false })
  if ('refusal' in speaker) return refused(operation.id, speaker.refusal)
  state.tables.actors.put(speaker.key, speaker.actor)
  const verdict = judge(turn, speaker, operation)
  if (typeof verdict !== 'function') return refused(operation.id, verdict)
  verdict()
  const { participant, proven } = speaker
  if (participant !== undefined && proven !== undefined && proven > participant.proven) {
    const key = pair(participant.topic, participant.tag)
    const now = state.tables.participants.get(key)
    if (now !== undefined) state.tables.participants.set(key, { ...now, proven })
  }
  const position = turn.accepted
  turn.accepted += 1
  return { id: operation.id, accepted: true, position }
}

// beacon-dependent steps with readyAt = h: splits and ties by topic, then placements
function draw(turn: Turn): void {
  const { indexes, tables } = turn.state
  for (const key of [...(indexes.draws.get(turn.block.epoch) ?? [])].sort()) {
    const topic = tables.topics.at(key)
    if (topic?.draw?.at !== turn.block.epoch) continue
    if (topic.draw.purpose === 'split') split(turn, topic)
    else breakTies(turn, topic)
  }
  for (const key of [...(indexes.placements.get(turn.block.epoch) ?? [])].sort()) placeLate(turn, key)
}

function moveOn({ state, block, accepted }: Turn): void {
  const { here } = state
  const week = Math.floor(block.clock / WEEK)
  state.here = {
    ...here,
    epoch: block.epoch,
    clockMs: block.clockMs,
    beacon: block.beacon,
    accepted,
    week,
    weekEpoch: week === here.week ? here.weekEpoch : here.membershipEpoch,
  }
}

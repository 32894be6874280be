/**
 * Membership boundaries: who comes and who goes, whose nodes take part, which modules run.
 *
 * A boundary is the first block whose L is at least `epochLength` after the last one. Per boundary at most ⌊(n_c − 1)/3⌋ members
 * go and ⌈n_c/10⌉ come, the others wait in order of execution, so that the consensus stays within what it tolerates.
 *
 * @see topics.md, sections 2 and 12; contracts.md, section 8
 */
import { compareBytes, digestKey, equalBytes } from '@mc/crypto'
import { type Configuration, MEMBERS_MAX, type Member as Seated } from '@mc/ledger'
import { faultsTolerated } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { EVIDENCE_REST } from '../operations/opening.js'
import { moduleKey } from '../operations/seats.js'
import { isPresent, type Member, type Seat } from '../organisation/member.js'
import type { MembershipChange } from '../organisation/membership-change.js'
import type { ProtocolModule } from '../organisation/office.js'
import type { TopicsState } from '../state/topics-state.js'
import { changeKey, enqueueChange } from './draft.js'
import { removeFromTopics } from './leaving.js'
import { numberOf } from './parameters.js'
import { countDown, giveUp } from './publicity.js'
import { ringGrew, ringShrank } from './rings.js'
import { emit, type Turn } from './turn.js'

const DAY = 86_400
/** Seconds between a decided upgrade and its activation, and the same if it is urgent. */
export const UPGRADE_LEAD: { readonly normal: number; readonly urgent: number } = {
  normal: 7 * DAY,
  urgent: DAY,
}
/** Seconds after which an upgrade that its nodes are not ready for lapses. */
export const UPGRADE_PATIENCE: number = 60 * DAY
/** Blocks that a new module is on trial. */
export const PROBATION_BLOCKS = 1_000

/**
 * Removals of one boundary: ⌊(n_c − 1)/3⌋.
 *
 * At least one: of up to three seats nobody could ever go otherwise, and there f is 0 in any case.
 */
export const removalsMax = (seats: number): number => Math.max(1, Math.floor((seats - 1) / 3))

/** Additions of one boundary: ⌈n_c/10⌉. */
export const additionsMax = (seats: number): number => Math.max(1, Math.ceil(seats / 10))

/**
 * Seats that a committee which has as many never falls below: f is 1 with four.
 *
 * A seat that nobody has any more stays until another one takes its place.
 */
export const SEATS_FLOOR = 4

/** Whether this block is a boundary. While a committee is decided and waits to take force, boundaries wait, too. */
export const isBoundary = ({ state, block }: Turn): boolean =>
  block.decided === undefined && block.clock >= state.here.boundaryL + numberOf(state, 'epochLength')

/** Applies what has waited for the boundary; the next configuration if it changes. */
export function crossBoundary(turn: Turn): Configuration | undefined {
  const { state, block } = turn
  const { here } = state
  state.here = { ...here, membershipEpoch: here.membershipEpoch + 1, boundaryL: block.clock }
  emit(turn, 'membership-epoch', { number: here.membershipEpoch + 1, clock: block.clock })
  applyChanges(turn)
  for (const module of state.tables.modules.values()) upgrade(turn, module)
  forgetEvidence(turn)
  const next = nextConfiguration(turn)
  settleSeats(turn, next ?? block.configuration)
  return next
}

// A change that may not be made yet holds up those of its own kind behind it, and no others.
function applyChanges(turn: Turn): void {
  const seats = turn.block.configuration.members.length
  const room = { add: additionsMax(seats), remove: removalsMax(seats) }
  const held = { add: false, remove: false }
  for (const one of turn.state.tables.changes.values()) {
    const { type } = one.change
    if (type === 'seat') continue
    const kind = type === 'add' ? 'add' : 'remove'
    if (held[kind] || room[kind] === 0 || !isPossible(turn, one)) {
      held[kind] = true
      continue
    }
    if (applyChange(turn, one)) room[kind] -= 1
  }
}

/** The consensus keeps its smallest number of seats; whoever would make it fewer waits. */
function isPossible({ state, block }: Turn, { change }: MembershipChange): boolean {
  if (change.type !== 'remove' && change.type !== 'leave') return true
  const member = state.tables.members.get(change.member)
  const seat = member?.seat
  const isSeated =
    seat !== undefined && block.configuration.members.some(one => equalBytes(one.publicKey, seat.publicKey))
  if (!isSeated) return true
  return readySeats(state).length > Math.max(1, numberOf(state, 'seatsMin'))
}

function applyChange(turn: Turn, { number, topic, change }: MembershipChange): boolean {
  const { state } = turn
  state.tables.changes.delete(changeKey(number))
  const isDone =
    change.type === 'add' ? admit(turn, change.member, topic) : goes(turn, change.member, change.type)
  if (change.type !== 'add' || change.member.seat === undefined || !isDone) countDown(turn, topic)
  return isDone
}

function admit(turn: Turn, asked: Member, topic: Uint8Array | undefined): boolean {
  const { state } = turn
  const before = state.tables.members.get(asked.id)
  if (before !== undefined && isPresent(before)) return false
  const { membershipEpoch } = state.here
  const key = asked.keys.at(-1)?.key as Uint8Array
  // Somebody may have taken the key since it was decided.
  if (before === undefined && state.indexes.ownerOf(key) !== undefined) return false
  // Who comes back has the keys it had: with another one it would be two people in the topics of before. And who brought it first
  // brought it, so that nobody is ever brought by whom it brought.
  const keys = before === undefined ? [{ key, from: membershipEpoch }] : before.keys
  const sponsor = before === undefined ? asked.sponsor : before.sponsor
  state.tables.members.set(asked.id, {
    ...asked,
    keys,
    sponsor,
    state: 'active',
    joinedEpoch: membershipEpoch,
    frozenBy: [],
    inSince: ringGrew(state),
    recovery: undefined,
  })
  emit(turn, 'member-added', { member: hex(asked.id), membershipEpoch })
  if (asked.seat !== undefined) enqueueChange(turn, { type: 'seat', member: asked.id }, topic)
  return true
}

function goes(turn: Turn, id: Uint8Array, type: 'remove' | 'leave' | 'seat'): boolean {
  const { state } = turn
  const member = state.tables.members.get(id)
  if (member === undefined || !isPresent(member)) return false
  const gone = type === 'remove' ? 'removed' : 'left'
  state.tables.members.set(id, { ...member, state: gone, seat: undefined, frozenBy: [], recovery: undefined })
  state.tables.actors.remove(`m${digestKey(id)}`)
  ringShrank(state)
  for (const mandate of state.tables.mandates.values()) {
    if (mandate.isEnded || !equalBytes(mandate.holder, id)) continue
    state.tables.mandates.set(mandate.id, { ...mandate, isEnded: true })
    emit(turn, 'mandate-ended', { mandate: hex(mandate.id), reason: `holder ${gone}` })
  }
  removeFromTopics(turn, id)
  emit(turn, 'member-gone', { member: hex(id), how: gone })
  return true
}

interface ReadySeat {
  readonly member: Member
  readonly seat: Seat
}

/** Members whose node is ready, ascending by member. */
function readySeats({ tables }: TopicsState): readonly ReadySeat[] {
  return tables.members.values().flatMap(member => {
    const { seat } = member
    return isPresent(member) && seat?.isReady ? [{ member, seat }] : []
  })
}

/**
 * The configuration that the members want, as far as the caps let it come near; nothing if it is the one that there is.
 *
 * Who stays keeps its place: first those who are in, then those who come, ascending by member.
 */
export function nextConfiguration({ state, block }: Turn): Configuration | undefined {
  const { configuration } = block
  const n = configuration.members.length
  const wanted = new Map(readySeats(state).map(one => [digestKey(one.seat.publicKey), one]))
  const isIn = new Set(configuration.members.map(({ publicKey }) => digestKey(publicKey)))
  const coming = [...wanted.values()]
    .filter(({ seat }) => !isIn.has(digestKey(seat.publicKey)))
    .sort((left, right) => compareBytes(left.member.id, right.member.id))
    .slice(0, Math.min(additionsMax(n), MEMBERS_MAX - n))
  let drops = Math.min(removalsMax(n), n + coming.length - (n < SEATS_FLOOR ? 0 : SEATS_FLOOR))
  const kept: Seated[] = []
  for (const seated of configuration.members) {
    const one = wanted.get(digestKey(seated.publicKey))
    if (one !== undefined) kept.push(seatedOf(one.seat))
    else if (drops > 0) drops -= 1
    else kept.push(seated)
  }
  const members = [...kept, ...coming.map(({ seat }) => seatedOf(seat))]
  if (members.length < 1 || isSame(members, configuration.members)) return undefined
  return { ...configuration, index: configuration.index + 1, firstEpoch: block.epoch + 1, members }
}

const seatedOf = ({ publicKey, name, addresses }: Seat): Seated => ({ publicKey, name, addresses })

const isSame = (left: readonly Seated[], right: readonly Seated[]): boolean =>
  left.length === right.length && left.every((one, at) => isSameSeat(one, right[at] as Seated))

const isSameSeat = (left: Seated, right: Seated): boolean =>
  equalBytes(left.publicKey, right.publicKey) && left.addresses.join(' ') === right.addresses.join(' ')

// The topic that brought a member in is done when its node counts, or when there is none any more to wait for.
function settleSeats(turn: Turn, configuration: Configuration): void {
  const seated = new Set(configuration.members.map(({ publicKey }) => digestKey(publicKey)))
  for (const { number, topic, change } of turn.state.tables.changes.values()) {
    if (change.type !== 'seat') continue
    const member = turn.state.tables.members.get(change.member)
    const seat = member !== undefined && isPresent(member) ? member.seat : undefined
    if (seat !== undefined && !seated.has(digestKey(seat.publicKey))) continue
    turn.state.tables.changes.delete(changeKey(number))
    countDown(turn, topic)
  }
}

// first epoch boundary E with L ≥ publicityEnd + lead and ≥ n − f Ready; not reached within 60 d → Lapsed
function upgrade(turn: Turn, module: ProtocolModule): void {
  const settled = settleProbation(turn, module)
  const { pending } = settled
  if (pending === undefined) return
  const { block, state } = turn
  const lead = pending.isUrgent ? UPGRADE_LEAD.urgent : UPGRADE_LEAD.normal
  if (block.clock > pending.decidedL + UPGRADE_PATIENCE) {
    state.tables.modules.set(moduleKey(module), { ...settled, pending: undefined })
    giveUp(turn, pending.topic, 'too few nodes were ready within 60 days')
    return
  }
  if (block.clock < pending.decidedL + lead || readyFor(turn, settled) < needed(turn)) return
  const probation = { previous: settled.current, sinceEpoch: block.epoch, faults: [] }
  state.tables.modules.set(moduleKey(module), {
    ...settled,
    current: pending.manifest,
    pending: undefined,
    probation,
  })
  emit(turn, 'upgrade-activated', { module: module.name, manifest: hex(pending.manifest) })
  countDown(turn, pending.topic)
}

const needed = ({ block }: Turn): number => {
  const n = block.configuration.members.length
  return n - faultsTolerated(n)
}

/** Seats of the configuration that are ready with the same migrated state: the largest such number. */
function readyFor({ block }: Turn, { pending }: ProtocolModule): number {
  const counts = new Map<string, number>()
  let most = 0
  for (const { publicKey, migratedRoot } of pending?.ready ?? []) {
    if (!block.configuration.members.some(one => equalBytes(one.publicKey, publicKey))) continue
    const count = (counts.get(digestKey(migratedRoot)) ?? 0) + 1
    counts.set(digestKey(migratedRoot), count)
    most = Math.max(most, count)
  }
  return most
}

function settleProbation(turn: Turn, module: ProtocolModule): ProtocolModule {
  const { probation } = module
  if (probation === undefined || turn.block.epoch < probation.sinceEpoch + PROBATION_BLOCKS) return module
  const settled = { ...module, probation: undefined }
  turn.state.tables.modules.set(moduleKey(module), settled)
  emit(turn, 'upgrade-settled', { module: module.name })
  return settled
}

function forgetEvidence({ state, block }: Turn): void {
  for (const { evidence, usedL } of state.tables.evidence.values()) {
    if (block.clock >= usedL + EVIDENCE_REST) state.tables.evidence.delete(evidence)
  }
}

/**
 * What members do about themselves and each other: keys, guardians, seats, reports.
 *
 * @see identity.md, section 12
 */
import { compareBytes, digestKey, domainHash, equalBytes } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { enqueueChange } from '../machine/draft.js'
import { emit, refusal, type Turn } from '../machine/turn.js'
import { isPresent, MEMBER_KEYS_MAX, type Member } from '../organisation/member.js'
import type { Heard, Verdict } from './verdict.js'

/** Seconds in which the old key can say no to a recovery. */
export const RECOVERY_DELAY: number = 7 * 86_400

/** The target of a challenge says something to it. */
export function defend({ turn, speaker, body, id }: Heard<'defend'>): Verdict {
  const topic = turn.state.tables.topics.get(body.topic)
  const isTarget = topic?.target !== undefined && equalBytes(topic.target, (speaker.member as Member).id)
  if (topic === undefined || !isTarget)
    return refusal('topics/not-the-target', 'only its target defends itself')
  return () => {
    turn.state.tables.topics.set(topic.id, { ...topic, defence: id })
    emit(turn, 'defended', { topic: hex(topic.id), operation: hex(id) })
  }
}

function flawOfNewKey(
  { state, tools }: Turn,
  member: Member,
  key: Uint8Array,
  possession: Uint8Array,
): Refusal | undefined {
  if (member.keys.length >= MEMBER_KEYS_MAX)
    return refusal('topics/too-many-keys', `at most ${MEMBER_KEYS_MAX} keys`)
  if (state.indexes.ownerOf(key) !== undefined)
    return refusal('topics/used-key', 'this key is or was somebody’s')
  return tools.identity.verifyPossession({ org: tools.org, key }, possession)
    ? undefined
    : refusal('topics/wrong-possession', 'whoever registers a key must show to have it')
}

/** A member takes a new key. It signs at once; in rings it counts from the next membership epoch on, so nobody stands there twice. */
export function rotateKey({ turn, speaker, body }: Heard<'rotateKey'>): Verdict {
  const member = speaker.member as Member
  return flawOfNewKey(turn, member, body.key, body.possession) ?? (() => takeKey(turn, member, body.key))
}

/** Gives a member a new key; what was asked with the old one falls. */
export function takeKey(turn: Turn, member: Member, key: Uint8Array): void {
  const { here, indexes, tables } = turn.state
  const from = here.membershipEpoch + 1
  const keys = [...member.keys, { key, from }]
  // In the days of a recovery somebody else may have taken the key.
  if (indexes.ownerOf(key) !== undefined) {
    tables.members.set(member.id, { ...member, recovery: undefined })
    return emit(turn, 'recovery-failed', { member: hex(member.id), reason: 'the key is somebody’s' })
  }
  tables.members.set(member.id, { ...member, keys, recovery: undefined })
  emit(turn, 'key-rotated', { member: hex(member.id), key: hex(key), fromMembershipEpoch: from })
}

/** Names who can help when the key is lost. */
export function setGuardians({ turn, speaker, body }: Heard<'setGuardians'>): Verdict {
  const member = speaker.member as Member
  const { members } = turn.state.tables
  const flaw = body.guardians.find((id, at) => {
    const guardian = members.get(id)
    const isOrdered = at === 0 || compareBytes(body.guardians[at - 1] as Uint8Array, id) < 0
    return !isOrdered || guardian === undefined || !isPresent(guardian) || equalBytes(id, member.id)
  })
  if (flaw !== undefined)
    return refusal('topics/wrong-guardian', 'guardians are other members, ascending by id')
  return () => members.set(member.id, { ...member, guardians: body.guardians, recovery: undefined })
}

// ⌈2/3⌉ of the pre-registered guardians with a public delay of 7 d of L during which the old key can veto
/** A guardian asks that a lost key be replaced. */
export function recover({ turn, speaker, body }: Heard<'recover'>): Verdict {
  const { members } = turn.state.tables
  const guardian = (speaker.member as Member).id
  const member = members.get(body.member)
  if (member === undefined || !isPresent(member))
    return refusal('topics/not-a-member', `${hex(body.member)} is no member`)
  if (!member.guardians.some(one => equalBytes(one, guardian))) {
    return refusal('topics/wrong-guardian', 'only a guardian that the member has named asks for this')
  }
  const flaw = flawOfNewKey(turn, member, body.key, body.possession)
  if (flaw !== undefined) return flaw
  const running = member.recovery
  if (running !== undefined && running.dueL !== undefined && !equalBytes(running.key, body.key)) {
    return refusal('topics/recovery-running', `another recovery is due at L=${running.dueL}`)
  }
  return () => {
    const isSame = running !== undefined && equalBytes(running.key, body.key)
    const before = isSame ? running.supporters : []
    const supporters = before.some(one => equalBytes(one, guardian)) ? before : [...before, guardian]
    const isEnough = 3 * supporters.length >= 2 * member.guardians.length
    const dueL = running?.dueL ?? (isEnough ? turn.block.clock + RECOVERY_DELAY : undefined)
    members.set(member.id, { ...member, recovery: { key: body.key, supporters, dueL } })
    const timers = dueL === undefined ? {} : { timers: [{ kind: 'recovery', atClock: dueL }] }
    emit(turn, 'recovery-asked', { member: hex(member.id), supporters: supporters.length, ...timers })
  }
}

/** The old key says no. */
export function vetoRecovery({ turn, speaker }: Heard<'vetoRecovery'>): Verdict {
  const member = speaker.member as Member
  if (member.recovery === undefined) return refusal('topics/no-recovery', 'nobody asks for a new key')
  return () => {
    turn.state.tables.members.set(member.id, { ...member, recovery: undefined })
    emit(turn, 'recovery-vetoed', { member: hex(member.id) })
  }
}

/** What a node signs to take a member's seat: H('mc/seat/v1', organisation, member). */
export const seatMessage = ({ tools }: Pick<Turn, 'tools'>, member: Uint8Array): Uint8Array =>
  domainHash(tools.sha256, 'mc/seat/v1', tools.org, member)

/** Moves the member's seat to another node, or gives it up; it counts from a boundary on, once the node is ready. */
export function setSeat({ turn, speaker, body }: Heard<'setSeat'>): Verdict {
  const { tools, state } = turn
  const member = speaker.member as Member
  const { seat } = body
  if (seat !== undefined) {
    const owner = state.indexes.memberBySeat.get(digestKey(seat.publicKey))
    if (owner !== undefined && owner !== digestKey(member.id))
      return refusal('topics/wrong-seat', 'this node has a seat')
    if (!tools.ed25519.verify(seat.signature, seatMessage(turn, member.id), seat.publicKey)) {
      return refusal('topics/wrong-seat', 'the node has not signed that it takes the seat')
    }
  }
  return () => {
    const isSame =
      seat !== undefined && member.seat !== undefined && equalBytes(seat.publicKey, member.seat.publicKey)
    const next = seat && {
      publicKey: seat.publicKey,
      name: seat.name,
      addresses: seat.addresses,
      isReady: isSame && (member.seat?.isReady ?? false),
    }
    state.tables.members.set(member.id, { ...member, seat: next })
    emit(turn, 'seat-set', {
      member: hex(member.id),
      ...(seat === undefined ? {} : { publicKey: hex(seat.publicKey) }),
    })
  }
}

/** Leaves the organisation, at the next boundary that has room. */
export function depart({ turn, speaker }: Heard<'depart'>): Verdict {
  const { id } = speaker.member as Member
  const isQueued = turn.state.tables.changes
    .values()
    .some(({ change }) => change.type === 'leave' && equalBytes(change.member, id))
  if (isQueued) return refusal('topics/leaving-already', 'this member leaves already')
  return () => {
    enqueueChange(turn, { type: 'leave', member: id }, undefined)
    emit(turn, 'departure-asked', { member: hex(id) })
  }
}

/** The holder of a mandate reports. */
export function report({ turn, speaker, body, id }: Heard<'report'>): Verdict {
  const { mandates } = turn.state.tables
  const mandate = mandates.get(body.mandate)
  if (mandate === undefined || mandate.isEnded)
    return refusal('topics/unknown-mandate', `no running mandate ${hex(body.mandate)}`)
  if (!equalBytes(mandate.holder, (speaker.member as Member).id)) {
    return refusal('topics/not-the-holder', 'only the holder of a mandate reports')
  }
  return () => {
    const reportDue = turn.block.clock + mandate.reportEvery
    mandates.set(mandate.id, { ...mandate, reportDue, reportsMissed: 0 })
    emit(turn, 'reported', { mandate: hex(mandate.id), operation: hex(id) })
  }
}

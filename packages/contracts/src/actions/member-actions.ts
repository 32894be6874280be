/** Who comes and who goes: queued here, carried out at the next epoch boundary under its caps. */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { type Action, isPresent, type Member, type SeatRequest } from '@mc/topics'
import type { ActionContext, Flaw } from './action-context.js'

type AddMember = Extract<Action, { type: 'member.add' }>

/** The id of a member: H('mc/member/v1', first key). */
export const memberId = (key: Uint8Array, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/member/v1', key)

/** What a node signs to take a member's seat: H('mc/seat/v1', organisation, member), so that it holds nowhere else. */
export const seatStatement = (org: Uint8Array, member: Uint8Array, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/seat/v1', org, member)

/** `member.add`: admit a person who has shown to know the secret of the key. */
export function addMember(action: AddMember, context: ActionContext): Flaw {
  const { overlay, crypto } = context
  const { key, sponsor } = action
  const id = memberId(key, crypto.sha256)
  if (!crypto.identity.verifyPossession({ org: overlay.view.org, key }, action.possession)) {
    return 'no proof that anybody knows the secret of this key'
  }
  if (overlay.members.get(id) !== undefined || overlay.view.memberByKey(key) !== undefined) {
    return 'the key has been a member’s before'
  }
  if (isWaiting(context, id)) return 'the person is waiting for the next boundary already'
  if (sponsor !== undefined && !isHere(context, sponsor)) return 'the sponsor is not a member'
  const flaw = overlay.view.flawOfCandidate(action) ?? (action.seat && flawOfSeat(action.seat, id, context))
  if (flaw !== undefined) return flaw
  overlay.do({ type: 'enqueueChange', change: { type: 'add', member: newcomer(id, action) } })
  return undefined
}

/** `member.remove` and `member.leave`. Leaving is a person's own decision: only the topic of that person can say so. */
export function removeMember(
  action: Extract<Action, { type: 'member.remove' | 'member.leave' }>,
  context: ActionContext,
): Flaw {
  const { member } = action
  if (!isHere(context, member)) return 'the person is not a member'
  if (isWaiting(context, member)) return 'the person is waiting for the next boundary already'
  if (action.type === 'member.leave' && !isCreator(context, member)) {
    return 'only a topic that the person opened can say that it leaves'
  }
  const type = action.type === 'member.remove' ? 'remove' : 'leave'
  context.overlay.do({ type: 'enqueueChange', change: { type, member } })
  return undefined
}

const isHere = ({ overlay }: ActionContext, id: Uint8Array): boolean => {
  const member = overlay.members.get(id)
  return member !== undefined && isPresent(member)
}

const isCreator = ({ overlay, topic }: ActionContext, member: Uint8Array): boolean => {
  const opened = overlay.topic(topic)
  if (opened?.privacy !== 'identified' || opened.creator === undefined) return false
  return equalBytes(opened.creator, member)
}

const isWaiting = ({ overlay }: ActionContext, id: Uint8Array): boolean =>
  overlay
    .changes()
    .some(({ change }) => equalBytes(change.type === 'add' ? change.member.id : change.member, id))

function flawOfSeat(seat: SeatRequest, id: Uint8Array, { overlay, crypto }: ActionContext): Flaw {
  const statement = seatStatement(overlay.view.org, id, crypto.sha256)
  if (!crypto.signatures.verify(seat.signature, statement, seat.publicKey)) {
    return 'the node has not signed for this seat'
  }
  const waiting = overlay.changes().flatMap(({ change }) => (change.type === 'add' ? [change.member] : []))
  const seated = [...overlay.members.values().filter(isPresent), ...waiting]
  return seated.some(member => member.seat && equalBytes(member.seat.publicKey, seat.publicKey))
    ? 'the node has a seat already'
    : undefined
}

function newcomer(id: Uint8Array, { key, seat, sponsor }: AddMember): Member {
  return {
    id,
    keys: [{ key, from: 0 }],
    seat: seat && { publicKey: seat.publicKey, name: seat.name, addresses: seat.addresses, isReady: false },
    state: 'active',
    joinedEpoch: 0,
    frozenBy: [],
    sponsor,
    guardians: [],
    inSince: 0,
    recovery: undefined,
  }
}

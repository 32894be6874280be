/**
 * What seats of the consensus say: that their node is ready, that a new module works or does not, what time it is.
 *
 * @see contracts.md, section 8; topics.md, section 3.1
 */
import { equalBytes } from '@mc/crypto'
import { faultsTolerated, fPlus1 } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { numberOf } from '../machine/parameters.js'
import { emit, refusal, type Turn } from '../machine/turn.js'
import type { ProtocolModule } from '../organisation/office.js'
import type { Heard, Verdict } from './verdict.js'

/** The node of a seat has caught up: from the next boundary on it counts. */
export function ready({ turn, speaker }: Heard<'ready'>): Verdict {
  const { member } = speaker
  if (member?.seat === undefined) return refusal('topics/not-a-seat', 'this key is no member’s seat')
  if (member.seat.isReady) return refusal('topics/ready-already', 'this seat is ready')
  const { seat } = member
  return () => {
    turn.state.tables.members.set(member.id, { ...member, seat: { ...seat, isReady: true } })
    emit(turn, 'seat-ready', { member: hex(member.id), publicKey: hex(seat.publicKey) })
  }
}

const seatOf = (speaker: Heard<'upgradeReady'>['speaker']): Uint8Array =>
  (speaker.signer as { readonly publicKey: Uint8Array }).publicKey

/** The module whose upgrade or trial a manifest names. */
function moduleOf({ state }: Turn, manifest: Uint8Array, isPending: boolean): ProtocolModule | undefined {
  return state.tables.modules.values().find(({ pending, probation, current }) => {
    const cid = isPending ? pending?.manifest : probation && current
    return cid !== undefined && equalBytes(cid, manifest)
  })
}

/** A seat is ready for an upgrade. What it says later takes the place of what it said. */
export function upgradeReady({ turn, speaker, body }: Heard<'upgradeReady'>): Verdict {
  const module = moduleOf(turn, body.manifest, true)
  const { pending } = module ?? {}
  if (module === undefined || pending === undefined)
    return refusal('topics/unknown-upgrade', 'no such upgrade waits')
  if (!body.testsPassed) return refusal('topics/not-ready', 'a seat whose tests have failed is not ready')
  const publicKey = seatOf(speaker)
  return () => {
    const others = pending.ready.filter(one => !equalBytes(one.publicKey, publicKey))
    const ready = [...others, { publicKey, migratedRoot: body.migratedRoot }]
    turn.state.tables.modules.set(moduleKey(module), { ...module, pending: { ...pending, ready } })
    emit(turn, 'upgrade-ready', { module: module.name, publicKey: hex(publicKey), ready: ready.length })
  }
}

/** The key of a module: its name. */
export const moduleKey = ({ name }: Pick<ProtocolModule, 'name'>): Uint8Array =>
  Uint8Array.from(name, character => character.charCodeAt(0))

/** A seat has found that a new module fails. From f + 1 on nothing new is executed, from n − f on the old one returns. */
export function upgradeFault({ turn, speaker, body }: Heard<'upgradeFault'>): Verdict {
  const module = moduleOf(turn, body.manifest, false)
  const { probation } = module ?? {}
  if (module === undefined || probation === undefined)
    return refusal('topics/unknown-upgrade', 'no such module is on trial')
  const publicKey = seatOf(speaker)
  if (probation.faults.some(one => equalBytes(one, publicKey))) {
    return refusal('topics/fault-known', 'this seat has said so already')
  }
  return () => {
    const faults = [...probation.faults, publicKey]
    const n = turn.block.configuration.members.length
    const isRolledBack = faults.length >= n - faultsTolerated(n)
    const next = isRolledBack
      ? { ...module, current: probation.previous, probation: undefined }
      : { ...module, probation: { ...probation, faults } }
    turn.state.tables.modules.set(moduleKey(module), next)
    const type = isRolledBack ? 'upgrade-rolled-back' : 'upgrade-fault'
    emit(turn, type, { module: module.name, faults: faults.length, reason: body.reason })
  }
}

/** Whether f + 1 seats have found a fault in a module on trial: one of them is correct, so nothing new is executed. */
export function isPaused({ state, block }: Pick<Turn, 'state' | 'block'>): boolean {
  const { members } = block.configuration
  const f = faultsTolerated(members.length)
  return state.tables.modules
    .values()
    .some(({ probation }) => (probation?.faults.length ?? 0) >= fPlus1({ f }))
}

/** [SAFE] `clockOp`: a seat's time, carried by whoever wants to. The ledger takes it as the seat's timestamp of the block. */
export function clock({ turn, speaker, body }: Heard<'clock'>): Verdict {
  if (numberOf(turn.state, 'clockOp') === 0) {
    return refusal('topics/no-clock-operations', 'times travel in proposals here; the parameter clockOp is 0')
  }
  const publicKey = seatOf(speaker)
  return () => turn.state.tables.clocks.set(publicKey, { publicKey, time: body.time })
}

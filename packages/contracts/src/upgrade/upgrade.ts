/**
 * The life of an upgrade after it was decided: a pure state machine over what the ledger holds.
 *
 *   waiting ─▶ switching ─▶ probation ─▶ settled
 *      └▶ lapsed    └▶ failed    └▶ rolledBack
 *
 * Everything is counted over operations on the ledger, not over the slots of one block. Having and running modules is the node's
 * part: these rules say when it has to.
 *
 * @see contracts.md, section 8.3
 */
import { equalBytes } from '@mc/crypto'
import { fPlus1, nMinusF, unreachable } from '@mc/protocol'
import { type SeatedCommittee, type Seats, seated, withSeat } from './seats.js'

/** Seconds of L between the end of publicity and the switch: 7 days, or 1 day if it is urgent. */
export const UPGRADE_LEAD = 604_800
export const UPGRADE_LEAD_URGENT = 86_400

/** An upgrade whose nodes are not ready within this many seconds of L after publicity lapses: 60 days. */
export const UPGRADE_LAPSE = 5_184_000

/** Blocks during which the old module and its last state are kept. */
export const PROBATION_BLOCKS = 1_000

/** What a seat says of an upgrade while it waits. */
export interface ReadyStatement {
  readonly seat: Uint8Array
  readonly buildMatched: boolean
  readonly testsPassed: boolean
}

/** A digest H(cid, root of the migrated state) and the seats that came to it. */
export interface Migrated {
  readonly digest: Uint8Array
  readonly seats: Seats
}

/** An upgrade, and where it stands. */
export type Upgrade = { readonly manifest: Uint8Array } & (
  | {
      readonly state: 'waiting'
      readonly publicityEnd: number
      readonly isUrgent: boolean
      readonly ready: Seats
    }
  /** The old code has made its checkpoint in block `at`; now all compare what they migrated to. */
  | {
      readonly state: 'switching'
      readonly at: number
      readonly migrated: readonly Migrated[]
      readonly stayed: Seats
    }
  /** The new code runs since block `from`; the state of block `checkpoint` and the old module are kept. */
  | {
      readonly state: 'probation'
      readonly checkpoint: number
      readonly from: number
      readonly digest: Uint8Array
      readonly faults: Seats
    }
  | { readonly state: 'settled'; readonly digest: Uint8Array }
  | { readonly state: 'lapsed' }
  | { readonly state: 'failed' }
  /** Back at the checkpoint of block `to`: operations since are replayed by the old module, unknown kinds as nothing. */
  | { readonly state: 'rolledBack'; readonly to: number }
)

/** What happens to an upgrade. */
export type UpgradeEvent =
  | ({ readonly type: 'ready' } & ReadyStatement)
  /** The first block at or after an epoch boundary; `clock` is its L in seconds. */
  | { readonly type: 'boundary'; readonly block: number; readonly clock: number }
  /** A seat has migrated the checkpoint, and came to this; without a digest, it could not. */
  | {
      readonly type: 'migrated'
      readonly seat: Uint8Array
      readonly digest: Uint8Array | undefined
      readonly block: number
    }
  | { readonly type: 'fault'; readonly seat: Uint8Array }
  | { readonly type: 'block'; readonly block: number }

/** An upgrade that has just been decided: its publicity ended at `publicityEnd`. */
export const decidedUpgrade = (manifest: Uint8Array, publicityEnd: number, isUrgent: boolean): Upgrade => ({
  manifest,
  state: 'waiting',
  publicityEnd,
  isUrgent,
  ready: [],
})

/** Manifest and sources are available from f + 1 nodes, so from a correct one: else the operation is invalid. */
export const isAvailable = (receipts: Seats, committee: SeatedCommittee): boolean =>
  seated(receipts, committee) >= fPlus1(committee)

/** What becomes of an upgrade. An event that does not concern its state changes nothing. */
export function advanceUpgrade(upgrade: Upgrade, event: UpgradeEvent, committee: SeatedCommittee): Upgrade {
  switch (event.type) {
    case 'ready':
      return onReady(upgrade, event)
    case 'boundary':
      return onBoundary(upgrade, event, committee)
    case 'migrated':
      return onMigrated(upgrade, event, committee)
    case 'fault':
      return onFault(upgrade, event.seat, committee)
    case 'block':
      return onBlock(upgrade, event.block)
    default:
      return unreachable(event)
  }
}

/** UpgradeFault from f + 1 seats pauses the execution of new topics: one correct seat at least has seen something wrong. */
export const isPaused = (upgrade: Upgrade, committee: SeatedCommittee): boolean =>
  upgrade.state === 'probation' && seated(upgrade.faults, committee) >= fPlus1(committee)

/**
 * Why a node may not start with this module; nothing if it may.
 *
 * A node refuses to start with an unlisted version: neither with an older module than the ledger runs, nor with one that it does not know.
 */
export function refuseToStart(running: Uint8Array, current: Uint8Array | undefined): string | undefined {
  if (current === undefined || equalBytes(running, current)) return undefined
  return 'this module is not the one that the ledger runs: an older one would fork'
}

/** "Ready of n − f" counts seats whose tests passed. Whether a rebuild matched is told, since not every node can rebuild. */
function onReady(upgrade: Upgrade, { seat, testsPassed }: ReadyStatement): Upgrade {
  if (upgrade.state !== 'waiting' || !testsPassed) return upgrade
  return { ...upgrade, ready: withSeat(upgrade.ready, seat) }
}

/** "first epoch boundary E with L ≥ publicityEnd + lead and ≥ n−f Ready; not reached within 60 d → Lapsed" */
function onBoundary(
  upgrade: Upgrade,
  { block, clock }: { readonly block: number; readonly clock: number },
  committee: SeatedCommittee,
): Upgrade {
  if (upgrade.state !== 'waiting') return upgrade
  const { manifest, publicityEnd, isUrgent, ready } = upgrade
  const lead = isUrgent ? UPGRADE_LEAD_URGENT : UPGRADE_LEAD
  if (clock >= publicityEnd + UPGRADE_LAPSE) return { manifest, state: 'lapsed' }
  if (clock < publicityEnd + lead || seated(ready, committee) < nMinusF(committee)) return upgrade
  return { manifest, state: 'switching', at: block, migrated: [], stayed: [] }
}

/** "one agreement on H(cid, root(S'_E)); no n−f agreement → all stay on the old code": a seat's first word counts. */
function onMigrated(
  upgrade: Upgrade,
  { seat, digest, block }: Extract<UpgradeEvent, { type: 'migrated' }>,
  committee: SeatedCommittee,
): Upgrade {
  if (upgrade.state !== 'switching' || hasSpoken(upgrade, seat)) return upgrade
  const migrated = digest === undefined ? upgrade.migrated : withDigest(upgrade.migrated, digest, seat)
  const stayed = digest === undefined ? withSeat(upgrade.stayed, seat) : upgrade.stayed
  const { manifest } = upgrade
  const agreed = migrated.find(one => seated(one.seats, committee) >= nMinusF(committee))
  if (agreed !== undefined) {
    return {
      manifest,
      state: 'probation',
      checkpoint: upgrade.at,
      from: block,
      digest: agreed.digest,
      faults: [],
    }
  }
  const next = { ...upgrade, migrated, stayed }
  return canAgree(next, committee) ? next : { manifest, state: 'failed' }
}

/** n − f on one digest are still possible if those who have not spoken all came to the one with most seats. */
function canAgree(
  { migrated, stayed }: { readonly migrated: readonly Migrated[]; readonly stayed: Seats },
  committee: SeatedCommittee,
): boolean {
  const counts = migrated.map(({ seats }) => seated(seats, committee))
  const spoken = counts.reduce((sum, count) => sum + count, seated(stayed, committee))
  return Math.max(0, ...counts) + (committee.n - spoken) >= nMinusF(committee)
}

const hasSpoken = (
  { migrated, stayed }: { readonly migrated: readonly Migrated[]; readonly stayed: Seats },
  seat: Uint8Array,
): boolean =>
  [stayed, ...migrated.map(({ seats }) => seats)].some(seats => seats.some(one => equalBytes(one, seat)))

function withDigest(
  migrated: readonly Migrated[],
  digest: Uint8Array,
  seat: Uint8Array,
): readonly Migrated[] {
  const known = migrated.find(one => equalBytes(one.digest, digest))
  if (known === undefined) return [...migrated, { digest, seats: [seat] }]
  return migrated.map(one => (one === known ? { digest, seats: withSeat(one.seats, seat) } : one))
}

/** "from n−f ⇒ deterministic rollback to S_E" */
function onFault(upgrade: Upgrade, seat: Uint8Array, committee: SeatedCommittee): Upgrade {
  if (upgrade.state !== 'probation') return upgrade
  const faults = withSeat(upgrade.faults, seat)
  return seated(faults, committee) >= nMinusF(committee)
    ? { manifest: upgrade.manifest, state: 'rolledBack', to: upgrade.checkpoint }
    : { ...upgrade, faults }
}

/** "Probation: K = 1 000 blocks"; then the old module is retired, and a pause ends: f + 1 seats hold nobody up for ever. */
function onBlock(upgrade: Upgrade, block: number): Upgrade {
  if (upgrade.state !== 'probation' || block < upgrade.from + PROBATION_BLOCKS) return upgrade
  return { manifest: upgrade.manifest, state: 'settled', digest: upgrade.digest }
}

/**
 * Rings: the keys of members among which somebody shows to be one.
 *
 * A topic created in membership epoch e0 takes, at any later time, exactly one key per person: the one active at e0, else the
 * first one after. A ring has a revision, raised whenever somebody comes, goes, freezes itself or is released. A proof may be
 * made over an older revision as long as nobody in it has left or frozen itself since: then the older ring is part of the newer.
 *
 * @see identity.md, sections 5 and 6
 */
import { cohortsOf, type Ring, type RingName } from '@mc/identity'
import { Writer } from '@mc/protocol/wire'
import { keyAt, type Member } from '../organisation/member.js'
import type { TopicsState } from '../state/topics-state.js'
import type { Tools, Turn } from './turn.js'

/** Revisions that a proof may be behind. */
export const REVISIONS_KEPT = 8

const RINGS_CACHED = 64

/** Why a proof over this revision is not looked at, or nothing. */
export function flawOfRevision({ here: { rings } }: TopicsState, revision: number): string | undefined {
  const { revision: now, proveFloor } = rings
  const floor = Math.max(proveFloor, now - REVISIONS_KEPT)
  if (revision > now) return `made over ring revision ${revision}, the newest is ${now}`
  return revision < floor ? `made over ring revision ${revision}, need ${floor} or newer` : undefined
}

/** The ring of members for a topic or period of `epoch`, as of a revision; nothing if there is no such cohort. */
export function memberRing(
  state: TopicsState,
  tools: Tools,
  at: { readonly epoch: number; readonly revision: number; readonly cohort: number },
): Ring | undefined {
  const name = `${at.epoch}/${at.revision}/${at.cohort}`
  return cached(state, name, () => {
    const members = state.tables.members
      .values()
      .filter(({ state: is, inSince }) => is === 'active' && inSince <= at.revision)
    const cohort = cohortOf(members, at.epoch, at.cohort, tools)
    const keys = cohort.map(member => keyAt(member, at.epoch))
    return keys.length === 0
      ? undefined
      : tools.openRing({ type: 'members', epoch: at.epoch, cohort: at.cohort }, keys)
  })
}

/** The cohort of an epoch that a proof is made in: all members while they fit one ring. */
function cohortOf(
  members: readonly Member[],
  epoch: number,
  cohort: number,
  { sha256 }: Tools,
): readonly Member[] {
  const seed = new Writer(8)
  seed.varint(epoch)
  return cohortsOf(members, seed.finish(), { sha256 })[cohort] ?? []
}

/** The ring of the first `voters` pseudonyms of a meeting; nothing if there are not as many. */
export function meetingRing(
  { state, tools }: Pick<Turn, 'state' | 'tools'>,
  meeting: { readonly id: Uint8Array; readonly key: string },
  at: { readonly voters: number; readonly cohort: number },
): Ring | undefined {
  const seats = state.indexes.voters.get(meeting.key) ?? []
  if (at.voters < 1 || at.voters > seats.length) return undefined
  return cached(state, `m${meeting.key}/${at.voters}/${at.cohort}`, () => {
    const voters = seats.slice(0, at.voters).flatMap(tag => (tag === undefined ? [] : [{ id: tag }]))
    const keys = cohortsOf(voters, meeting.id, tools)[at.cohort]?.map(({ id }) => id) ?? []
    if (keys.length === 0) return undefined
    const name: RingName = { type: 'meeting', meetingId: meeting.id }
    return tools.openRing(name, keys)
  })
}

function cached(state: TopicsState, name: string, open: () => Ring | undefined): Ring | undefined {
  const known = state.rings.get(name)
  if (known !== undefined) return known
  const ring = open()
  if (ring === undefined) return undefined
  if (state.rings.size >= RINGS_CACHED) state.rings.delete(state.rings.keys().next().value as string)
  state.rings.set(name, ring)
  return ring
}

/** Somebody came: older rings are part of the new one. Returns the new revision. */
export function ringGrew(state: TopicsState): number {
  const { here } = state
  const revision = here.rings.revision + 1
  state.here = { ...here, rings: { ...here.rings, revision } }
  return revision
}

/** Somebody froze itself: new proofs are over the new ring; pseudonyms that were proven before stand. */
export function ringPaused(state: TopicsState): number {
  const { here } = state
  const revision = here.rings.revision + 1
  state.here = { ...here, rings: { ...here.rings, revision, proveFloor: revision } }
  return revision
}

/** Somebody is gone: pseudonyms that were proven before must be proven again in their topic's next round. */
export function ringShrank(state: TopicsState): number {
  const { here } = state
  const revision = here.rings.revision + 1
  state.here = { ...here, rings: { revision, proveFloor: revision, renewFloor: revision } }
  return revision
}

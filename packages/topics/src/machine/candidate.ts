/**
 * What must speak for a person before the members decide whether to take it in.
 *
 * @see identity.md, section 9
 */
import { digestKey, equalBytes } from '@mc/crypto'
import { EVIDENCE_CLASS_MIN, lackingFor, type Sponsored, SponsorTree } from '@mc/identity'
import { hex } from '@mc/protocol/wire'
import type { Action } from '../action/action.js'
import { isPresent, type KeyEpoch, type Member } from '../organisation/member.js'
import type { TopicsState } from '../state/topics-state.js'
import { numberOf } from './parameters.js'
import type { Turn } from './turn.js'

/** A person whom somebody proposes to take in. */
export type Candidate = Pick<Extract<Action, { type: 'member.add' }>, 'key' | 'sponsor' | 'attestations'>

/** Why a person may not be taken in as proposed, or nothing. */
export function flawOfCandidate(
  { state, block }: Pick<Turn, 'state' | 'block'>,
  candidate: Candidate,
): string | undefined {
  const owner = state.tables.members.at(state.indexes.ownerOf(candidate.key) ?? '')
  // Two people of one key could not both stand in a ring. Who comes back comes with its first key.
  if (owner !== undefined && !equalBytes((owner.keys[0] as KeyEpoch).key, candidate.key))
    return 'the key is or was somebody else’s'
  const classes: number[] = []
  for (const id of candidate.attestations) {
    const found = attested(state, id, candidate.key, block.clock)
    if (typeof found === 'string') return found
    classes.push(found)
  }
  return numberOf(state, 'admissionEvidence') === 0 ? undefined : flawOfEvidence(state, candidate, classes)
}

/** The class of an attestation that holds for this key now, or why it does not. */
function attested({ tables }: TopicsState, id: Uint8Array, key: Uint8Array, clock: number): number | string {
  const one = tables.attestations.get(id)
  if (one === undefined) return `there is no attestation ${hex(id)}`
  if (!equalBytes(one.subject, key)) return `attestation ${hex(id)} is about somebody else`
  if (clock < one.fromL || clock >= one.toL)
    return `attestation ${hex(id)} holds from L=${one.fromL} to L=${one.toL}, now L=${clock}`
  const attester = tables.attesters.get(one.attester)
  if (attester === undefined) return `attestation ${hex(id)} is of nobody who is an attester now`
  return Math.min(one.evidenceClass, attester.evidenceClass)
}

// [SAFE] a candidate needs k = clamp(⌈log2(N + 1)⌉, 1, 7) vouches from distinct sponsor sub-trees and evidence of class ≥ 2
function flawOfEvidence(
  state: TopicsState,
  { key, sponsor }: Candidate,
  classes: readonly number[],
): string | undefined {
  const vouchers = vouchersOf(state, key)
  const members = state.tables.members.values()
  const lacking = lackingFor({ vouchers, classes }, sponsorTree(members), state.indexes.present)
  if (lacking.vouches > 0)
    return `${lacking.vouches} more vouches are needed, of members whom others have brought`
  if (sponsor === undefined || !vouchers.some(one => equalBytes(one, sponsor)))
    return 'the sponsor must be one of those who vouched'
  // Joining must not hang on attesters that do not exist: then the vouches alone speak.
  const isThere = state.tables.attesters.values().some(one => one.evidenceClass >= EVIDENCE_CLASS_MIN)
  return lacking.evidence && isThere
    ? `evidence of class ${EVIDENCE_CLASS_MIN} or above is needed`
    : undefined
}

/** Members, here now, who have vouched for a key, ascending. */
function vouchersOf({ indexes, tables }: TopicsState, key: Uint8Array): readonly Uint8Array[] {
  const vouches = [...(indexes.vouchesFor.get(digestKey(key)) ?? [])].sort()
  return vouches.flatMap(one => {
    const sponsor = tables.members.get(tables.vouches.at(one)?.sponsor ?? NOBODY)
    return sponsor !== undefined && isPresent(sponsor) ? [sponsor.id] : []
  })
}

const NOBODY = new Uint8Array(0)

/** The forest of all who are or were members, each after its sponsor: ids and joining times do not say that order. */
function sponsorTree(members: readonly Member[]): SponsorTree {
  const byId = new Map(members.map(one => [digestKey(one.id), one]))
  const placed = new Set<string>()
  const ordered: Sponsored[] = []
  for (const member of members) {
    const chain: Member[] = []
    for (let one: Member | undefined = member; one !== undefined && !placed.has(digestKey(one.id)); ) {
      placed.add(digestKey(one.id))
      chain.push(one)
      one = one.sponsor && byId.get(digestKey(one.sponsor))
    }
    ordered.push(...chain.reverse())
  }
  return new SponsorTree(ordered)
}

/**
 * Cohorts: large organisations prove among a part of their members, drawn anew each epoch.
 *
 * @see identity.md, section 5
 */
import { compareBytes, domainHash } from '@mc/crypto'
import type { IdentityCrypto } from '../identity-crypto.js'
import { RING_SIZE_MAX } from './ring.js'

/** A cohort has at least so many members. */
export const COHORT_SIZE_MIN = 1_024

/**
 * The cohorts of an epoch: all members in their order while they fit one ring, else sorted by H('mc/cohort/v1', seed, id).
 *
 * Deviation: not blocks of exactly 1,024, whose last could hold one member, and so hide nobody, but ⌊N / 1,024⌋ blocks whose
 * sizes differ by one at most: 1,024 … 2,047 members each.
 *
 * @throws RangeError for two members of one id.
 */
export function cohortsOf<Member extends { readonly id: Uint8Array }>(
  members: readonly Member[],
  epochSeed: Uint8Array,
  { sha256 }: Pick<IdentityCrypto, 'sha256'>,
): readonly (readonly Member[])[] {
  if (members.length <= RING_SIZE_MAX) return [members]
  const ranked = members.map(member => ({
    member,
    rank: domainHash(sha256, 'mc/cohort/v1', epochSeed, member.id),
  }))
  ranked.sort((left, right) => compareBytes(left.rank, right.rank))
  for (const [at, { rank }] of ranked.entries()) {
    const before = ranked[at - 1]
    if (before && compareBytes(before.rank, rank) === 0)
      throw new RangeError('cohorts: two members of one id')
  }
  const count = Math.floor(members.length / COHORT_SIZE_MIN)
  return Array.from({ length: count }, (_, index) =>
    ranked
      .slice(startOf(index, members.length, count), startOf(index + 1, members.length, count))
      .map(one => one.member),
  )
}

const startOf = (index: number, total: number, count: number): number => Math.floor((index * total) / count)

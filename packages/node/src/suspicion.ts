/**
 * When a peer is disconnected for what it does.
 *
 * Equivocation and other lies that the protocols tolerate do not count: they cost us little, and the peer may be right about
 * everything else. What counts is what costs us memory, disk or time.
 */
import type { MemberKey } from '@mc/network'

/** Points for each rule; a rule that is not listed costs nothing. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'node/undecodable': 20,
  'node/epoch-budget-exceeded': 100,
  'node/too-many-messages': 100,
  'node/bad-blocks': 50,
  'node/invalid-seal': 20,
  'node/forwarded-refused': 1,
  'node/too-many-forwarded': 20,
  'node/repeated-hello': 20,
  'node/other-network': 100,
  'node/other-rules': 100,
  'node/wrong-content': 20,
  'node/other-suite': 100,
  'node/other-configuration': 100,
  'abc/epoch-out-of-window': 5,
  'abc/undecodable-proposal': 10,
  'rbc/bad-proof': 10,
  'rbc/bad-encoding': 10,
  'rbc/not-the-proposer': 10,
  'avid/bad-proof': 10,
  'avid/not-the-proposer': 10,
  'avid/unasked-shard': 5,
}

/** The rules that bring points. */
export const COUNTED_RULES: readonly string[] = Object.keys(WEIGHTS)

/** Points at which a peer is disconnected. */
export const POINTS_MAX = 100

/** Points that are forgiven each second. */
const FORGIVEN_PER_SECOND = 10

/** Counts what peers did, and forgives with time. */
export class Suspicion {
  readonly #points = new Map<MemberKey, { points: number; atMs: number }>()

  /** Counts a fault; true if the peer is to be disconnected now. */
  add(peer: MemberKey, rule: string, nowMs: number): boolean {
    const weight = WEIGHTS[rule] ?? 0
    if (weight === 0) return false
    const entry = this.#points.get(peer) ?? { points: 0, atMs: nowMs }
    const forgiven = ((nowMs - entry.atMs) / 1_000) * FORGIVEN_PER_SECOND
    const points = Math.max(0, entry.points - forgiven) + weight
    const isTooMuch = points >= POINTS_MAX
    this.#points.set(peer, { points: isTooMuch ? 0 : points, atMs: nowMs })
    return isTooMuch
  }
}

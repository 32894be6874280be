/**
 * The rules that a domain sets for its topics.
 *
 * Times are seconds of L, shares are permille. What is named `bounds` clamps what participants ask for.
 */
import { bool, type Codec, list, struct, uint } from '@mc/protocol/wire'
import { oneOf, type TopicKind, topicKind } from './topic-kind.js'

/** How expectations become one value: floor mean, lower median, or the mean without the outer tenths. */
export const AGGREGATES = ['mean', 'median', 'trim'] as const
/** How expectations become one value. */
export type Aggregate = (typeof AGGREGATES)[number]

/** Who goes on: everybody behind a winner, or the winners' authors alone. */
export const ADVANCES = ['merge', 'delegates'] as const
/** Who goes on. */
export type Advance = (typeof ADVANCES)[number]

/** Where a late joiner waits: in a meeting of the running round, or for the next round. */
export const LATE_AS = ['thisRound', 'nextRound'] as const
/** Where a late joiner waits. */
export type LateAs = (typeof LATE_AS)[number]

/** What breaks a tie: a hash that nobody could foresee, or who came first. */
export const TIES = ['beacon', 'earliest'] as const
/** What breaks a tie. */
export type TieRule = (typeof TIES)[number]

/** What an evaluation without a result leads to. */
export const FREEZE_FAILS = ['resume', 'cancel'] as const
/** What an evaluation without a result leads to. */
export type FreezeFail = (typeof FREEZE_FAILS)[number]

/** Least and greatest value. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** The rules of a domain. */
export interface DomainParameters {
  /** Topics that may be in Splitting or Meeting at once. */
  readonly activeSlots: number
  /** Participants that a topic needs, at least, to leave the queue; the larger of the two counts. */
  readonly minActivate: number
  readonly minActivatePermille: number
  readonly queueMinAge: number
  readonly queueTtl: number
  readonly meet: Bounds
  readonly publicity: Bounds
  readonly capacity: Bounds
  readonly aggregate: Aggregate
  readonly advance: Advance
  readonly lateAs: LateAs
  readonly tie: TieRule
  /** B: the publicity of a topic that everybody supports. */
  readonly publicityBase: number
  /** Pmin and Pmax. */
  readonly publicityNeed: Bounds
  /** Supporters that a final winner needs, in permille of N. */
  readonly minSupport: number
  readonly minSupportByKind: readonly { readonly kind: TopicKind; readonly permille: number }[]
  /** Participants that a final needs, in permille of N. */
  readonly quorum: number
  /** "As it is" stands in every final and wins ties. */
  readonly statusQuo: boolean
  /** Part of the window in which proposals are taken. */
  readonly proposeUntil: number
  /** A leader that changes in the last tenth gives a quarter of the window more, once per round. */
  readonly lateExtension: boolean
  readonly evaluationWindow: number
  /** Votes that an evaluation needs: the larger of the two. */
  readonly evaluationQuorum: number
  readonly evaluationQuorumPermille: number
  readonly freezeFail: FreezeFail
  /** Kinds whose freezes cancel when they fail, whatever `freezeFail` says. */
  readonly freezeFailCancels: readonly TopicKind[]
  /** Queued topics of this domain that one participant may support at once; 0 for no limit. */
  readonly supportSlots: number
  /** Smallest aggregate capacity that a secret topic may have; 0 for no limit. */
  readonly secretCapacityMin: number
  /** Budget of an execution: steps, and bytes written. */
  readonly gasExecution: number
  readonly storageBytes: number
}

const permille = uint({ max: 1000 })
const seconds = uint({ max: 2 ** 40 })
const count = uint({ max: 2 ** 32 })
const bounds: Codec<Bounds> = struct({ min: seconds, max: seconds })

/** The canonical bytes of the rules of a domain. */
export const domainParametersCodec: Codec<DomainParameters> = struct({
  activeSlots: count,
  minActivate: count,
  minActivatePermille: permille,
  queueMinAge: seconds,
  queueTtl: seconds,
  meet: bounds,
  publicity: bounds,
  capacity: bounds,
  aggregate: oneOf(AGGREGATES),
  advance: oneOf(ADVANCES),
  lateAs: oneOf(LATE_AS),
  tie: oneOf(TIES),
  publicityBase: seconds,
  publicityNeed: bounds,
  minSupport: permille,
  minSupportByKind: list(struct({ kind: topicKind, permille }), { max: 7 }),
  quorum: permille,
  statusQuo: bool,
  proposeUntil: permille,
  lateExtension: bool,
  evaluationWindow: seconds,
  evaluationQuorum: count,
  evaluationQuorumPermille: permille,
  freezeFail: oneOf(FREEZE_FAILS),
  freezeFailCancels: list(topicKind, { max: 7 }),
  supportSlots: count,
  secretCapacityMin: count,
  gasExecution: uint(),
  storageBytes: uint(),
})

/**
 * Why these rules would leave a topic without an end, or nothing.
 *
 * Capacity from 2 on and windows from one second on are what termination rests on.
 */
export function flawOfParameters(rules: DomainParameters): string | undefined {
  for (const name of ['meet', 'publicity', 'capacity', 'publicityNeed'] as const) {
    const { min, max } = rules[name]
    if (min < 1 || min > max) return `${name}: need 1 ≤ min ≤ max, got ${min}–${max}`
    if (name !== 'capacity' && max > YEAR) return `${name}: need at most ${YEAR} s, got ${max}`
  }
  if (rules.capacity.min < 2) return `capacity: need at least 2, got ${rules.capacity.min}`
  if (rules.activeSlots < 1) return 'activeSlots: need at least 1, or nothing is ever activated'
  if (rules.queueTtl < 1 || rules.queueTtl > YEAR * 10)
    return `queueTtl: need 1 s–10 years, got ${rules.queueTtl}`
  if (rules.proposeUntil < 1) return 'proposeUntil: need at least 1 permille, or nobody can propose'
  if (rules.evaluationWindow < 1 || rules.evaluationWindow > YEAR) return 'evaluationWindow: need 1 s–1 year'
  if (rules.secretCapacityMin > rules.capacity.max) return 'secretCapacityMin: over the greatest capacity'
  return undefined
}

const YEAR = 31_536_000

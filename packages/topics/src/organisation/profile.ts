/**
 * Two bundles of rules: what the mission says, and the safer variants.
 *
 * @see topics.md, section 7
 */
import type { DomainParameters } from './domain-parameters.js'

/** The names of the bundles. */
export type Profile = 'seed' | 'guarded'

const HOUR = 3_600
const DAY = 86_400

/** The mission's rules. */
export const SEED_PARAMETERS: DomainParameters = {
  activeSlots: 1,
  minActivate: 1,
  minActivatePermille: 0,
  queueMinAge: 0,
  queueTtl: 180 * DAY,
  meet: { min: HOUR, max: 30 * DAY },
  publicity: { min: DAY, max: 90 * DAY },
  capacity: { min: 2, max: 500 },
  aggregate: 'mean',
  advance: 'merge',
  lateAs: 'thisRound',
  tie: 'beacon',
  publicityBase: DAY,
  publicityNeed: { min: DAY, max: 90 * DAY },
  minSupport: 0,
  minSupportByKind: [],
  quorum: 0,
  statusQuo: false,
  proposeUntil: 1000,
  lateExtension: false,
  evaluationWindow: 7 * DAY,
  evaluationQuorum: 1,
  evaluationQuorumPermille: 0,
  freezeFail: 'resume',
  freezeFailCancels: [],
  supportSlots: 0,
  secretCapacityMin: 0,
  gasExecution: 10_000_000,
  storageBytes: 1_048_576,
}

/** The safer variants. */
export const GUARDED_PARAMETERS: DomainParameters = {
  ...SEED_PARAMETERS,
  minActivate: 2,
  minActivatePermille: 10,
  queueMinAge: DAY,
  queueTtl: 90 * DAY,
  aggregate: 'median',
  publicityBase: 3 * DAY,
  publicityNeed: { min: 3 * DAY, max: 120 * DAY },
  quorum: 100,
  statusQuo: true,
  proposeUntil: 500,
  lateExtension: true,
  evaluationQuorumPermille: 100,
  freezeFailCancels: ['upgrade', 'membership'],
  supportSlots: 5,
  secretCapacityMin: 7,
}

/** Numbers of the organisation as a whole that the safer variants set. */
export const GUARDED_NUMBERS = { admissionEvidence: 1, newcomerEpochs: 1 } as const

/** The domains that every organisation begins with. */
export const GENESIS_DOMAINS = ['constitution', 'general', 'membership'] as const

/** One of the domains that every organisation begins with. */
export type GenesisDomain = (typeof GENESIS_DOMAINS)[number]

/** The rules of a genesis domain under a profile. */
export function genesisParameters(profile: Profile, domain: GenesisDomain): DomainParameters {
  const base = profile === 'seed' ? SEED_PARAMETERS : GUARDED_PARAMETERS
  // One slot would make joining take years.
  const slots = domain === 'membership' ? { activeSlots: 32 } : {}
  if (profile === 'seed' || domain === 'general') return { ...base, ...slots }
  if (domain === 'membership') return { ...base, ...slots, minSupport: 334 }
  return { ...base, minSupport: 667, minSupportByKind: [{ kind: 'domain', permille: 334 }] }
}

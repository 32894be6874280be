/**
 * Token buckets: a burst, and then one operation per period.
 *
 * @see topics.md, section 14
 */

/** What may be done how often: `burst` at once, then one per `period` seconds of L. */
export interface BucketRule {
  readonly burst: number
  readonly period: number
}

/** Tokens left, and until when the refill has been counted. */
export interface Bucket {
  readonly tokens: number
  readonly last: number
}

const HOUR = 3_600
const DAY = 86_400

/** The name of a bucket. */
export type BucketClass =
  | 'create'
  | 'join'
  | 'comment'
  | 'vote'
  | 'challenge'
  | 'vouch'
  | 'clock'
  | 'other'
  | 'bytes'

/** The buckets of a signer. */
export const BUCKET_RULES: Readonly<Record<BucketClass, BucketRule>> = {
  create: { burst: 2, period: 7 * DAY },
  join: { burst: 20, period: HOUR },
  comment: { burst: 60, period: 60 },
  vote: { burst: 30, period: 60 },
  challenge: { burst: 1, period: 30 * DAY },
  vouch: { burst: 3, period: 7 * DAY },
  clock: { burst: 1, period: 60 },
  /** What the table of limits does not name: proposals have limits of their own, and keys are changed seldom. */
  other: { burst: 30, period: 60 },
  /** In KiB. */
  bytes: { burst: 64, period: 60 },
}

/** The names in the order of the wire. */
export const BUCKET_CLASSES: readonly BucketClass[] = Object.keys(BUCKET_RULES) as BucketClass[]

/** A full bucket. */
export const fullBucket = ({ burst }: BucketRule, now: number): Bucket => ({ tokens: burst, last: now })

/** k = (t − last) div τ; tokens = min(C, tokens + k); last += k·τ. */
export function refilled({ tokens, last }: Bucket, { burst, period }: BucketRule, now: number): Bucket {
  const periods = Math.floor(Math.max(0, now - last) / period)
  return { tokens: Math.min(burst, tokens + periods), last: last + periods * period }
}

/** The bucket after taking `cost` tokens, or nothing if it has not as many. */
export function taken(bucket: Bucket, rule: BucketRule, now: number, cost: number): Bucket | undefined {
  const { tokens, last } = refilled(bucket, rule, now)
  return tokens < cost ? undefined : { tokens: tokens - cost, last }
}

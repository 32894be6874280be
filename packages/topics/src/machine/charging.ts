/**
 * What an operation costs its signer: a place in its sequence, tokens of its buckets.
 *
 * @see topics.md, section 14
 */
import type { Refusal } from '@mc/ledger'
import type { ReadOperation } from '../operation/operation.js'
import type { Actor } from '../state/bookkeeping.js'
import { BUCKET_RULES, type BucketClass, fullBucket, taken } from './bucket.js'
import { refusal } from './turn.js'

/** The bucket that an operation takes a token from, if any. */
export function bucketOf({ statement: { signer, body } }: ReadOperation): BucketClass | undefined {
  switch (body.type) {
    case 'createTopic':
      if (body.kind === 'challenge') return 'challenge'
      return signer.type === 'token' ? undefined : 'create'
    case 'join':
    case 'updateJoin':
    case 'leave':
    case 'withdraw':
    case 'renew':
      return 'join'
    case 'comment':
    case 'vote':
    case 'vouch':
    case 'clock':
      return body.type
    default:
      return 'other'
  }
}

/** What the signer has left after this operation, or why it has to wait. */
export function charge(
  actor: Actor,
  operation: ReadOperation,
  now: number,
): Actor | { readonly refusal: Refusal } {
  const bytes = withTaken(actor.buckets, 'bytes', Math.ceil(operation.size / 1024), now)
  if (bytes === undefined) return rateLimit(operation, 'bytes', now)
  const of = bucketOf(operation)
  const buckets = of === undefined ? bytes : withTaken(bytes, of, 1, now)
  if (buckets === undefined) return rateLimit(operation, of as BucketClass, now)
  return { ...actor, seq: operation.statement.seq + 1, buckets }
}

/** The buckets after `cost` tokens of one of them, or nothing if it has not as many. */
function withTaken(
  buckets: Actor['buckets'],
  of: BucketClass,
  cost: number,
  now: number,
): Actor['buckets'] | undefined {
  const rule = BUCKET_RULES[of]
  const at = buckets.findIndex(one => one.of === of)
  const after = taken(buckets[at] ?? fullBucket(rule, now), rule, now, cost)
  if (after === undefined) return undefined
  const others = buckets.slice()
  others[at < 0 ? others.length : at] = { of, tokens: after.tokens, last: after.last }
  return others
}

function rateLimit(
  { statement: { body } }: ReadOperation,
  of: BucketClass,
  now: number,
): { readonly refusal: Refusal } {
  const { burst, period } = BUCKET_RULES[of]
  const detail = `${body.type} refused: ${of} allows ${burst} at once and one per ${period} s, now L=${now}`
  return { refusal: refusal('topics/rate-limit', detail) }
}

/**
 * What an operation costs its signer: a place in its sequence, tokens of its buckets.
 *
 * @see topics.md, section 14
 */
import type { Refusal } from '@mc/ledger'
import type { ReadOperation } from '../operation/operation.js'
import type { Actor } from '../state/bookkeeping.js'
import { BUCKET_RULES, type Bucket, type BucketClass, fullBucket, taken } from './bucket.js'
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
  const costs: (readonly [BucketClass, number])[] = [['bytes', Math.ceil(operation.size / 1024)]]
  const of = bucketOf(operation)
  if (of !== undefined) costs.push([of, 1])
  let buckets = actor.buckets
  for (const [name, cost] of costs) {
    const rule = BUCKET_RULES[name]
    const bucket: Bucket = buckets.find(one => one.of === name) ?? fullBucket(rule, now)
    const after = taken(bucket, rule, now, cost)
    if (after === undefined) {
      const detail = `${operation.statement.body.type} refused: ${name} allows ${rule.burst} at once and one per ${rule.period} s, now L=${now}`
      return { refusal: refusal('topics/rate-limit', detail) }
    }
    buckets = withBucket(buckets, name, after)
  }
  return { ...actor, seq: operation.statement.seq + 1, buckets }
}

function withBucket(buckets: Actor['buckets'], of: BucketClass, { tokens, last }: Bucket): Actor['buckets'] {
  const at = buckets.findIndex(one => one.of === of)
  const bucket = { of, tokens, last }
  return at < 0 ? [...buckets, bucket] : buckets.with(at, bucket)
}

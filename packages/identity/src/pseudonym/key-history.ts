/**
 * One key per person and topic: rotating a key does not give a second pseudonym.
 *
 * @see identity.md, section 6
 */

/** A key and the membership epochs in which it is its owner's: from `fromEpoch` until the next period begins. */
export interface KeyPeriod {
  readonly key: Uint8Array
  readonly fromEpoch: number
}

/**
 * The one key that a topic created in membership epoch `topicEpoch` takes of a person: the key active at it, else the first after.
 *
 * `history` is in the order of its epochs. Undefined only for an empty history.
 */
export function keyForTopic(history: readonly KeyPeriod[], topicEpoch: number): Uint8Array | undefined {
  const active = history.findLast(({ fromEpoch }) => fromEpoch <= topicEpoch)
  return (active ?? history[0])?.key
}

/**
 * The history with a new key from an epoch on; a second change in one epoch replaces the first, so that an epoch has one key.
 *
 * @throws RangeError if the epoch lies before the newest period, or the key was this person's before.
 */
export function withKey(history: readonly KeyPeriod[], period: KeyPeriod): readonly KeyPeriod[] {
  const newest = history.at(-1)
  if (newest !== undefined && period.fromEpoch < newest.fromEpoch) {
    throw new RangeError(`key history: epoch ${period.fromEpoch} lies before ${newest.fromEpoch}`)
  }
  if (
    history.some(
      ({ key }) => key.length === period.key.length && key.every((byte, at) => byte === period.key[at]),
    )
  ) {
    throw new RangeError('key history: a key is never used twice')
  }
  return [...history.filter(({ fromEpoch }) => fromEpoch < period.fromEpoch), period]
}

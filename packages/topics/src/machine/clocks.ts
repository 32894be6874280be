/**
 * [SAFE] `clockOp`: a member's clock that somebody else carried.
 *
 * With f + 2 slots a scheduler may shut the same members out for ever; a time that anybody may carry gets in all the same. The
 * member's own proposal takes precedence; of several operations the highest sequence number counts, an old one is ignored.
 *
 * @see topics.md, section 3.1
 */
import { type Configuration, memberIndex, type OrderedOperation } from '@mc/ledger'
import { readOperation } from '../operation/operation.js'
import type { TopicsState } from '../state/topics-state.js'
import { numberOf } from './parameters.js'
import type { Tools } from './turn.js'

/** The times that the operations of a block carry, by member index; for the ledger, before it computes the block's time. */
export function sentClocks(
  state: TopicsState,
  operations: readonly OrderedOperation[],
  configuration: Configuration,
  tools: Tools,
): ReadonlyMap<number, number> {
  const newest = new Map<number, { readonly seq: number; readonly time: number }>()
  if (numberOf(state, 'clockOp') === 0) return new Map()
  for (const { bytes, id } of operations) {
    const operation = readOperation(bytes, id)
    if (typeof operation === 'string') continue
    const { realm, signer, seq, body } = operation.statement
    if (signer.type !== 'consensus' || body.type !== 'clock' || realm !== tools.realm) continue
    const index = memberIndex(configuration, signer.publicKey)
    const next = state.tables.actors.at(operation.signerKey)?.seq ?? 0
    if (index < 0 || seq < next || seq < (newest.get(index)?.seq ?? 0)) continue
    if (!tools.ed25519.verify(operation.signature, id, signer.publicKey)) continue
    newest.set(index, { seq, time: body.time })
  }
  return new Map([...newest].map(([index, { time }]) => [index, time]))
}

/**
 * [SAFE] `clockOp`: a member's clock that somebody else carried.
 *
 * With f + 2 slots a scheduler may shut the same members out for ever; a time that anybody may carry gets in all the same. The
 * member's own proposal takes precedence; of several operations the highest sequence number counts, an old one is ignored.
 *
 * @see topics.md, section 3.1
 */
import { compareBytes } from '@mc/crypto'
import { type Configuration, memberIndex, type OrderedOperation } from '@mc/ledger'
import { type ReadOperation, readOperation } from '../operation/operation.js'
import type { TopicsState } from '../state/topics-state.js'
import { NEW_ACTOR } from './authenticate.js'
import { charge } from './charging.js'
import { numberOf } from './parameters.js'
import type { Tools } from './turn.js'

/** The times that the operations of a block carry, by member index; for the ledger, before it computes the block's time. */
export function sentClocks(
  state: TopicsState,
  operations: readonly OrderedOperation[],
  configuration: Configuration,
  tools: Tools,
): ReadonlyMap<number, number> {
  const clocks = new Map<number, number>()
  if (numberOf(state, 'clockOp') === 0) return clocks
  for (const said of bySeat(operations, tools)) {
    const { signer } = (said[0] as ReadOperation).statement
    const index = signer.type === 'consensus' ? memberIndex(configuration, signer.publicKey) : -1
    const time = index < 0 ? undefined : newestTime(state, said, tools)
    if (time !== undefined) clocks.set(index, time)
  }
  return clocks
}

/** What seats say in a block, by seat, if a time is among it. */
function bySeat(operations: readonly OrderedOperation[], { realm }: Tools): readonly ReadOperation[][] {
  const seats = new Map<string, ReadOperation[]>()
  for (const { bytes, id } of operations) {
    const operation = readOperation(bytes, id)
    if (typeof operation === 'string') continue
    const { statement, signerKey } = operation
    if (statement.signer.type !== 'consensus' || statement.realm !== realm) continue
    const others = seats.get(signerKey)
    if (others === undefined) seats.set(signerKey, [operation])
    else others.push(operation)
  }
  return [...seats.values()].filter(said => said.some(({ statement }) => statement.body.type === 'clock'))
}

/**
 * The last time that the machine will take of a seat: what it would refuse keeps its number and could come again, for ever.
 *
 * Tokens are counted as of the block before, since the time of this one is still open: there are never more then.
 */
function newestTime(
  state: TopicsState,
  said: readonly ReadOperation[],
  { ed25519 }: Tools,
): number | undefined {
  const ordered = [...said].sort(
    (left, right) => left.statement.seq - right.statement.seq || compareBytes(left.id, right.id),
  )
  let actor = state.tables.actors.at((said[0] as ReadOperation).signerKey) ?? NEW_ACTOR
  let time: number | undefined
  for (const operation of ordered) {
    const { seq, signer, body } = operation.statement
    if (seq !== actor.seq || signer.type !== 'consensus') continue
    const charged = charge(actor, operation, state.clock)
    if ('refusal' in charged || !ed25519.verify(operation.signature, operation.id, signer.publicKey)) continue
    actor = charged
    if (body.type === 'clock') time = body.time
  }
  return time
}

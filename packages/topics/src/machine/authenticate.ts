/**
 * Who speaks, and whether it is really them: cheap questions first, proofs last.
 *
 * @see topics.md, section 14
 */
import type { Refusal } from '@mc/ledger'
import type { BodyType } from '../operation/body.js'
import type { ReadOperation } from '../operation/operation.js'
import type { Signer } from '../operation/signer.js'
import type { Actor } from '../state/bookkeeping.js'
import { charge } from './charging.js'
import { identify, type Known } from './identify.js'
import { refusal, type Turn } from './turn.js'

/** Who has spoken. */
export interface Speaker extends Known {
  readonly signer: Signer
  /** The key of its actor. */
  readonly key: string
  /** What it has left after this operation. */
  readonly actor: Actor
}

/** Sequence numbers that may be waiting before one that is offered. */
const AHEAD_MAX = 256

const BY_PSEUDONYM: readonly BodyType[] = [
  'join',
  'updateJoin',
  'leave',
  'renew',
  'withdraw',
  'propose',
  'withdrawProposal',
  'comment',
  'vote',
]
const BY_CONSENSUS: readonly BodyType[] = ['ready', 'upgradeReady', 'upgradeFault', 'clock']

/** Which kinds of signers may ask for this. */
function mayAsk(signer: Signer, body: BodyType): boolean {
  switch (signer.type) {
    case 'member':
      return !BY_CONSENSUS.includes(body) && body !== 'renew'
    case 'pseudonym':
      return BY_PSEUDONYM.includes(body)
    case 'token':
      return body === 'createTopic'
    case 'ballot':
      return body === 'vote'
    case 'consensus':
      return BY_CONSENSUS.includes(body)
    case 'evaluator':
      return body === 'evaluate'
  }
}

/**
 * The speaker of an operation, or why it is not listened to.
 *
 * `isAhead` takes a sequence number that is not the next one, for who asks before the operations in between are agreed.
 */
export function authenticate(
  turn: Turn,
  operation: ReadOperation,
  { isAhead }: { readonly isAhead: boolean },
): Speaker | { readonly refusal: Refusal } {
  const { signer, body, realm } = operation.statement
  const no = (rule: `topics/${string}`, detail: string) => ({ refusal: refusal(rule, detail) })
  if (realm !== turn.tools.realm) {
    return no('topics/wrong-realm', `signed for "${realm}", this organisation is "${turn.tools.realm}"`)
  }
  if (!mayAsk(signer, body.type))
    return no('topics/wrong-signer', `${body.type} is not signed by a ${signer.type}`)
  const { signerKey: key } = operation
  const actor = turn.state.tables.actors.at(key) ?? NEW_ACTOR
  const sequence = flawOfSequence(operation.statement.seq, actor.seq, isAhead)
  if (sequence !== undefined) return { refusal: sequence }
  const charged = charge(actor, operation, turn.block.clock)
  if ('refusal' in charged) return charged
  const known = identify(turn, operation)
  if ('refusal' in known) return known
  return { signer, key, actor: charged, ...known }
}

/** A signer that has not spoken yet. */
export const NEW_ACTOR: Actor = { seq: 0, buckets: [], readyEpoch: 0 }

function flawOfSequence(seq: number, next: number, isAhead: boolean): Refusal | undefined {
  if (seq < next)
    return refusal('topics/repeated', `operation ${seq} of this signer, the next one is ${next}`)
  if (seq > next && (!isAhead || seq > next + AHEAD_MAX)) {
    return refusal('topics/gap', `operation ${seq} of this signer, the next one is ${next}`)
  }
  return undefined
}

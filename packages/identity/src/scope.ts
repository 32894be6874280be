/**
 * Scopes: what a tag is for. Same person and same scope give the same tag; different scopes cannot be linked.
 *
 * A scope is a closed union, each kind with its id, so that a scope without one does not compile.
 *
 * @see identity.md, section 4
 */
import { DIGEST_BYTES } from '@mc/crypto'
import { unreachable } from '@mc/protocol'
import { utf8, Writer } from '@mc/protocol/wire'

/** The classes of anonymous rate tokens. */
export type RateClass = 'create'

/** What a tag is for, inside one organisation. */
export type Scope =
  /** The pseudonym of a participant in one topic. */
  | { readonly type: 'topic'; readonly topicId: Uint8Array }
  /** The nullifier of secret ballots in one meeting. */
  | { readonly type: 'ballot'; readonly meetingId: Uint8Array }
  /** An anonymous rate token: slot 0 … slots − 1 of one period. */
  | { readonly type: 'rate'; readonly rateClass: RateClass; readonly period: number; readonly slot: number }
  /** An in-person check. */
  | { readonly type: 'meet'; readonly nonce: Uint8Array }
  /** An anonymous evaluation of a freeze. */
  | { readonly type: 'evaluation'; readonly caseId: Uint8Array }

/**
 * The bytes of a scope in an organisation: both in full, so that nothing holds elsewhere.
 *
 * @throws RangeError unless ids are 32 bytes and numbers are 0 … 2^32 − 1.
 */
export function scopeBytes(org: Uint8Array, scope: Scope): Uint8Array {
  const writer = new Writer()
  writer.raw(idOf('organisation', org))
  switch (scope.type) {
    case 'topic':
      return named(writer, 'topic', idOf('topic', scope.topicId))
    case 'ballot':
      return named(writer, 'ballot', idOf('meeting', scope.meetingId))
    case 'rate':
      return named(writer, `rl:${scope.rateClass}`, twoNumbers(scope.period, scope.slot))
    case 'meet':
      return named(writer, 'meet', idOf('nonce', scope.nonce))
    case 'evaluation':
      return named(writer, 'eval', idOf('case', scope.caseId))
    default:
      return unreachable(scope)
  }
}

function named(writer: Writer, name: string, id: Uint8Array): Uint8Array {
  const bytes = utf8(name)
  writer.u8(bytes.length)
  writer.raw(bytes)
  writer.raw(id)
  return writer.finish()
}

function twoNumbers(first: number, second: number): Uint8Array {
  const writer = new Writer()
  writer.u32(first)
  writer.u32(second)
  return writer.finish()
}

function idOf(what: string, id: Uint8Array): Uint8Array {
  if (id.length !== DIGEST_BYTES)
    throw new RangeError(`scope: need ${DIGEST_BYTES} bytes of ${what}, got ${id.length}`)
  return id
}

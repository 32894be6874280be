/** What a rule says about an operation: why not, or what it does. Asking changes nothing. */
import type { Refusal } from '@mc/ledger'
import type { Speaker } from '../machine/authenticate.js'
import type { Turn } from '../machine/turn.js'
import type { BodyOf, BodyType } from '../operation/body.js'

/** Why not, or what it does. */
export type Verdict = Refusal | (() => void)

/** An operation whose speaker is known. */
export interface Heard<T extends BodyType> {
  readonly turn: Turn
  readonly speaker: Speaker
  readonly body: BodyOf<T>
  /** The id of the operation, and its sequence number. */
  readonly id: Uint8Array
  readonly seq: number
}

/** A rule for one kind of operation. */
export type Rule<T extends BodyType> = (heard: Heard<T>) => Verdict

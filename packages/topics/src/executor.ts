/**
 * What topics ask of contracts: to judge a program, to run one, to say whether a condition of code holds.
 *
 * Every method is a pure function of its arguments, and total: whatever a program says, it ends, with the same result at every
 * member. Budgets are counted in steps, never in time.
 */

import type { Action } from './action/action.js'
import type { Capability } from './action/capability.js'
import type { Predicate } from './action/predicate.js'
import type { Program } from './operation/program.js'
import type { OrganisationDraft, OrganisationView } from './organisation/organisation.js'
import type { TopicKind } from './organisation/topic-kind.js'

/** What an execution may use up. */
export interface Budget {
  readonly gas: number
  /** Bytes that it may write. */
  readonly storageBytes: number
}

/** What a program is, or why it is none. */
export type Validation =
  | { readonly valid: true; readonly capabilities: readonly Capability[]; readonly gas: number }
  | { readonly valid: false; readonly reason: string; readonly gas: number }

/** One line of what an execution changed, for people: which table, which key, before and after. */
export interface Change {
  readonly table: string
  readonly key: Uint8Array
  readonly before: string | undefined
  readonly after: string | undefined
}

/** How an execution ended. After `failed`, whoever called drops the draft. */
export type Execution =
  | { readonly outcome: 'executed'; readonly gas: number; readonly diff: readonly Change[] }
  | { readonly outcome: 'failed'; readonly gas: number; readonly reason: string }

/** Why a program runs. */
export interface ExecutionContext {
  /** The topic that decided it; the one that scheduled it, for what was decided for later. */
  readonly topic: Uint8Array
  readonly kind: TopicKind
  readonly domain: Uint8Array
  /** The block, its time in seconds of L, and its beacon. */
  readonly epoch: number
  readonly clock: number
  readonly beacon: Uint8Array
  readonly budget: Budget
  /** What the program may do at most. */
  readonly capabilities: readonly Capability[]
  readonly view: OrganisationView
  readonly draft: OrganisationDraft
}

/** Runs contracts. */
export interface Executor {
  readonly name: string
  readonly version: number
  /** Judges a program when it is proposed, without looking at the state beyond the installed types. */
  validate(program: Program, kind: TopicKind, view: OrganisationView, budget: Budget): Validation
  /** Runs a program on a draft. */
  execute(program: Program, context: ExecutionContext): Execution
  /** Runs the actions that a predicate, a schedule or the end of a mandate brings. */
  apply(actions: readonly Action[], context: ExecutionContext): Execution
  /** Whether a condition of code holds; false if it cannot be told within the budget. */
  holds(custom: Extract<Predicate, { type: 'custom' }>, view: OrganisationView, budget: Budget): boolean
  /** What a program does, in words. */
  describe?(program: Program, language: string): string
}

/**
 * Where contract code runs: one call in, one outcome out, the same at every member.
 */

/** The functions that a contract may define, each called by its name. */
export type ContractEntry = 'validate' | 'execute' | 'describe' | 'holds'

/** What a contract may ask while it runs. Total: any question has an answer. */
export type Oracle = (question: string) => string

/** One call of a contract. */
export interface SandboxCall {
  /** The contract's source: one script, without modules. */
  readonly source: string
  readonly entry: ContractEntry
  /** The arguments, as the text of a JSON array. */
  readonly input: string
  /** The most it may cost, initialisation and answers included; a positive safe integer. */
  readonly fuel: number
  /** Answers the questions of `view`; without it, there is no `view`. */
  readonly oracle?: Oracle
}

/** What ran out. */
export type Resource = 'fuel' | 'memory' | 'stack'

/**
 * What became of a call, and what it cost.
 *
 * A function of the call alone: not of the machine, the time, or what ran before. What was exhausted costs all the fuel.
 */
export type SandboxOutcome =
  /** The result as JSON text; it is the contract's word, so whoever reads it believes nothing. */
  | { readonly status: 'returned'; readonly text: string; readonly fuel: number }
  | { readonly status: 'threw'; readonly message: string; readonly fuel: number }
  | { readonly status: 'exhausted'; readonly resource: Resource; readonly fuel: number }
  /** The engine itself broke off, at the same instruction everywhere. */
  | { readonly status: 'broken'; readonly fuel: number }

/** An engine for contract code, ready to be called. */
export interface Sandbox {
  /** Names the engine, its limits and its metering; part of what all members must share. */
  readonly engine: string
  /** @throws RangeError if `fuel` is no positive safe integer; InvariantViolation if the host itself failed: the node stops. */
  call(call: SandboxCall): SandboxOutcome
}

/**
 * Runs a contract type: its code in a sandbox, and of what it says only what is an action.
 */
import type { Sha256 } from '@mc/crypto'
import { DecodeError, fromUtf8 } from '@mc/protocol/wire'
import type { Action, OrganisationView } from '@mc/topics'
import { refusal } from '../execution/refusal.js'
import type { ContractEntry, Sandbox } from '../sandbox/sandbox.js'
import { actionsOf } from './action-value.js'
import { isCodeOf } from './code-cid.js'
import { CODE_BYTES_MAX, type CodeStore, MissingCode } from './code-store.js'
import { parseValue, type Value, valueText } from './value.js'
import { type Place, viewOracle } from './view-oracle.js'

/** One unit of gas is this many instructions of the engine. */
export const INSTRUCTIONS_PER_GAS = 32

/** The most gas that one call of code may use, whatever a domain allows: no vote may stop all nodes for minutes. */
export const CALL_GAS_MAX = 50_000_000

/** What contract code needs to run. */
export interface CodeRuntime {
  readonly sandbox: Sandbox
  readonly codes: CodeStore
  readonly sha256: Sha256
}

/** What a contract said, or why it said nothing, and what that cost. */
export type Said<T> =
  | { readonly ok: true; readonly value: T; readonly gas: number }
  | { readonly ok: false; readonly reason: string; readonly gas: number }

/** A contract's call. */
export interface ContractCall {
  readonly cid: Uint8Array
  readonly entry: ContractEntry
  readonly arguments: readonly Value[]
  readonly gas: number
  /** What it may read; without it, nothing. */
  readonly reads?: { readonly view: OrganisationView; readonly place: Place }
}

/**
 * Calls a contract and reads what it returned.
 *
 * @throws MissingCode if the node does not have the code: that is no outcome, since other nodes do.
 */
export function callContract(call: ContractCall, { sandbox, codes, sha256 }: CodeRuntime): Said<Value> {
  const code = codes.get(call.cid)
  if (code === undefined) throw new MissingCode(call.cid)
  const source = sourceOf(code, call.cid, sha256)
  if (source === undefined)
    return { ok: false, reason: refusal('code', 'not the text that the CID names'), gas: 0 }
  if (call.gas < 1) return { ok: false, reason: refusal('budget', 'no gas left'), gas: 0 }
  const fuel = Math.min(call.gas, CALL_GAS_MAX) * INSTRUCTIONS_PER_GAS
  const input = valueText(call.arguments)
  const { entry, reads } = call
  const oracle = reads && viewOracle(reads.view, reads.place)
  const outcome = sandbox.call({ source, entry, input, fuel, ...(oracle && { oracle }) })
  const gas = Math.min(call.gas, Math.ceil(outcome.fuel / INSTRUCTIONS_PER_GAS))
  switch (outcome.status) {
    case 'exhausted':
      return { ok: false, reason: refusal('budget', `the code ran out of ${outcome.resource}`), gas }
    case 'threw':
      return { ok: false, reason: refusal('code', outcome.message), gas }
    case 'broken':
      return { ok: false, reason: refusal('code', 'the engine broke off'), gas }
    case 'returned': {
      const value = parseValue(outcome.text)
      return value === undefined
        ? {
            ok: false,
            reason: refusal('code', 'it returned no value of integers, strings, lists and records'),
            gas,
          }
        : { ok: true, value, gas }
    }
  }
}

/** Runs `execute` and reads the actions that it returned. */
export function executeContract(
  call: Omit<ContractCall, 'entry'>,
  runtime: CodeRuntime,
): Said<readonly Action[]> {
  const said = callContract({ ...call, entry: 'execute' }, runtime)
  if (!said.ok) return said
  const actions = actionsOf(said.value)
  return typeof actions === 'string'
    ? { ok: false, reason: refusal('code', `it returned no actions: ${actions}`), gas: said.gas }
    : { ok: true, value: actions, gas: said.gas }
}

function sourceOf(code: Uint8Array, cid: Uint8Array, sha256: Sha256): string | undefined {
  if (code.length > CODE_BYTES_MAX || !isCodeOf(cid, code, sha256)) return undefined
  try {
    return fromUtf8(code)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

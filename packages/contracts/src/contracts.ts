/**
 * The executor of topics: tier 0 always, tier 1 where an organisation has switched it on.
 */
import { unreachable } from '@mc/protocol'
import { DecodeError, fromUtf8, utf8 } from '@mc/protocol/wire'
import type {
  Action,
  Budget,
  Execution,
  ExecutionContext,
  Executor,
  OrganisationView,
  Predicate,
  Program,
  TopicKind,
  Validation,
} from '@mc/topics'
import type { ActionContext, ActionCrypto } from './actions/action-context.js'
import { capabilitiesOf } from './actions/capabilities.js'
import { misplaced } from './actions/kinds.js'
import { parameterOf } from './actions/staleness.js'
import { flawOfActions } from './actions/static-flaw.js'
import type { CodeStore } from './code/code-store.js'
import { type CodeRuntime, callContract, executeContract } from './code/run-contract.js'
import { parseValue, type Value } from './code/value.js'
import {
  describeActions,
  describeContract,
  type Language,
  languageOf,
} from './description/describe-actions.js'
import { gasOf, runBatch } from './execution/batch.js'
import { Overlay } from './execution/overlay.js'
import { refusal } from './execution/refusal.js'
import type { Sandbox } from './sandbox/sandbox.js'

/** The parameter of the organisation that switches tier 1 on, with the value 1. Off by default. */
export const CODE_PARAMETER = 'contracts/code'

/** The most gas that `validate` of a contract may use: it is charged to whoever proposes. */
export const VALIDATION_GAS_MAX = 500_000

/** The most gas that a condition in code may use, each time it is asked. */
export const CONDITION_GAS_MAX = 500_000

/** The most gas that a description may use. */
export const DESCRIPTION_GAS_MAX = 500_000

/** What an executor is made of. */
export interface ContractsOptions extends ActionCrypto {
  /** Where contract code runs, and is kept. Without it no organisation of this node can switch tier 1 on. */
  readonly code?: { readonly sandbox: Sandbox; readonly codes: CodeStore }
}

/**
 * The executor.
 *
 * All members of an organisation must be given the same options: `name` says which. Every method is total but for `MissingCode`, which
 * no member throws that has fetched what `missingCode` names.
 */
export function contracts(options: ContractsOptions): Executor & { readonly describe: Describe } {
  return new Contracts(options)
}

/** What a program does, in words, one line per step. */
export type Describe = (program: Program, language: string) => string

class Contracts implements Executor {
  readonly name: string
  readonly version = 1
  readonly #crypto: ActionCrypto
  readonly #runtime: CodeRuntime | undefined

  constructor({ code, ...crypto }: ContractsOptions) {
    this.name = `contracts/${code?.sandbox.engine ?? 'actions'}`
    this.#crypto = crypto
    this.#runtime = code && { ...code, sha256: crypto.sha256 }
  }

  validate(program: Program, kind: TopicKind, view: OrganisationView, budget: Budget): Validation {
    switch (program.type) {
      case 'actions':
        return validateActions(program.actions, kind, budget)
      case 'contract':
        return this.#validateContract(program, view, budget)
      default:
        return unreachable(program)
    }
  }

  execute(program: Program, context: ExecutionContext): Execution {
    switch (program.type) {
      case 'actions':
        return this.apply(program.actions, context)
      case 'contract':
        return this.#executeContract(program, context)
      default:
        return unreachable(program)
    }
  }

  apply(actions: readonly Action[], context: ExecutionContext): Execution {
    const { capabilities, budget } = context
    const overlay = new Overlay(context.draft)
    const execution = runBatch(actions, this.#actionContext(context, overlay), { capabilities, ...budget })
    if (execution.outcome === 'failed') return execution
    const refused = overlay.writeTo(context.draft)
    return refused === undefined
      ? execution
      : { outcome: 'failed', gas: execution.gas, reason: refusal('invalid', refused) }
  }

  holds(custom: Extract<Predicate, { type: 'custom' }>, view: OrganisationView, budget: Budget): boolean {
    const runtime = this.#runtimeIn(view)
    if (runtime === undefined || view.contractTypes.get(custom.cid) === undefined) return false
    const gas = Math.min(budget.gas, CONDITION_GAS_MAX)
    const reads = { view, place: { topic: undefined, beacon: undefined } }
    const said = callContract({ cid: custom.cid, entry: 'holds', arguments: [], gas, reads }, runtime)
    return said.ok && said.value === true
  }

  describe(program: Program, language: string): string {
    const spoken = languageOf(language)
    if (program.type === 'actions') return describeActions(program.actions, spoken)
    return describeContract(program.contractType, this.#wordsOf(program, spoken), spoken)
  }

  #validateContract(
    { contractType, parameters }: Extract<Program, { type: 'contract' }>,
    view: OrganisationView,
    budget: Budget,
  ): Validation {
    const refused = (reason: string, gas = 0): Validation => ({ valid: false, reason, gas })
    const type = view.contractTypes.get(contractType)
    const runtime = this.#runtimeIn(view)
    if (runtime === undefined) return refused(refusal('invalid', 'contract code is switched off'))
    if (type === undefined || type.isRetired)
      return refused(refusal('invalid', 'no such contract type in use'))
    const value = parametersOf(parameters)
    if (value === undefined) return refused(refusal('invalid', 'the parameters are no value'))
    const gas = Math.min(budget.gas, VALIDATION_GAS_MAX)
    const said = callContract({ cid: contractType, entry: 'validate', arguments: [value], gas }, runtime)
    return said.ok
      ? { valid: true, capabilities: type.capabilities, gas: said.gas }
      : refused(said.reason, said.gas)
  }

  #executeContract(
    { contractType, parameters }: Extract<Program, { type: 'contract' }>,
    context: ExecutionContext,
  ): Execution {
    const failed = (reason: string, gas = 0): Execution => ({ outcome: 'failed', gas, reason })
    const { draft, topic, beacon, budget } = context
    const runtime = this.#runtimeIn(draft)
    if (runtime === undefined) return failed(refusal('invalid', 'contract code is switched off'))
    const type = draft.contractTypes.get(contractType)
    if (type === undefined) return failed(refusal('invalid', 'no such contract type'))
    const value = parametersOf(parameters)
    if (value === undefined) return failed(refusal('invalid', 'the parameters are no value'))
    const reads = { view: draft, place: { topic, beacon } }
    const said = executeContract({ cid: contractType, arguments: [value], gas: budget.gas, reads }, runtime)
    if (!said.ok) return failed(said.reason, said.gas)
    const capabilities = context.capabilities.filter(capability => type.capabilities.includes(capability))
    const left = { ...budget, gas: budget.gas - said.gas }
    const execution = this.apply(said.value, { ...context, capabilities, budget: left })
    return { ...execution, gas: execution.gas + said.gas }
  }

  #wordsOf(
    { contractType, parameters }: Extract<Program, { type: 'contract' }>,
    language: Language,
  ): string | undefined {
    const value = parametersOf(parameters)
    if (this.#runtime?.codes.get(contractType) === undefined || value === undefined) return undefined
    const call = { cid: contractType, entry: 'describe', arguments: [value, language] } as const
    const said = callContract({ ...call, gas: DESCRIPTION_GAS_MAX }, this.#runtime)
    return said.ok && typeof said.value === 'string' ? said.value : undefined
  }

  #runtimeIn(view: Pick<OrganisationView, 'parameters'>): CodeRuntime | undefined {
    return parameterOf(view, CODE_PARAMETER) === 1 ? this.#runtime : undefined
  }

  #actionContext({ topic, kind, clock }: ExecutionContext, overlay: Overlay): ActionContext {
    const isCodeOn = this.#runtimeIn(overlay) !== undefined
    return { overlay, crypto: this.#crypto, topic, kind, clock, isCodeOn }
  }
}

function validateActions(actions: readonly Action[], kind: TopicKind, budget: Budget): Validation {
  const flaw = flawOfActions(actions)
  if (flaw !== undefined) return { valid: false, reason: refusal('invalid', flaw), gas: 0 }
  const gas = gasOf(actions)
  const foreign = misplaced(actions, kind)
  if (foreign !== undefined) return { valid: false, reason: refusal('capability', foreign), gas }
  return gas > budget.gas
    ? { valid: false, reason: refusal('budget', `the actions cost ${gas} gas of ${budget.gas}`), gas }
    : { valid: true, capabilities: capabilitiesOf(actions), gas }
}

/** Parameters of a contract: a value as text in UTF-8. */
function parametersOf(bytes: Uint8Array): Value | undefined {
  try {
    return parseValue(fromUtf8(bytes))
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** A value as parameters of a contract. */
export const contractParameters = (text: string): Uint8Array => utf8(text)

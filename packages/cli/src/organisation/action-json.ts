/**
 * Programs as people write them: actions in JSON, bytes in hexadecimal, domains by name.
 */
import { readFile } from 'node:fs/promises'
import { actionsOf, contractParameters, parseValue, type Value, valueText } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex } from '@mc/protocol/wire'
import { type Action, GENESIS_DOMAINS, genesisDomainId, type Program } from '@mc/topics'
import { CommandError } from '../terminal/failure.js'
import { type Completing, completed, isRecord } from './action-completing.js'
import { ACTION_EXAMPLES } from './action-examples.js'

/** The flags that say what a proposal does. */
export interface ProgramFlags {
  readonly actions?: string
  readonly contract?: string
  readonly parameters?: string
}

/** What a proposal does, as it was written: actions are completed when the state is known. */
export type ProgramDraft =
  | { readonly type: 'actions'; readonly actions: readonly Value[] }
  | Extract<Program, { type: 'contract' }>

/** What the flags say; nothing for words alone. @throws CommandError that names the field. */
export async function draftIn({
  actions,
  contract,
  parameters,
}: ProgramFlags): Promise<ProgramDraft | undefined> {
  if (actions !== undefined && contract !== undefined)
    throw new CommandError('usage/program', 'a proposal does --actions or a --contract, not both')
  if (actions !== undefined) return { type: 'actions', actions: listIn(await textIn(actions), 'actions') }
  if (contract === undefined) {
    if (parameters === undefined) return undefined
    throw new CommandError('usage/program', '--parameters are those of a --contract', { field: 'parameters' })
  }
  if (!/^([0-9a-f]{2})+$/.test(contract))
    throw new CommandError('input/malformed-id', '--contract: need a CID in hexadecimal', {
      field: 'contract',
    })
  const text = parameters === undefined ? 'null' : await textIn(parameters)
  return {
    type: 'contract',
    contractType: fromHex(contract),
    parameters: contractParameters(valueText(valueIn(text, 'parameters'))),
  }
}

/** The program that was meant. @throws CommandError whose field is the place of what is wrong. */
export async function programOf(draft: ProgramDraft, completing: Completing): Promise<Program> {
  if (draft.type === 'contract') return draft
  const actions: Value[] = []
  for (const one of draft.actions) actions.push(await completed(one, completing))
  return { type: 'actions', actions: actionsOfAll(actions) }
}

/**
 * Actions in JSON: one, or a list.
 *
 * @throws CommandError whose field is the place of what is wrong, for example `actions[1].member`.
 */
export const actionsIn = (text: string): readonly Action[] => actionsOfAll(listIn(text, 'actions'))

/** What a list of actions says. @throws CommandError whose field is the place of what is wrong. */
export const actionsOfAll = (list: readonly Value[], place = 'actions'): readonly Action[] =>
  list.flatMap((one, at) => actionAt(one, `${place}[${at}]`, 'input/malformed-action'))

/** One action, read at a place of what somebody wrote. @throws CommandError with the rule, whose field is the place of what is wrong. */
export function actionAt(value: Value, place: string, rule: string): readonly Action[] {
  const reading = new Reading(place)
  const actions = actionsOf([reading.of(withNames(value))])
  if (typeof actions !== 'string') return actions
  const field = reading.placeOf(actions)
  throw new CommandError(rule, `${field}: ${actions}${choices(actions, value)}`, { field })
}

/** Which types there are, where somebody asks for another one. */
const choices = (complaint: string, value: Value): string =>
  complaint === 'no such type' && !(isRecord(value) && Object.hasOwn(ACTION_EXAMPLES, String(value['type'])))
    ? `; there are ${Object.keys(ACTION_EXAMPLES).join(', ')}`
    : ''

/** A file, or standard input for `-`. @throws CommandError */
export async function textIn(path: string): Promise<string> {
  return readFile(path === '-' ? '/dev/stdin' : path, 'utf8').catch(error => {
    throw new CommandError('input/unreadable', `${path} cannot be read: ${error.message}`, { field: 'file' })
  })
}

/** JSON as programs read it: one value. @throws CommandError */
export function valueIn(text: string, field: string): Value {
  const value = parseValue(text)
  if (value !== undefined) return value
  const message = `${field}: no JSON of whole numbers, texts, true, false, null, lists and records`
  throw new CommandError('input/malformed-json', message, { field })
}

function listIn(text: string, field: string): readonly Value[] {
  const value = valueIn(text, field)
  return Array.isArray(value) ? value : [value]
}

const DOMAIN_FIELDS = ['domain', 'from', 'into', 'parent']

/** The domains that every organisation has may be called by their names. */
function withNames(value: Value): Value {
  if (!isRecord(value)) return value
  const fields = Object.entries(value).map(([name, field]): [string, Value] => {
    const domain = DOMAIN_FIELDS.includes(name) && GENESIS_DOMAINS.find(one => one === field)
    return [name, domain ? hex(genesisDomainId(domain, crypto.sha256)) : field]
  })
  return Object.fromEntries(fields)
}

/** Complaints that are made at the field that was looked at last; the others are about the action as a whole. */
const ABOUT_A_FIELD = /^(need (bytes in hex|a (string|number|boolean|list|record))|no such type)$/

/** Follows a reader, which says what is wrong but not where, through the fields that it looks at. */
class Reading {
  readonly #place: string
  #last: string

  constructor(place: string) {
    this.#place = place
    this.#last = place
  }

  /** The same value, watched. */
  of(value: Value, place: string = this.#place): Value {
    if (typeof value !== 'object' || value === null) return value
    return new Proxy(value, {
      get: (target, name, receiver) => {
        const field: unknown = Reflect.get(target, name, receiver)
        const isIndex = typeof name === 'string' && /^\d+$/.test(name)
        if (typeof name === 'symbol' || (Array.isArray(target) && !isIndex)) return field
        this.#last = isIndex ? `${place}[${name}]` : `${place}.${name}`
        return this.of((field ?? null) as Value, this.#last)
      },
    })
  }

  /** Where the complaint belongs. */
  placeOf(complaint: string): string {
    const unknown = /^no field (\S+) here$/.exec(complaint)?.[1]
    if (unknown !== undefined) return `${this.#last.replace(/\.type$/, '')}.${unknown}`
    return ABOUT_A_FIELD.test(complaint) ? this.#last : this.#place
  }
}

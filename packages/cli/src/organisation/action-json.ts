/**
 * Programs as people write them: actions in JSON, bytes in hexadecimal, domains by name.
 */
import { readFile } from 'node:fs/promises'
import { actionsOf, contractParameters, parseValue, type Value, valueText } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex } from '@mc/protocol/wire'
import { type Action, GENESIS_DOMAINS, genesisDomainId, type Program } from '@mc/topics'
import { CommandError } from '../terminal/failure.js'

/** The flags that say what a proposal does. */
export interface ProgramFlags {
  readonly actions?: string
  readonly contract?: string
  readonly parameters?: string
}

/** What the flags say; nothing for words alone. @throws CommandError that names the field. */
export async function programIn({
  actions,
  contract,
  parameters,
}: ProgramFlags): Promise<Program | undefined> {
  if (actions !== undefined && contract !== undefined)
    throw new CommandError('usage/program', 'a proposal does --actions or a --contract, not both')
  if (actions !== undefined) return { type: 'actions', actions: actionsIn(await textIn(actions)) }
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

/**
 * Actions in JSON: one, or a list.
 *
 * @throws CommandError whose field is the place of what is wrong, for example `actions[1].member`.
 */
export function actionsIn(text: string): readonly Action[] {
  const value = valueIn(text, 'actions')
  const list: readonly Value[] = Array.isArray(value) ? value : [value]
  return list.flatMap((one, at) => {
    const reading = new Reading(`actions[${at}]`)
    const actions = actionsOf([reading.of(withNames(one))])
    if (typeof actions !== 'string') return actions
    const field = reading.placeOf(actions)
    throw new CommandError('input/malformed-action', `${field}: ${actions}`, { field })
  })
}

/** A file, or standard input for `-`. @throws CommandError */
export async function textIn(path: string): Promise<string> {
  return readFile(path === '-' ? '/dev/stdin' : path, 'utf8').catch(error => {
    throw new CommandError('input/unreadable', `${path} cannot be read: ${error.message}`, { field: 'file' })
  })
}

function valueIn(text: string, field: string): Value {
  const value = parseValue(text)
  if (value !== undefined) return value
  const message = `${field}: no JSON of whole numbers, texts, true, false, null, lists and records`
  throw new CommandError('input/malformed-json', message, { field })
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

const isRecord = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

/** What differs from the profile when an organisation is founded, from a JSON file. */
import {
  flawOfParameters,
  GENESIS_DOMAINS,
  genesisParameters,
  type OrganisationGenesis,
  PARAMETERS,
  type Profile,
} from '@mc/topics'
import { CommandError } from '../terminal/failure.js'
import { textIn } from './action-json.js'

/** The part of a genesis that a file may say. */
export type RulesOverride = Pick<OrganisationGenesis, 'rules' | 'parameters'>

const WINDOW = { min: 1, max: 2_592_000 } as const

/** Windows from one second on. */
export const QUICK_RULES: RulesOverride = {
  rules: Object.fromEntries(
    GENESIS_DOMAINS.map(domain => [
      domain,
      {
        meet: WINDOW,
        publicity: WINDOW,
        publicityBase: 1,
        publicityNeed: { min: 1, max: 60 },
        evaluationWindow: 10,
        queueMinAge: 0,
      },
    ]),
  ),
  parameters: { heartbeat: 1 },
}

/** Reads a file, and checks it against a profile. @throws CommandError that names the field. */
export async function readRules(path: string, profile: Profile): Promise<RulesOverride> {
  const value = recordIn(parsed(path, await textIn(path)), 'rules file')
  for (const name of Object.keys(value))
    if (name !== 'rules' && name !== 'parameters') throw wrong(name, 'no such field: need rules, parameters')
  const rules = recordIn(value['rules'] ?? {}, 'rules')
  for (const [domain, given] of Object.entries(rules)) checkDomain(domain, given, profile)
  const parameters = recordIn(value['parameters'] ?? {}, 'parameters')
  for (const [name, number] of Object.entries(parameters)) {
    const field = `parameters.${name}`
    if (!Object.hasOwn(PARAMETERS, name))
      throw wrong(field, `there is none; there are ${Object.keys(PARAMETERS)}`)
    if (!isNatural(number)) throw wrong(field, 'need a whole number')
  }
  return { rules, parameters } as RulesOverride
}

/** The later one counts where both say something. */
export const merged = (left: RulesOverride, right: RulesOverride): RulesOverride => ({
  rules: Object.fromEntries(
    GENESIS_DOMAINS.map(domain => [domain, { ...left.rules?.[domain], ...right.rules?.[domain] }]),
  ),
  parameters: { ...left.parameters, ...right.parameters },
})

function checkDomain(domain: string, given: unknown, profile: Profile): void {
  const known = GENESIS_DOMAINS.find(name => name === domain)
  if (known === undefined)
    throw wrong(`rules.${domain}`, `no such domain; there are ${GENESIS_DOMAINS.join(', ')}`)
  const base = genesisParameters(profile, known) as unknown as Readonly<Record<string, unknown>>
  const fields = recordIn(given, `rules.${domain}`)
  for (const [name, value] of Object.entries(fields)) {
    const field = `rules.${domain}.${name}`
    if (!Object.hasOwn(base, name))
      throw wrong(field, `there is none; there are ${Object.keys(base).join(', ')}`)
    if (!isLike(base[name], value)) throw wrong(field, `need something like ${JSON.stringify(base[name])}`)
  }
  const flaw = flawOfParameters({ ...genesisParameters(profile, known), ...fields })
  if (flaw !== undefined) throw wrong(`rules.${domain}`, flaw)
}

/** Whether a value has the shape of the one it replaces. */
function isLike(pattern: unknown, value: unknown): boolean {
  if (typeof pattern === 'number') return isNatural(value)
  if (Array.isArray(pattern)) return Array.isArray(value)
  if (typeof pattern !== 'object' || pattern === null) return typeof value === typeof pattern
  if (typeof value !== 'object' || value === null) return false
  const names = Object.keys(pattern)
  const fields = value as Readonly<Record<string, unknown>>
  return Object.keys(fields).length === names.length && names.every(name => isNatural(fields[name]))
}

const isNatural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandError('input/malformed-json', `${path}: no JSON (${(error as Error).message})`, {
      field: 'rules',
    })
  }
}

function recordIn(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw wrong(field, 'need a record')
}

const wrong = (field: string, message: string): CommandError =>
  new CommandError('input/malformed-rules', `${field}: ${message}`, { field })

/**
 * Completes actions as people write them: what they leave out is what stands there now, names stand for ids, texts for their CIDs.
 *
 * An action carries in `expect` what its author saw, so that a decision which the state has overtaken fails whole; whoever leaves it
 * out means the state of this moment.
 */
import { toValue, type Value } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { payloadCid } from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import { durationIn } from './duration.js'
import { domainOf, memberOf } from './finding.js'
import type { OrganisationClient } from './organisation-client.js'

/** A record of an action. */
export type Fields = Readonly<Record<string, Value>>

/** What is asked while actions are completed. */
export interface Completing {
  readonly organisation: OrganisationClient
  /** Where the folder people is, whose names may stand for members. */
  readonly directory: string
}

/** The binary CID of a text, in hexadecimal. */
export const textCid = (text: string): string => hex(payloadCid(utf8(text), crypto.sha256).bytes)

/** Whether a value is a record. */
export const isRecord = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One action, completed; what is no record stays as it is, and is refused by whoever reads it. @throws CommandError for unknown names. */
export async function completed(value: Value, completing: Completing): Promise<Value> {
  if (!isRecord(value)) return value
  const fields = withTexts(await withIds(value, completing))
  const left = await leftOut(fields, completing)
  return { ...left, ...fields, ...(await merged(fields, completing)) }
}

const DOMAIN_FIELDS = ['domain', 'from', 'into', 'parent']
const MEMBER_FIELDS = ['member', 'holder', 'sponsor']
const TIMES = ['term', 'reportEvery']

async function withIds(fields: Fields, { organisation, directory }: Completing): Promise<Fields> {
  const found: [string, Value][] = []
  for (const [name, value] of Object.entries(fields)) {
    const isName = typeof value === 'string' && !/^[0-9a-f]{64}$/.test(value)
    // The holder of an exception is named in words: it need not be a member.
    const isMember = MEMBER_FIELDS.includes(name) && fields['type'] !== 'exception.open'
    if (isName && DOMAIN_FIELDS.includes(name)) found.push([name, (await domainOf(organisation, value)).id])
    else if (isName && isMember) found.push([name, (await memberOf(organisation, value, directory)).id])
    else if (isName && TIMES.includes(name)) found.push([name, durationIn(value) ?? value])
    else found.push([name, value])
  }
  return Object.fromEntries(found)
}

/** `text` in the place of a CID or of bytes; names of a domain as `{"en":"School"}`. */
function withTexts({ text, names, ...fields }: Fields): Fields {
  const { type } = fields
  const named =
    names === undefined || !isRecord(names)
      ? names
      : Object.entries(names).map(([language, one]) => ({ language, text: one }))
  const kept = { ...fields, ...(named === undefined ? {} : { names: named }) }
  if (typeof text !== 'string') return text === undefined ? kept : { ...kept, text }
  if (type === 'registry.set') return { ...kept, cid: textCid(text) }
  if (type === 'event.emit') return { ...kept, payload: hex(utf8(text)) }
  return { ...kept, text }
}

async function leftOut(fields: Fields, { organisation }: Completing): Promise<Fields> {
  const { type, key, name, domain } = fields
  const standing = async (): Promise<Awaited<ReturnType<typeof domainOf>> | undefined> =>
    typeof domain === 'string' ? organisation.entry('domains', domain) : undefined
  switch (type) {
    case 'registry.set': {
      const entry = await organisation.entry('registry', hex(utf8(String(key))))
      return { expect: entry?.cid ?? null }
    }
    case 'parameter.set': {
      const entry = await organisation.entry('parameters', hex(utf8(String(name))))
      return { expect: entry?.value ?? 0 }
    }
    case 'domain.setSlots':
      return { expect: (await standing())?.parameters.activeSlots ?? null }
    case 'domain.setParameters':
      return { expect: toValue((await standing())?.parameters) }
    case 'domain.rename':
      return { expect: toValue((await standing())?.names) }
    case 'member.add':
      return { attestations: [] }
    case 'mandate.grant':
    case 'exception.open':
    case 'attester.add':
      return { onConvert: [] }
    default:
      return {}
  }
}

/** The rules of a domain, those that are not named as they are: of the domain itself, of the one called general for a new one. */
async function merged(fields: Fields, { organisation }: Completing): Promise<Fields> {
  const { type, domain, parameters = {} } = fields
  if (!isRecord(parameters)) return {}
  const isNew = type === 'domain.create'
  if (!isNew && type !== 'domain.setParameters') return {}
  const base = await domainOf(organisation, isNew ? 'general' : String(domain))
  const rules = toValue(base.parameters)
  return isRecord(rules) ? { parameters: { ...rules, ...parameters } } : {}
}

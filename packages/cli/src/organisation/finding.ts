/** Finds what people mean: a topic by the beginning of its id, a domain by its name, a candidate by either. */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex } from '@mc/protocol/wire'
import { BUILT_IN, builtInIdOf, GENESIS_DOMAINS, genesisDomainId } from '@mc/topics'
import { CommandError, FAILED } from '../terminal/failure.js'
import { byPrefix } from './ids.js'
import { fill, languageHere } from './language.js'
import type { OrganisationClient, RowJson, TableName } from './organisation-client.js'
import { namesHere } from './people-here.js'
import type { Person } from './person.js'
import { textsHere } from './texts/texts.js'

/** A row of a table by the beginning of its id. @throws CommandError if it is none's, or several ones'. */
async function rowOf<T extends 'topics' | 'mandates'>(
  organisation: OrganisationClient,
  table: T,
  what: string,
  text: string,
): Promise<RowJson<T>> {
  if (/^[0-9a-f]{64}$/.test(text)) {
    const row = await organisation.entry(table as TableName, text)
    if (row !== undefined) return row as RowJson<T>
  }
  const rows = (await organisation.table(table as TableName)) as readonly (RowJson<T> & {
    readonly id: string
  })[]
  return byPrefix(what, text, rows)
}

/** A topic. @throws CommandError */
export const topicOf = (organisation: OrganisationClient, text: string): Promise<RowJson<'topics'>> =>
  rowOf(organisation, 'topics', 'topic', text)

/** A member, by the beginning of its id or by the name on a card in the folder people. @throws CommandError */
export async function memberOf(
  organisation: OrganisationClient,
  text: string,
  directory: string,
): Promise<RowJson<'members'>> {
  const members = await organisation.table('members')
  const names = await namesHere(directory, members)
  const named = members.filter(({ id }) => names.get(id) === text)
  const [only] = named
  return only !== undefined && named.length === 1 ? only : byPrefix('member', text, members)
}

/** A mandate. @throws CommandError */
export const mandateOf = (organisation: OrganisationClient, text: string): Promise<RowJson<'mandates'>> =>
  rowOf(organisation, 'mandates', 'mandate', text)

/** A domain, by one of its names or the beginning of its id. @throws CommandError that lists the names there are. */
export async function domainOf(organisation: OrganisationClient, text: string): Promise<RowJson<'domains'>> {
  const domains = await organisation.table('domains')
  const wanted = text.toLowerCase()
  const genesis = GENESIS_DOMAINS.find(name => name === wanted)
  const id = genesis && hex(genesisDomainId(genesis, crypto.sha256))
  const named = domains.filter(
    domain => domain.id === id || domain.names.some(name => name.text.toLowerCase() === wanted),
  )
  const [only] = named
  if (only !== undefined && named.length === 1) return only
  if (/^[0-9a-f]+$/.test(wanted)) return byPrefix('domain', wanted, domains)
  const names = domains.map(domainName).join(', ')
  throw new CommandError('input/unknown-domain', `no domain is named "${text}"; there are ${names}`, {
    field: 'domain',
  })
}

/** The name of a domain in the language of this process, else its first one. */
export function domainName({ names, id }: RowJson<'domains'>): string {
  const language = languageHere()
  return (names.find(name => name.language.startsWith(language)) ?? names[0])?.text ?? id
}

/** Where a person sits in a topic. @throws CommandError if it has no seat now. */
export async function seatOf(person: Person, topic: RowJson<'topics'>): Promise<RowJson<'meetings'>> {
  const part = await person.partIn(topic)
  const meeting = part?.meeting && (await person.organisation.entry('meetings', part.meeting))
  if (meeting) return meeting
  const { speak, states } = textsHere()
  const state = states[topic.state]
  throw new CommandError('topics/not-a-voter', fill(speak.noMeeting, { state }), { exitCode: FAILED })
}

/** Candidates of a meeting by the beginnings of their ids, or by the name of a built-in one; ascending, each once. @throws CommandError */
export function candidatesOf(meeting: RowJson<'meetings'>, texts: readonly string[]): readonly Uint8Array[] {
  const builtIn = new Map(
    BUILT_IN.map(name => [name.toLowerCase(), hex(builtInIdOf(fromHex(meeting.topic), name, crypto.sha256))]),
  )
  const candidates = meeting.candidates.map(id => ({ id }))
  const ids = texts.map(text => byPrefix('candidate', builtIn.get(text.toLowerCase()) ?? text, candidates).id)
  return [...new Set(ids)].sort().map(fromHex)
}

/** What a built-in candidate is called; nothing for a proposal. */
export function builtInName(topic: string, candidate: string): string | undefined {
  return BUILT_IN.find(name => hex(builtInIdOf(fromHex(topic), name, crypto.sha256)) === candidate)
}

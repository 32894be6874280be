/**
 * `mc topic`: opening, joining, leaving, looking.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { SECRET_VOTERS_MIN } from '@mc/identity'
import { fromHex } from '@mc/protocol/wire'
import {
  PRIVACIES,
  type Privacy,
  runVectors,
  TOPIC_KINDS,
  TOPIC_STATES,
  type TopicKind,
  type Vectors,
} from '@mc/topics'
import { Command, Option } from 'commander'
import { textIn } from '../organisation/action-json.js'
import { type ExpectationFlags, expectationsFrom, expecting } from '../organisation/expectations.js'
import { domainOf, topicOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { fill } from '../organisation/language.js'
import { ownPart } from '../organisation/own-part.js'
import { type Names, namesHere } from '../organisation/people-here.js'
import {
  acting,
  type OrganisationFlags,
  organisationOf,
  organising,
  type PersonFlags,
  personOf,
  speaking,
} from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { type LogEntry, topicLog } from '../organisation/topic-log.js'
import { topicLine, topicText, topicView, treeText, treeView, whyText } from '../organisation/topic-views.js'
import { contentFrom, type TextFlags, titleFrom } from '../organisation/writing.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { printable, printableLines } from '../terminal/printable.js'
import { answer } from '../terminal/table.js'

type NewFlags = PersonFlags &
  TextFlags &
  ExpectationFlags & { readonly domain: string; readonly kind: TopicKind; readonly privacy: Privacy }
type JoinFlags = PersonFlags & ExpectationFlags
type ListFlags = OrganisationFlags & { readonly domain?: string; readonly state?: string }

/** The command. */
export function topicCommand(): Command {
  const { topic, flags } = textsHere()
  const command = new Command('topic').addHelpText('after', topic.help)
  expecting(acting(command.command('new <title>').description(topic.new)))
    .option('--domain <domain>', topic.domain, 'general')
    .addOption(new Option('--kind <kind>', topic.kind).choices(TOPIC_KINDS).default('resolution'))
    .addOption(new Option('--privacy <privacy>', topic.privacy).choices(PRIVACIES).default('identified'))
    .option('--text <text>', flags.text)
    .option('--text-file <file>', flags.textFile)
    .addHelpText('after', topic.help)
    .action((title: string, given: NewFlags) => reporting(given.json, () => open(title, given)))
  expecting(acting(command.command('join <topic>').description(topic.join)))
    .addHelpText('after', topic.help)
    .action((id: string, given: JoinFlags) => reporting(given.json, () => join(id, given)))
  acting(command.command('leave <topic>').description(topic.leave))
    .addHelpText('after', topic.help)
    .action((id: string, given: PersonFlags) => reporting(given.json, () => leave(id, given)))
  organising(command.command('ls').description(topic.ls))
    .option('--domain <domain>', topic.domain)
    .addOption(new Option('--state <state>', topic.state).choices(TOPIC_STATES))
    .addHelpText('after', topic.help)
    .action((given: ListFlags) => reporting(given.json, () => list(given)))
  acting(command.command('withdraw <topic>').description(topic.withdraw))
    .addHelpText('after', topic.help)
    .action((id: string, given: PersonFlags) => reporting(given.json, () => withdraw(id, given)))
  acting(command.command('show <topic>').description(topic.show))
    .addHelpText('after', topic.help)
    .action((id: string, given: PersonFlags) => reporting(given.json, () => show(id, given)))
  for (const [name, description, run] of [
    ['log', topic.log, log],
    ['tree', topic.tree, tree],
    ['why', topic.why, reasons],
  ] as const) {
    organising(command.command(`${name} <topic>`).description(description))
      .addHelpText('after', topic.help)
      .action((id: string, given: OrganisationFlags) => reporting(given.json, () => run(id, given)))
  }
  speaking(command.command('vectors <file>'))
    .description(topic.vectors)
    .addHelpText('after', topic.help)
    .action((path: string, { json }) => reporting(json, () => vectors(path, json)))
  return command
}

async function open(title: string, flags: NewFlags): Promise<void> {
  const { topic, flags: _ } = textsHere()
  const { kind, privacy } = flags
  const written = { title: titleFrom(title), text: await contentFrom(flags) }
  if (kind === 'challenge')
    throw new CommandError('usage/kind', 'a challenge is opened with "mc challenge"', { field: 'kind' })
  const person = await personOf(flags)
  const domain = await domainOf(person.organisation, flags.domain)
  const opened = await person.open({
    domain: fromHex(domain.id),
    kind,
    privacy,
    ...written,
    params: expectationsFrom(flags, domain.parameters),
    target: undefined,
    evidence: [],
  })
  const warning = privacy === 'secret' ? `${fill(topic.secretSmall, { min: SECRET_VOTERS_MIN })}\n` : ''
  answer(flags.json, opened, `${topic.opened} ${opened.topic}\n${warning}`)
}

async function join(id: string, flags: JoinFlags): Promise<void> {
  const { topic: texts } = textsHere()
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const domain = await domainOf(person.organisation, topic.domain)
  const params = expectationsFrom(flags, domain.parameters)
  const isIn = (await person.partIn(topic)) !== undefined
  const type = isIn ? 'updateJoin' : 'join'
  const placed = await person.act({ type, topic: fromHex(topic.id), params })
  const late = topic.state === 'queued' ? '' : `${texts.late}\n`
  const said = isIn ? texts.updated : texts.joined
  answer(flags.json, { ...placed, topic: topic.id, params }, `${said}: ${printable(topic.title)}\n${late}`)
}

async function leave(id: string, flags: PersonFlags): Promise<void> {
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const placed = await person.act({ type: 'leave', topic: fromHex(topic.id) })
  answer(flags.json, { ...placed, topic: topic.id }, `${textsHere().topic.left}: ${printable(topic.title)}\n`)
}

async function withdraw(id: string, flags: PersonFlags): Promise<void> {
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const placed = await person.act({ type: 'withdraw', topic: fromHex(topic.id) })
  const text = `${textsHere().topic.withdrawn}: ${printable(topic.title)}\n`
  answer(flags.json, { ...placed, topic: topic.id }, text)
}

async function list(flags: ListFlags): Promise<void> {
  const organisation = await organisationOf(flags)
  const domain = flags.domain === undefined ? undefined : await domainOf(organisation, flags.domain)
  const topics = await organisation.table('topics', {
    ...(domain === undefined ? {} : { domain: domain.id }),
    ...(flags.state === undefined ? {} : { state: flags.state }),
  })
  const newestFirst = [...topics].sort((left, right) => right.createdL - left.createdL)
  const text = newestFirst.map(topicLine).join('') || `${textsHere().topic.none}\n`
  answer(flags.json, { topics: newestFirst }, text)
}

// Whoever says who it is sees its own meeting and ballot, too.
async function show(id: string, flags: PersonFlags): Promise<void> {
  const isAsked = flags.as !== undefined || flags.keys !== undefined
  const person = isAsked ? await personOf(flags) : undefined
  const organisation = person?.organisation ?? (await organisationOf(flags))
  const topic = await topicOf(organisation, id)
  const view = await topicView(organisation, topic)
  const own = person && (await ownPart(person, topic))
  const names = await namesHere(flags.dir, await organisation.table('members'))
  const shown = { ...view, ...(own && { own }) }
  answer(flags.json, shown, topicText(shown, names))
}

async function log(id: string, flags: OrganisationFlags): Promise<void> {
  const organisation = await organisationOf(flags)
  const topic = await topicOf(organisation, id)
  const entries = await topicLog(organisation, topic)
  const names = await namesHere(flags.dir, await organisation.table('members'))
  answer(flags.json, { topic: topic.id, log: entries }, logText(entries, names))
}

function logText(entries: readonly LogEntry[], names: Names): string {
  const lines = entries.map(({ position, what, by, text, approvals, choice }) => {
    const said = text ?? choice ?? approvals?.map(short).join(', ') ?? ''
    return `${position}  ${what}  ${names.get(by) ?? short(by)}  ${said}`.trimEnd()
  })
  return lines.map(line => `${printableLines(line)}\n`).join('')
}

async function tree(id: string, flags: OrganisationFlags): Promise<void> {
  const organisation = await organisationOf(flags)
  const view = await treeView(organisation, await topicOf(organisation, id))
  answer(flags.json, view, treeText(view))
}

async function reasons(id: string, flags: OrganisationFlags): Promise<void> {
  const organisation = await organisationOf(flags)
  const topic = await topicOf(organisation, id)
  const why = await organisation.why(topic.id)
  answer(flags.json, { topic: topic.id, reasons: why }, whyText(why))
}

async function vectors(path: string, json: boolean | undefined): Promise<void> {
  const { cases, failed } = runVectors(vectorsIn(path, await textIn(path)), crypto.sha256)
  const lines = cases.map(({ name, pass, expected, actual }) =>
    pass ? `ok    ${name}\n` : `WRONG ${name}: ${expected}, got ${actual}\n`,
  )
  answer(json, { cases, failed }, `${lines.join('')}${cases.length - failed}/${cases.length}\n`)
  if (failed > 0) process.exitCode = 1
}

function vectorsIn(path: string, text: string): Vectors {
  const names = ['split23', 'splitSizes', 'rounds', 'agg', 'publicity', 'time', 'bucket']
  try {
    const value = JSON.parse(text) as Vectors
    const missing = names.find(name => !Object.hasOwn(value, name))
    if (missing === undefined) return value
    throw new Error(`no field ${missing}`)
  } catch (error) {
    throw new CommandError('input/malformed-vectors', `${path}: ${(error as Error).message}`, {
      field: 'file',
    })
  }
}

/**
 * `mc mandate` and `mc exception`: powers that are not democratic yet, and the condition that ends each.
 */
import { fromHex } from '@mc/protocol/wire'
import { Command } from 'commander'
import { conditionText } from '../organisation/conditions.js'
import { mandateOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { fill } from '../organisation/language.js'
import { namedMember, namesHere } from '../organisation/people-here.js'
import {
  acting,
  type OrganisationFlags,
  organisationOf,
  organising,
  type PersonFlags,
  personOf,
} from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { contentFrom, type TextFlags } from '../organisation/writing.js'
import { reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'
import { answer, table } from '../terminal/table.js'
import { said } from './saying.js'

/** `mc mandate`. */
export function mandateCommand(): Command {
  const { office } = textsHere()
  const command = new Command('mandate').addHelpText('after', office.help)
  organising(command.command('ls').description(office.mandateLs))
    .addHelpText('after', office.help)
    .action((flags: OrganisationFlags) => reporting(flags.json, () => mandates(flags)))
  organising(command.command('show <mandate>').description(office.mandateShow))
    .addHelpText('after', office.help)
    .action((id: string, flags: OrganisationFlags) => reporting(flags.json, () => mandate(id, flags)))
  said(acting(command.command('report <mandate>').description(office.report)))
    .addHelpText('after', office.help)
    .action((id: string, flags: PersonFlags & TextFlags) => reporting(flags.json, () => report(id, flags)))
  return command
}

/** `mc exception`. */
export function exceptionCommand(): Command {
  const { office } = textsHere()
  const command = new Command('exception').addHelpText('after', office.help)
  organising(command.command('ls').description(office.exceptionLs))
    .addHelpText('after', office.help)
    .action((flags: OrganisationFlags) => reporting(flags.json, () => exceptions(flags)))
  return command
}

async function mandates(flags: OrganisationFlags): Promise<void> {
  const { office, words } = textsHere()
  const organisation = await organisationOf(flags)
  const rows = await organisation.table('mandates')
  const names = await namesHere(flags.dir)
  const lines = rows.map(one => {
    const until = one.isEnded ? office.ended : fill(office.running, { end: `L=${one.termEnd}` })
    const holder = names.get(one.holder) ?? short(one.holder)
    const ends = `${words.condition} ${conditionText(one.conversion)}`
    return `${short(one.id)}  ${words.holder} ${holder}  ${one.powers.join(',')}  ${until}  ${ends}`
  })
  answer(flags.json, { mandates: rows }, linesOr(lines, office.none))
}

async function mandate(id: string, flags: OrganisationFlags): Promise<void> {
  const { office, words } = textsHere()
  const one = await mandateOf(await organisationOf(flags), id)
  const text = table([
    [words.id, one.id],
    [words.holder, namedMember(one.holder, await namesHere(flags.dir))],
    [words.powers, one.powers.join(', ')],
    [words.scope, one.scope],
    [words.state, one.isEnded ? office.ended : fill(office.running, { end: `L=${one.termEnd}` })],
    [words.condition, conditionText(one.conversion)],
    ...(one.reportEvery === 0 ? [] : [[words.report, `L=${one.reportDue}`] as const]),
  ])
  answer(flags.json, one, text)
}

async function report(id: string, flags: PersonFlags & TextFlags): Promise<void> {
  const text = await contentFrom(flags)
  const person = await personOf(flags)
  const one = await mandateOf(person.organisation, id)
  const placed = await person.act({ type: 'report', mandate: fromHex(one.id), text })
  answer(flags.json, { ...placed, mandate: one.id }, `${textsHere().speak.commented}\n`)
}

async function exceptions(flags: OrganisationFlags): Promise<void> {
  const { office, words } = textsHere()
  const rows = await (await organisationOf(flags)).table('exceptions')
  const lines = rows.map(one => {
    const ends = one.isClosed ? office.ended : `${words.condition} ${conditionText(one.conversion)}`
    return `${short(one.id)}  ${one.description}  ${words.holder} ${one.holder}  ${ends}`
  })
  answer(flags.json, { exceptions: rows }, linesOr(lines, office.none))
}

const linesOr = (lines: readonly string[], none: string): string =>
  (lines.length === 0 ? [none] : lines).map(line => `${printable(line)}\n`).join('')

/**
 * `mc member`: people of the organisation.
 */

import { fromHex } from '@mc/protocol/wire'
import { Command } from 'commander'
import { readCard, requireCardOf } from '../organisation/card.js'
import { type ExpectationFlags, expectationsFrom, expecting } from '../organisation/expectations.js'
import { domainOf, memberOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { fill } from '../organisation/language.js'
import { type Names, namesHere } from '../organisation/people-here.js'
import {
  acting,
  type OrganisationFlags,
  organisationOf,
  organising,
  type PersonFlags,
  personOf,
} from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { contentFrom, type TextFlags, titleFrom } from '../organisation/writing.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'
import { answer, table } from '../terminal/table.js'

type AddFlags = PersonFlags & TextFlags & ExpectationFlags

/** The command. */
export function memberCommand(): Command {
  const { member, flags } = textsHere()
  const command = new Command('member').addHelpText('after', member.help)
  organising(command.command('ls').description(member.ls))
    .addHelpText('after', member.help)
    .action((given: OrganisationFlags) => reporting(given.json, () => list(given)))
  organising(command.command('show <member>').description(member.show))
    .addHelpText('after', member.help)
    .action((id: string, given: OrganisationFlags) => reporting(given.json, () => show(id, given)))
  expecting(acting(command.command('add <card>').description(member.add)))
    .option('--text <text>', flags.text)
    .option('--text-file <file>', flags.textFile)
    .addHelpText('after', member.help)
    .action((path: string, given: AddFlags) => reporting(given.json, () => add(path, given)))
  acting(command.command('leave').description(member.leave))
    .option('--yes', member.yes)
    .addHelpText('after', member.help)
    .action((given: PersonFlags & { yes?: true }) => reporting(given.json, () => leave(given)))
  return command
}

async function list(flags: OrganisationFlags): Promise<void> {
  const { states } = textsHere()
  const rows = await (await organisationOf(flags)).table('members')
  const names = await namesHere(flags.dir, rows)
  const members = rows.map(row => ({ ...row, ...nameIn(names, row.id) }))
  const lines = members.map(
    ({ id, state, seat, keys, name = '–' }) =>
      `${printable(`${short(id)}  ${states[state]}  ${short(keys.at(-1)?.key)}  ${name}  ${seat?.name ?? '–'}`)}\n`,
  )
  answer(flags.json, { members }, lines.join(''))
}

const nameIn = (names: Names, id: string): { readonly name?: string } => {
  const name = names.get(id)
  return name === undefined ? {} : { name }
}

async function show(id: string, flags: OrganisationFlags): Promise<void> {
  const { words, states } = textsHere()
  const organisation = await organisationOf(flags)
  const member = await memberOf(organisation, id, flags.dir)
  const { name } = nameIn(await namesHere(flags.dir, [member]), member.id)
  const text = table([
    [words.id, member.id],
    [words.name, name ?? '–'],
    [words.state, states[member.state]],
    ...member.keys.map(({ key, from }) => [words.key, `${key}, ${words.epoch} ${from}`] as const),
    [words.seat, member.seat === undefined ? '–' : `${member.seat.name} ${member.seat.addresses.join(' ')}`],
    [words.frozen, member.frozenBy.join(' ') || '–'],
  ])
  answer(flags.json, { ...member, ...(name !== undefined && { name }) }, text)
}

async function add(path: string, flags: AddFlags): Promise<void> {
  const { member: texts } = textsHere()
  const card = await readCard(path)
  const person = await personOf(flags)
  requireCardOf(card, person.keyring.org)
  const domain = await domainOf(person.organisation, 'membership')
  const opened = await person.open({
    domain: fromHex(domain.id),
    kind: 'membership',
    privacy: 'identified',
    title: titleFrom(fill(texts.admit, { name: card.name })),
    text: await contentFrom(flags),
    params: expectationsFrom(flags, domain.parameters),
    target: undefined,
    evidence: [],
  })
  const next = fill(texts.addNext, { topic: short(opened.topic), card: path })
  answer(flags.json, opened, `${opened.topic}\n${printable(next)}\n`)
}

async function leave(flags: PersonFlags & { readonly yes?: true }): Promise<void> {
  const { member: texts } = textsHere()
  if (flags.yes !== true) throw new CommandError('usage/leave', texts.leaveSure, { field: 'yes' })
  const person = await personOf(flags)
  answer(flags.json, await person.act({ type: 'depart' }), `${texts.departed}\n`)
}

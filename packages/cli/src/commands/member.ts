/**
 * `mc member`: people of the organisation.
 */

import { fromHex } from '@mc/protocol/wire'
import { Command } from 'commander'
import { readCard } from '../organisation/card.js'
import { type ExpectationFlags, expectationsFrom, expecting } from '../organisation/expectations.js'
import { domainOf, memberOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { fill } from '../organisation/language.js'
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
import { reporting } from '../terminal/failure.js'
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
  return command
}

async function list(flags: OrganisationFlags): Promise<void> {
  const { states } = textsHere()
  const members = await (await organisationOf(flags)).table('members')
  const lines = members.map(
    ({ id, state, seat, keys }) =>
      `${printable(`${short(id)}  ${states[state]}  ${short(keys.at(-1)?.key)}  ${seat?.name ?? '–'}`)}\n`,
  )
  answer(flags.json, { members }, lines.join(''))
}

async function show(id: string, flags: OrganisationFlags): Promise<void> {
  const { words, states } = textsHere()
  const member = await memberOf(await organisationOf(flags), id)
  const text = table([
    [words.id, member.id],
    [words.state, states[member.state]],
    ...member.keys.map(({ key, from }) => [words.key, `${key}, ${words.epoch} ${from}`] as const),
    [words.seat, member.seat === undefined ? '–' : `${member.seat.name} ${member.seat.addresses.join(' ')}`],
    [words.frozen, member.frozenBy.join(' ') || '–'],
  ])
  answer(flags.json, member, text)
}

async function add(path: string, flags: AddFlags): Promise<void> {
  const { member: texts } = textsHere()
  const card = await readCard(path)
  const person = await personOf(flags)
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

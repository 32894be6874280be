/**
 * `mc mandate` and `mc exception`: powers that are not democratic yet, and the condition that ends each.
 */
import { Command } from 'commander'
import { mandateOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { fill } from '../organisation/language.js'
import { type OrganisationFlags, organisationOf, organising } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'
import { answer, table } from '../terminal/table.js'

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
  const rows = await (await organisationOf(flags)).table('mandates')
  const lines = rows.map(one => {
    const until = one.isEnded ? office.ended : fill(office.running, { end: `L=${one.termEnd}` })
    const ends = `${words.condition} ${JSON.stringify(one.conversion)}`
    return `${short(one.id)}  ${words.holder} ${short(one.holder)}  ${one.powers.join(',')}  ${until}  ${ends}`
  })
  answer(flags.json, { mandates: rows }, linesOr(lines, office.none))
}

async function mandate(id: string, flags: OrganisationFlags): Promise<void> {
  const { office, words } = textsHere()
  const one = await mandateOf(await organisationOf(flags), id)
  const text = table([
    [words.id, one.id],
    [words.holder, one.holder],
    [words.powers, one.powers.join(', ')],
    [words.state, one.isEnded ? office.ended : fill(office.running, { end: `L=${one.termEnd}` })],
    [words.condition, JSON.stringify(one.conversion)],
  ])
  answer(flags.json, one, text)
}

async function exceptions(flags: OrganisationFlags): Promise<void> {
  const { office, words } = textsHere()
  const rows = await (await organisationOf(flags)).table('exceptions')
  const lines = rows.map(one => {
    const ends = one.isClosed ? office.ended : `${words.condition} ${JSON.stringify(one.conversion)}`
    return `${short(one.id)}  ${one.description}  ${words.holder} ${one.holder}  ${ends}`
  })
  answer(flags.json, { exceptions: rows }, linesOr(lines, office.none))
}

const linesOr = (lines: readonly string[], none: string): string =>
  (lines.length === 0 ? [none] : lines).map(line => `${printable(line)}\n`).join('')

/**
 * `mc domain`: groups of topics with one queue.
 */
import { Command } from 'commander'
import { domainName, domainOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { type OrganisationFlags, organisationOf, organising } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'
import { answer, table } from '../terminal/table.js'

/** The command. */
export function domainCommand(): Command {
  const { domain } = textsHere()
  const command = new Command('domain').addHelpText('after', domain.help)
  organising(command.command('ls').description(domain.ls))
    .addHelpText('after', domain.help)
    .action((flags: OrganisationFlags) => reporting(flags.json, () => list(flags)))
  organising(command.command('show <domain>').description(domain.show))
    .addHelpText('after', domain.help)
    .action((name: string, flags: OrganisationFlags) => reporting(flags.json, () => show(name, flags)))
  return command
}

async function list(flags: OrganisationFlags): Promise<void> {
  const { words } = textsHere()
  const organisation = await organisationOf(flags)
  const [rows, topics] = [await organisation.table('domains'), await organisation.table('topics')]
  const domains = rows.map(domain => {
    const own = topics.filter(topic => topic.domain === domain.id)
    const queued = own.filter(({ state }) => state === 'queued').length
    const active = own.filter(({ state }) => state === 'splitting' || state === 'meeting').length
    return { ...domain, queued, active }
  })
  const lines = domains.map(
    domain =>
      `${short(domain.id)}  ${domainName(domain)}  ${words.queue} ${domain.queued}, ${words.active} ${domain.active}/${domain.parameters.activeSlots}`,
  )
  answer(flags.json, { domains }, lines.map(line => `${printable(line)}\n`).join(''))
}

async function show(name: string, flags: OrganisationFlags): Promise<void> {
  const { words } = textsHere()
  const domain = await domainOf(await organisationOf(flags), name)
  const rules = Object.entries(domain.parameters).map(
    ([field, value]) => [field, typeof value === 'object' ? JSON.stringify(value) : value] as const,
  )
  answer(flags.json, domain, table([[words.id, domain.id], [words.name, domainName(domain)], ...rules]))
}

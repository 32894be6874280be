/**
 * `mc outbox`: signed operations that did not get through.
 */
import { Command } from 'commander'
import { byPrefix, short } from '../organisation/ids.js'
import { acting, keystorePath, outboxBeside, type PersonFlags, personOf } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { sentenceHere } from '../organisation/texts/told.js'
import { CommandError, FAILED, reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'
import { answer } from '../terminal/table.js'

type DropFlags = PersonFlags & { readonly all?: true }

/** The command. */
export function outboxCommand(): Command {
  const { outbox } = textsHere()
  const command = new Command('outbox').addHelpText('after', outbox.help)
  acting(command.command('ls').description(outbox.ls))
    .addHelpText('after', outbox.help)
    .action((flags: PersonFlags) => reporting(flags.json, () => list(flags)))
  acting(command.command('send [id]').description(outbox.send))
    .addHelpText('after', outbox.help)
    .action((id: string | undefined, flags: PersonFlags) => reporting(flags.json, () => send(id, flags)))
  acting(command.command('drop [id]').description(outbox.drop))
    .option('--all', outbox.all)
    .addHelpText('after', outbox.help)
    .action((id: string | undefined, flags: DropFlags) => reporting(flags.json, () => drop(id, flags)))
  return command
}

async function list(flags: PersonFlags): Promise<void> {
  const kept = await outboxBeside(await keystorePath(flags)).list()
  const lines = kept.map(({ id, what, topic, keptAt, reason }) =>
    printable(
      `${short(id)}  ${new Date(keptAt).toISOString()}  ${what} ${short(topic)}  ${sentenceHere(reason)} (${reason.rule})`,
    ),
  )
  const text = lines.length === 0 ? `${textsHere().outbox.empty}\n` : lines.map(line => `${line}\n`).join('')
  answer(flags.json, { operations: kept }, text)
}

async function send(id: string | undefined, flags: PersonFlags): Promise<void> {
  const person = await personOf(flags)
  const kept = await outboxBeside(await keystorePath(flags)).list()
  const chosen = id === undefined ? kept : [byPrefix('operation', id, kept)]
  const sent: unknown[] = []
  const refused: { readonly id: string; readonly rule: string; readonly message: string }[] = []
  for (const one of chosen) {
    try {
      sent.push(await person.send(one))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      refused.push({ id: one.id, rule: error.rule, message: error.message })
    }
  }
  const lines = refused.map(one => printable(`${short(one.id)}  ${sentenceHere(one)}`))
  const text = `${textsHere().outbox.sent}: ${sent.length}\n${lines.map(line => `${line}\n`).join('')}`
  answer(flags.json, { sent, refused }, text)
  if (refused.length > 0) process.exitCode = FAILED
}

async function drop(id: string | undefined, flags: DropFlags): Promise<void> {
  if ((id === undefined) === (flags.all === undefined))
    throw new CommandError('usage/drop', 'give the id of one, or --all', { field: 'id' })
  const outbox = outboxBeside(await keystorePath(flags))
  const kept = await outbox.list()
  const chosen = id === undefined ? kept : [byPrefix('operation', id, kept)]
  for (const one of chosen) await outbox.drop(one.id)
  const ids = chosen.map(one => one.id)
  answer(flags.json, { dropped: ids }, ids.map(one => `${one}\n`).join(''))
}

/**
 * `mc watch`: what happens, as it happens.
 */
import type { StateEventJson } from '@mc/node/client'
import { Command } from 'commander'
import { interruption } from '../network/endings.js'
import { topicOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { type OrganisationFlags, organisationOf, organising } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'

type Flags = OrganisationFlags & { readonly topic?: string; readonly until?: string }

/** The command. */
export function watchCommand(): Command {
  const { watch } = textsHere()
  return organising(new Command('watch').description(watch.about))
    .option('--topic <topic>', watch.topic)
    .option('--until <type>', watch.until)
    .addHelpText('after', watch.help)
    .action((flags: Flags) => reporting(flags.json, () => tellEvents(flags)))
}

async function tellEvents(flags: Flags): Promise<void> {
  const organisation = await organisationOf(flags)
  const topic = flags.topic === undefined ? undefined : (await topicOf(organisation, flags.topic)).id
  const stop = new AbortController()
  interruption().then(() => stop.abort())
  try {
    for await (const event of organisation.api.events(stop.signal)) {
      if (event.type !== 'state' || !isAbout(event.event, topic)) continue
      process.stdout.write(`${flags.json ? JSON.stringify(event.event) : lineOf(event.event)}\n`)
      if (event.event.type === flags.until) break
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    stop.abort()
  }
}

const isAbout = ({ detail }: StateEventJson, topic: string | undefined): boolean =>
  topic === undefined || detail['topic'] === topic

function lineOf({ epoch, type, detail }: StateEventJson): string {
  const fields = Object.entries(detail).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${name}=${/^[0-9a-f]{64}$/.test(text) ? short(text) : text}`
  })
  return printable(`${epoch}  ${type}  ${fields.join('  ')}`)
}

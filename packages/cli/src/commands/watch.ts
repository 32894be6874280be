/**
 * `mc watch`: what happens, as it happens.
 */
import type { StateEventJson } from '@mc/node/client'
import { TOPIC_STATES } from '@mc/topics'
import { Command, InvalidArgumentError } from 'commander'
import { interruption } from '../network/endings.js'
import { durationFrom } from '../organisation/duration.js'
import { topicOf } from '../organisation/finding.js'
import { short } from '../organisation/ids.js'
import { fill, languageHere } from '../organisation/language.js'
import type { OrganisationClient, RowJson } from '../organisation/organisation-client.js'
import { type OrganisationFlags, organisationOf, organising } from '../organisation/session.js'
import { EVENTS } from '../organisation/texts/events.js'
import { textsHere } from '../organisation/texts/texts.js'
import { CommandError, FAILED, INTERRUPTED, reporting } from '../terminal/failure.js'
import { printable } from '../terminal/printable.js'

type Flags = OrganisationFlags & {
  readonly topic?: string
  readonly until?: readonly string[]
  readonly timeout?: number
}

/** The command. */
export function watchCommand(): Command {
  const { watch } = textsHere()
  return organising(new Command('watch').description(watch.about))
    .option('--topic <topic>', watch.topic)
    .option('--until <types>', watch.until, eventsNamed)
    .option('--timeout <time>', watch.timeout, durationFrom)
    .addHelpText(
      'after',
      fill(watch.help, { types: Object.keys(EVENTS).join(', '), states: TOPIC_STATES.join(', ') }),
    )
    .action((flags: Flags) => reporting(flags.json, () => tellEvents(flags)))
}

function eventsNamed(text: string): readonly string[] {
  const names = text.split(',').map(name => name.trim())
  const unknown = names.find(name => !Object.hasOwn(EVENTS, name) && !isState(name))
  if (unknown === undefined) return names
  throw new InvalidArgumentError(`there is no event ${unknown}; there are ${Object.keys(EVENTS).join(', ')}`)
}

const isState = (name: string): boolean => TOPIC_STATES.some(state => state === name)

/** Why a watch ended before what it waits for. */
type Ending = 'timeout' | 'interrupted'

async function tellEvents(flags: Flags): Promise<void> {
  if (flags.topic === undefined && flags.until?.some(isState))
    throw new CommandError('usage/topic', '--until with a state: need --topic, whose state it is', {
      field: 'topic',
    })
  const organisation = await organisationOf(flags)
  const topic = flags.topic === undefined ? undefined : await topicOf(organisation, flags.topic)
  const stop = new AbortController()
  let ending: Ending | undefined
  const end = (reason: Ending): void => {
    ending ??= reason
    stop.abort()
  }
  interruption().then(end)
  const timer = flags.timeout === undefined ? undefined : setTimeout(end, flags.timeout * 1_000, 'timeout')
  try {
    const isDone = await untilDone(organisation, { flags, topic, stop })
    if (!isDone && flags.until !== undefined) throw notTold(organisation)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    if (flags.until !== undefined || ending === 'timeout') throwEnding(ending, flags)
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}

interface Watch {
  readonly flags: Flags
  readonly topic: RowJson<'topics'> | undefined
  readonly stop: AbortController
}

/** Tells events until the one that is waited for; false if the node ends first. */
async function untilDone(organisation: OrganisationClient, { flags, topic, stop }: Watch): Promise<boolean> {
  let isFirst = true
  for await (const one of organisation.api.events(stop.signal)) {
    // What happened before this stream began is not told by it.
    if (isFirst && topic !== undefined && (await isReachedAlready(organisation, topic, flags))) return true
    isFirst = false
    if (one.type !== 'state' || !isAbout(one.event, topic?.id)) continue
    process.stdout.write(`${flags.json ? JSON.stringify(one.event) : lineOf(one.event)}\n`)
    if (flags.until?.some(name => name === one.event.type || name === one.event.detail['to'])) return true
    if (topic !== undefined && flags.until !== undefined && ENDS.includes(one.event.type))
      throw over(one.event.type)
  }
  return false
}

/** The events after which nothing happens to a topic, by its last states. */
const END_BY_STATE: Readonly<Record<string, string>> = {
  executed: 'topic-executed',
  execFailed: 'execution-failed',
  expired: 'topic-expired',
  withdrawn: 'topic-withdrawn',
  lapsed: 'topic-lapsed',
  cancelled: 'topic-cancelled',
}
const ENDS = Object.values(END_BY_STATE)

async function isReachedAlready(
  organisation: OrganisationClient,
  { id }: RowJson<'topics'>,
  { until }: Flags,
): Promise<boolean> {
  const now = await organisation.entry('topics', id)
  if (until === undefined || now === undefined) return false
  const end = END_BY_STATE[now.state]
  const isReached = until.includes(now.state) || (end !== undefined && until.includes(end))
  if (!isReached && end !== undefined) throw over(end)
  const { watch, states } = textsHere()
  if (isReached) process.stderr.write(`${fill(watch.already, { state: states[now.state] })}\n`)
  return isReached
}

const over = (type: string): CommandError =>
  new CommandError('watch/over', `it will not happen: ${type}`, { exitCode: FAILED })

const notTold = ({ api }: OrganisationClient): CommandError =>
  new CommandError('api/unreachable', `the node at ${api.url} has stopped telling`, { exitCode: FAILED })

function throwEnding(ending: Ending | undefined, { until = [], timeout = 0 }: Flags): never {
  if (ending === 'interrupted')
    throw new CommandError('interrupted', 'interrupted before it happened', { exitCode: INTERRUPTED })
  const what = until.length === 0 ? 'the time is over' : `no ${until.join(', no ')}`
  throw new CommandError('watch/timeout', `${what} within ${timeout} s`, { exitCode: FAILED })
}

const isAbout = ({ detail }: StateEventJson, topic: string | undefined): boolean =>
  topic === undefined || detail['topic'] === topic

function lineOf({ epoch, type, detail }: StateEventJson): string {
  const fields = Object.entries(detail).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${name}=${/^[0-9a-f]{64}$/.test(text) ? short(text) : text}`
  })
  return printable(`${epoch}  ${EVENTS[type]?.[languageHere()] ?? type} (${type})  ${fields.join('  ')}`)
}

/**
 * `mc freeze`, `mc evaluate`: stopping a decision before it is carried out, and judging that.
 */
import { fromHex } from '@mc/protocol/wire'
import type { Command } from 'commander'
import { topicOf } from '../organisation/finding.js'
import { fill } from '../organisation/language.js'
import type { RowJson } from '../organisation/organisation-client.js'
import type { Person } from '../organisation/person.js'
import { type PersonFlags, personOf } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { CommandError, FAILED, reporting } from '../terminal/failure.js'
import { answer } from '../terminal/table.js'
import { begun } from './saying.js'

/** `mc freeze`. */
export function freezeCommand(): Command {
  const { speak } = textsHere()
  return begun('freeze <topic>', speak.freeze, speak.freezeHelp)
    .option('--yes', speak.yes)
    .action((id: string, given: PersonFlags & { yes?: true }) =>
      reporting(given.json, () => freeze(id, given)),
    )
}

/** `mc evaluate`. */
export function evaluateCommand(): Command {
  const { speak } = textsHere()
  return begun('evaluate <choice> <topic>', speak.evaluate, speak.evaluateHelp).action(
    (choice: string, id: string, given: PersonFlags) =>
      reporting(given.json, () => evaluate(choice, id, given)),
  )
}

async function freeze(id: string, { yes, ...flags }: PersonFlags & { readonly yes?: true }): Promise<void> {
  const { speak } = textsHere()
  if (yes !== true) throw new CommandError('usage/freeze', speak.frozenToo, { field: 'yes' })
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const placed = await person.act({ type: 'freeze', topic: fromHex(topic.id) })
  const { state = topic.state, gathered = 0, freezeCase, freezeCount = 0 } = await nowOf(person, topic)
  const one = freezeCase && (await person.organisation.entry('cases', freezeCase))
  const text = one
    ? fill(speak.froze, { deadline: one.deadline, topic: id })
    : fill(speak.freezeWanted, { gathered, needed: 2 ** freezeCount })
  const value = {
    ...placed,
    topic: topic.id,
    state,
    gathered,
    ...(one && { case: one.id, deadline: one.deadline }),
  }
  answer(flags.json, value, `${text}\n`)
}

const nowOf = async (
  { organisation }: Person,
  { id }: RowJson<'topics'>,
): Promise<Partial<RowJson<'topics'>>> => (await organisation.entry('topics', id)) ?? {}

async function evaluate(choice: string, id: string, flags: PersonFlags): Promise<void> {
  if (choice !== 'resume' && choice !== 'cancel')
    throw new CommandError('usage/choice', `"${choice}": need resume or cancel`, { field: 'choice' })
  const { speak, states } = textsHere()
  const person = await personOf(flags)
  const { organisation } = person
  const topic = await topicOf(organisation, id)
  if (topic.freezeCase === undefined)
    throw new CommandError(
      'topics/unknown-case',
      `evaluate refused: the topic is ${topic.state}: no freeze waits for a judgement`,
      { exitCode: FAILED },
    )
  const placed = await person.act({ type: 'evaluate', freezeCase: fromHex(topic.freezeCase), choice })
  const one = await organisation.entry('cases', topic.freezeCase)
  const { resume = 0, cancel = 0, outcome = 'open' } = one ?? {}
  const { state = topic.state } = await nowOf(person, topic)
  const text = fill(speak.evaluated, { resume, cancel, state: states[state] })
  answer(flags.json, { ...placed, topic: topic.id, choice, resume, cancel, outcome, state }, `${text}\n`)
}

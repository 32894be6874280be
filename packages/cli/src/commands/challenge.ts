/**
 * `mc challenge`, `mc defend`: whether a member has to go.
 */
import { fromHex } from '@mc/protocol/wire'
import type { Command } from 'commander'
import { type ExpectationFlags, expectationsFrom, expecting } from '../organisation/expectations.js'
import { domainOf, memberOf, topicOf } from '../organisation/finding.js'
import { type PersonFlags, personOf } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { contentFrom, type TextFlags, titleFrom } from '../organisation/writing.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { answer } from '../terminal/table.js'
import { begun, said } from './saying.js'

type ChallengeFlags = PersonFlags &
  TextFlags &
  ExpectationFlags & { readonly title: string; readonly evidence: readonly string[] }

/** `mc challenge`. */
export function challengeCommand(): Command {
  const { speak, flags } = textsHere()
  const each = (id: string, before: readonly string[] = []): readonly string[] => [...before, id]
  return expecting(said(begun('challenge <member>', speak.challenge, speak.challengeHelp)))
    .requiredOption('--title <title>', flags.title)
    .requiredOption('--evidence <id>', speak.evidence, each)
    .action((id: string, given: ChallengeFlags) => reporting(given.json, () => challenge(id, given)))
}

/** `mc defend`. */
export function defendCommand(): Command {
  const { speak } = textsHere()
  return said(begun('defend <topic>', speak.defend, speak.challengeHelp)).action(
    (id: string, given: PersonFlags & TextFlags) => reporting(given.json, () => defend(id, given)),
  )
}

async function challenge(id: string, flags: ChallengeFlags): Promise<void> {
  const wrong = flags.evidence.find(one => !/^[0-9a-f]{64}$/.test(one))
  if (wrong !== undefined)
    throw new CommandError(
      'usage/evidence',
      `--evidence ${wrong}: need the whole id, 64 hexadecimal digits`,
      {
        field: 'evidence',
      },
    )
  const written = { title: titleFrom(flags.title), text: await contentFrom(flags) }
  const person = await personOf(flags)
  const { organisation } = person
  const [target, domain] = [
    await memberOf(organisation, id, flags.dir),
    await domainOf(organisation, 'membership'),
  ]
  const opened = await person.open({
    domain: fromHex(domain.id),
    kind: 'challenge',
    privacy: 'identified',
    ...written,
    params: expectationsFrom(flags, domain.parameters),
    target: fromHex(target.id),
    evidence: flags.evidence.map(fromHex),
  })
  answer(flags.json, { ...opened, target: target.id }, `${textsHere().topic.opened} ${opened.topic}\n`)
}

async function defend(id: string, flags: PersonFlags & TextFlags): Promise<void> {
  const text = await contentFrom(flags)
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const placed = await person.act({ type: 'defend', topic: fromHex(topic.id), text })
  answer(flags.json, { ...placed, topic: topic.id }, `${textsHere().speak.commented}\n`)
}

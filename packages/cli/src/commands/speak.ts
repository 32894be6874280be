/**
 * `mc propose`, `comment`, `vote`, `freeze`, `evaluate`, `challenge`, `candidate`: what people say to a topic.
 */

import { actionsOf, parseValue } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex } from '@mc/protocol/wire'
import {
  type Action,
  type Candidacy,
  COMMENT_BYTES_MAX,
  candidacyMessage,
  type MandateTerms,
  type Program,
} from '@mc/topics'
import { Command } from 'commander'
import { type ProgramFlags, programIn, textIn } from '../organisation/action-json.js'
import { readCard } from '../organisation/card.js'
import { type ExpectationFlags, expectationsFrom, expecting } from '../organisation/expectations.js'
import { candidatesOf, domainOf, memberOf, seatOf, topicOf } from '../organisation/finding.js'
import { byPrefix } from '../organisation/ids.js'
import { acting, type PersonFlags, personOf } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { contentFrom, plainFrom, type TextFlags, titleFrom } from '../organisation/writing.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { answer } from '../terminal/table.js'

type ProposeFlags = PersonFlags &
  TextFlags &
  ProgramFlags & { readonly amends?: string; readonly admit?: string }
type VoteFlags = PersonFlags & { readonly approve?: string; readonly none?: true }
type ChallengeFlags = PersonFlags &
  TextFlags &
  ExpectationFlags & { readonly title: string; readonly evidence: readonly string[] }
type CandidateFlags = PersonFlags & TextFlags & { readonly terms: string }

const said = (command: Command): Command => {
  const { flags } = textsHere()
  return command.option('--text <text>', flags.text).option('--text-file <file>', flags.textFile)
}

const begun = (usage: string, description: string): Command =>
  acting(
    new Command(usage.split(' ')[0]).description(description).arguments(usage.split(' ').slice(1).join(' ')),
  ).addHelpText('after', textsHere().speak.help)

/** `mc propose`. */
export function proposeCommand(): Command {
  const { speak, flags } = textsHere()
  return said(begun('propose <topic>', speak.propose))
    .option('--actions <file>', flags.actions)
    .option('--contract <cid>', flags.contract)
    .option('--parameters <file>', flags.parameters)
    .option('--admit <card>', speak.admit)
    .option('--amends <proposal>', speak.amends)
    .action((id: string, given: ProposeFlags) => reporting(given.json, () => propose(id, given)))
}

/** `mc comment`. */
export function commentCommand(): Command {
  return said(begun('comment <topic>', textsHere().speak.comment)).action(
    (id: string, given: PersonFlags & TextFlags) => reporting(given.json, () => comment(id, given)),
  )
}

/** `mc vote`. */
export function voteCommand(): Command {
  const { speak } = textsHere()
  return begun('vote <topic>', speak.vote)
    .option('--approve <candidates>', speak.approve)
    .option('--none', speak.none)
    .action((id: string, given: VoteFlags) => reporting(given.json, () => vote(id, given)))
}

/** `mc freeze`. */
export function freezeCommand(): Command {
  const { speak } = textsHere()
  return begun('freeze <topic>', speak.freeze)
    .option('--yes', speak.yes)
    .action((id: string, given: PersonFlags & { yes?: true }) =>
      reporting(given.json, () => freeze(id, given)),
    )
}

/** `mc evaluate`. */
export function evaluateCommand(): Command {
  return begun('evaluate <choice> <topic>', textsHere().speak.evaluate).action(
    (choice: string, id: string, given: PersonFlags) =>
      reporting(given.json, () => evaluate(choice, id, given)),
  )
}

/** `mc challenge`. */
export function challengeCommand(): Command {
  const { speak, flags } = textsHere()
  return expecting(said(begun('challenge <member>', speak.challenge)))
    .requiredOption('--title <title>', flags.title)
    .requiredOption('--evidence <id>', speak.evidence, (id: string, before: readonly string[] = []) => [
      ...before,
      id,
    ])
    .action((id: string, given: ChallengeFlags) => reporting(given.json, () => challenge(id, given)))
}

/** `mc candidate`. */
export function candidateCommand(): Command {
  const { speak } = textsHere()
  return said(begun('candidate <topic>', speak.candidate))
    .requiredOption('--terms <file>', speak.terms)
    .action((id: string, given: CandidateFlags) => reporting(given.json, () => candidate(id, given)))
}

async function propose(id: string, flags: ProposeFlags): Promise<void> {
  const text = await contentFrom(flags)
  const program = flags.admit === undefined ? await programIn(flags) : await admission(flags.admit)
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const seat = await seatOf(person, topic)
  const candidates = seat.candidates.map(one => ({ id: one }))
  const parent =
    flags.amends === undefined ? undefined : fromHex(byPrefix('proposal', flags.amends, candidates).id)
  const meeting = fromHex(seat.id)
  const placed = await person.act({ type: 'propose', meeting, text, program, parent, candidacy: undefined })
  const value = { ...placed, topic: topic.id, meeting: seat.id, proposal: placed.id }
  answer(flags.json, value, `${textsHere().speak.proposed} ${placed.id}\n`)
}

async function admission(path: string): Promise<Program> {
  const { key, possession } = await readCard(path)
  const action: Action = {
    type: 'member.add',
    key,
    possession,
    seat: undefined,
    sponsor: undefined,
    attestations: [],
  }
  return { type: 'actions', actions: [action] }
}

async function comment(id: string, flags: PersonFlags & TextFlags): Promise<void> {
  const content = await contentFrom(flags)
  const text = plainFrom(content.type === 'inline' ? content.text : '', COMMENT_BYTES_MAX)
  if (text === '') throw new CommandError('input/text', 'text: a comment says something', { field: 'text' })
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const placed = await person.act({ type: 'comment', topic: fromHex(topic.id), text })
  answer(flags.json, { ...placed, topic: topic.id }, `${textsHere().speak.commented}\n`)
}

async function vote(id: string, { approve, none, ...flags }: VoteFlags): Promise<void> {
  if ((approve === undefined) === (none === undefined))
    throw new CommandError('usage/vote', 'give --approve CANDIDATES or --none', { field: 'approve' })
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const seat = await seatOf(person, topic)
  const approvals = candidatesOf(seat, approve?.split(',').map(one => one.trim()) ?? [])
  const placed = await person.act({ type: 'vote', meeting: fromHex(seat.id), approvals })
  const value = { ...placed, topic: topic.id, meeting: seat.id, approvals: approvals.map(hex) }
  answer(flags.json, value, `${textsHere().speak.voted}\n`)
}

async function freeze(id: string, { yes, ...flags }: PersonFlags & { readonly yes?: true }): Promise<void> {
  const { speak } = textsHere()
  if (yes !== true) throw new CommandError('usage/freeze', speak.frozenToo, { field: 'yes' })
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const placed = await person.act({ type: 'freeze', topic: fromHex(topic.id) })
  answer(flags.json, { ...placed, topic: topic.id }, `${speak.froze}\n`)
}

async function evaluate(choice: string, id: string, flags: PersonFlags): Promise<void> {
  if (choice !== 'resume' && choice !== 'cancel')
    throw new CommandError('usage/choice', `"${choice}": need resume or cancel`, { field: 'choice' })
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  if (topic.freezeCase === undefined)
    throw new CommandError(
      'topics/unknown-case',
      `the topic is ${topic.state}: no freeze waits for a judgement`,
    )
  const placed = await person.act({ type: 'evaluate', freezeCase: fromHex(topic.freezeCase), choice })
  answer(flags.json, { ...placed, topic: topic.id, choice }, `${textsHere().speak.evaluated}\n`)
}

async function challenge(id: string, flags: ChallengeFlags): Promise<void> {
  const wrong = flags.evidence.find(one => !/^[0-9a-f]{64}$/.test(one))
  if (wrong !== undefined)
    throw new CommandError('input/malformed-id', `--evidence ${wrong}: need 64 hexadecimal digits`, {
      field: 'evidence',
    })
  const written = { title: titleFrom(flags.title), text: await contentFrom(flags) }
  const person = await personOf(flags)
  const [target, domain] = [
    await memberOf(person.organisation, id),
    await domainOf(person.organisation, 'membership'),
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

async function candidate(id: string, flags: CandidateFlags): Promise<void> {
  const text = await contentFrom(flags)
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const seat = await seatOf(person, topic)
  const member = await person.member()
  const terms = termsIn(await textIn(flags.terms), member.id)
  const holder = fromHex(member.id)
  const message = candidacyMessage(fromHex(topic.id), { holder, terms }, crypto.sha256)
  const signature = person.keyring.signing(member).signCandidacy(message)
  const candidacy: Candidacy = { holder, terms, signature }
  const meeting = fromHex(seat.id)
  const placed = await person.act({
    type: 'propose',
    meeting,
    text,
    program: undefined,
    parent: undefined,
    candidacy,
  })
  answer(
    flags.json,
    { ...placed, topic: topic.id, proposal: placed.id },
    `${textsHere().speak.proposed} ${placed.id}\n`,
  )
}

/** The terms are those of the action that the election leads to, so they are read as it is. */
function termsIn(text: string, holder: string): MandateTerms {
  const value = parseValue(text)
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  const actions = actionsOf([{ ...fields, type: 'mandate.grant', holder }])
  if (typeof actions === 'string')
    throw new CommandError('input/malformed-terms', `--terms: ${actions}`, { field: 'terms' })
  const { type: _, holder: __, ...terms } = actions[0] as Extract<Action, { type: 'mandate.grant' }>
  return terms
}

/**
 * `mc propose`, `comment`, `vote`: what people say in a topic.
 */
import { fromHex, hex } from '@mc/protocol/wire'
import { COMMENT_BYTES_MAX, type Program } from '@mc/topics'
import type { Command } from 'commander'
import { draftIn, type ProgramFlags, programOf } from '../organisation/action-json.js'
import { type Card, readCard, requireCardOf } from '../organisation/card.js'
import { candidatesOf, seatOf, topicOf } from '../organisation/finding.js'
import { byPrefix } from '../organisation/ids.js'
import { type PersonFlags, personOf } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { contentFrom, plainFrom, type TextFlags } from '../organisation/writing.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { answer } from '../terminal/table.js'
import { begun, said } from './saying.js'

type ProposeFlags = PersonFlags &
  TextFlags &
  ProgramFlags & { readonly amends?: string; readonly admit?: string; readonly withdraw?: string }
type VoteFlags = PersonFlags & { readonly approve?: string; readonly none?: true }

/** `mc propose`. */
export function proposeCommand(): Command {
  const { speak, flags } = textsHere()
  return said(begun('propose <topic>', speak.propose, speak.proposeHelp))
    .option('--actions <file>', flags.actions)
    .option('--contract <cid>', flags.contract)
    .option('--parameters <file>', flags.parameters)
    .option('--admit <card>', speak.admit)
    .option('--amends <proposal>', speak.amends)
    .option('--withdraw <proposal>', speak.withdraw)
    .action((id: string, given: ProposeFlags) =>
      reporting(given.json, () => (given.withdraw === undefined ? propose(id, given) : withdraw(id, given))),
    )
}

/** `mc comment`. */
export function commentCommand(): Command {
  const { speak } = textsHere()
  return said(begun('comment <topic>', speak.comment, speak.commentHelp)).action(
    (id: string, given: PersonFlags & TextFlags) => reporting(given.json, () => comment(id, given)),
  )
}

/** `mc vote`. */
export function voteCommand(): Command {
  const { speak } = textsHere()
  return begun('vote <topic>', speak.vote, speak.voteHelp)
    .option('--approve <candidates>', speak.approve)
    .option('--none', speak.none)
    .action((id: string, given: VoteFlags) => reporting(given.json, () => vote(id, given)))
}

async function propose(id: string, flags: ProposeFlags): Promise<void> {
  const text = await contentFrom(flags)
  const card = flags.admit === undefined ? undefined : await readCard(flags.admit)
  const draft = await draftIn(flags)
  if (card !== undefined && draft !== undefined)
    throw new CommandError('usage/program', 'a proposal does one thing: --admit, --actions or a --contract', {
      field: 'admit',
    })
  const person = await personOf(flags)
  const { organisation } = person
  if (card !== undefined) requireCardOf(card, person.keyring.org)
  const topic = await topicOf(organisation, id)
  const seat = await seatOf(person, topic)
  const program =
    card !== undefined
      ? admission(card)
      : draft && (await programOf(draft, { organisation, directory: flags.dir }))
  const candidates = seat.candidates.map(one => ({ id: one }))
  const parent =
    flags.amends === undefined ? undefined : fromHex(byPrefix('proposal', flags.amends, candidates).id)
  const meeting = fromHex(seat.id)
  const placed = await person.act({ type: 'propose', meeting, text, program, parent, candidacy: undefined })
  const value = { ...placed, topic: topic.id, meeting: seat.id, proposal: placed.id }
  answer(flags.json, value, `${textsHere().speak.proposed} ${placed.id}\n`)
}

function admission({ key, possession, seat }: Card): Program {
  const action = { type: 'member.add', key, possession, seat, sponsor: undefined, attestations: [] } as const
  return { type: 'actions', actions: [action] }
}

async function withdraw(id: string, flags: ProposeFlags): Promise<void> {
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const seat = await seatOf(person, topic)
  const candidates = seat.candidates.map(one => ({ id: one }))
  const proposal = byPrefix('proposal', flags.withdraw ?? '', candidates).id
  const placed = await person.act({ type: 'withdrawProposal', proposal: fromHex(proposal) })
  answer(flags.json, { ...placed, topic: topic.id, proposal }, `${textsHere().speak.withdrawn} ${proposal}\n`)
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

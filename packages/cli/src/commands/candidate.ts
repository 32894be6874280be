/**
 * `mc candidate`: standing in an election, with the terms that one would be given.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex } from '@mc/protocol/wire'
import { type Action, type Candidacy, candidacyMessage, type MandateTerms } from '@mc/topics'
import type { Command } from 'commander'
import { completed, isRecord, textCid } from '../organisation/action-completing.js'
import { actionAt, textIn, valueIn } from '../organisation/action-json.js'
import { seatOf, topicOf } from '../organisation/finding.js'
import type { Person } from '../organisation/person.js'
import { type PersonFlags, personOf } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { contentFrom, type TextFlags } from '../organisation/writing.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { answer } from '../terminal/table.js'
import { begun, said } from './saying.js'

type CandidateFlags = PersonFlags & TextFlags & { readonly terms: string }

/** `mc candidate`. */
export function candidateCommand(): Command {
  const { speak } = textsHere()
  return said(begun('candidate <topic>', speak.candidate, speak.candidateHelp))
    .requiredOption('--terms <file>', speak.terms)
    .action((id: string, given: CandidateFlags) => reporting(given.json, () => candidate(id, given)))
}

async function candidate(id: string, flags: CandidateFlags): Promise<void> {
  const text = await contentFrom(flags)
  const written = await textIn(flags.terms)
  const person = await personOf(flags)
  const topic = await topicOf(person.organisation, id)
  const seat = await seatOf(person, topic)
  const member = await person.member()
  const said = text.type === 'inline' ? text.text : ''
  const terms = await termsIn(written, { said, holder: member.id, person, directory: flags.dir })
  const holder = fromHex(member.id)
  const message = candidacyMessage(fromHex(topic.id), { holder, terms }, crypto.sha256)
  const signature = person.keyring.signing(member).signCandidacy(message)
  const candidacy: Candidacy = { holder, terms, signature }
  const placed = await person.act({
    type: 'propose',
    meeting: fromHex(seat.id),
    text,
    program: undefined,
    parent: undefined,
    candidacy,
  })
  const value = { ...placed, topic: topic.id, meeting: seat.id, proposal: placed.id }
  answer(flags.json, value, `${textsHere().speak.proposed} ${placed.id}\n`)
}

interface Standing {
  readonly said: string
  readonly holder: string
  readonly person: Person
  readonly directory: string
}

/** The terms are those of the action that the election leads to, so they are read as it is; what one would do is the text. */
async function termsIn(text: string, { said, holder, person, directory }: Standing): Promise<MandateTerms> {
  const value = valueIn(text, 'terms')
  if (!isRecord(value))
    throw new CommandError('input/malformed-terms', 'terms: need a record', { field: 'terms' })
  const asked = { scope: textCid(said), reportEvery: 0, ...value, type: 'mandate.grant', holder }
  const grant = await completed(asked, { organisation: person.organisation, directory })
  const [action] = actionAt(grant, 'terms', 'input/malformed-terms')
  const { type: _, holder: __, ...terms } = action as Extract<Action, { type: 'mandate.grant' }>
  return terms
}

/** Candidates of a meeting, with what their authors say and what they would do. */
import { describeActions } from '@mc/contracts'
import { hex } from '@mc/protocol/wire'
import { type BodyOf, programCodec } from '@mc/topics'
import { builtInName } from './finding.js'
import { languageHere } from './language.js'
import { bodyOf } from './operation-body.js'
import type { OrganisationClient, RowJson } from './organisation-client.js'

/** A candidate with what its author says. */
export interface CandidateView {
  readonly id: string
  readonly author?: string
  readonly text?: string
  readonly hasProgram: boolean
  /** What it would do, in words, if it does anything. */
  readonly does?: string
  /** When the meeting is closed. */
  readonly approvals?: number
}

/** Gathers what is known about a candidate. What it does is read from its own bytes, not from what the node says about them. */
export async function candidateView(
  organisation: OrganisationClient,
  meeting: RowJson<'meetings'>,
  id: string,
): Promise<CandidateView> {
  const approvals = meeting.tally.find(({ proposal }) => proposal === id)?.approvals
  const counted = approvals === undefined ? {} : { approvals }
  const builtIn = builtInName(meeting.topic, id)
  if (builtIn !== undefined) return { id, text: builtIn, hasProgram: false, ...counted }
  const proposal = await organisation.entry('proposals', id)
  const body = await proposed(organisation, id)
  const does = body && (await doingOf(organisation, body))
  return {
    id,
    ...(proposal?.author === undefined ? {} : { author: proposal.author }),
    ...(body === undefined
      ? {}
      : { text: body.text.type === 'inline' ? body.text.text : hex(body.text.cid) }),
    hasProgram: proposal?.program !== undefined || proposal?.candidacy !== undefined,
    ...(does === undefined ? {} : { does }),
    ...counted,
  }
}

async function proposed({ api }: OrganisationClient, id: string): Promise<BodyOf<'propose'> | undefined> {
  const found = await api.operation(id).catch(() => undefined)
  if (found === undefined || !('operation' in found)) return undefined
  const { operation = '' } = found.operation as { readonly operation?: string }
  const body = bodyOf(operation)
  return body?.type === 'propose' ? body : undefined
}

async function doingOf(
  organisation: OrganisationClient,
  { program, candidacy }: BodyOf<'propose'>,
): Promise<string | undefined> {
  const language = languageHere()
  if (candidacy !== undefined) {
    const { holder, terms } = candidacy
    return describeActions([{ type: 'mandate.grant', holder, ...terms }], language)
  }
  if (program === undefined) return undefined
  if (program.type === 'actions') return describeActions(program.actions, language)
  // A contract speaks for itself, in the node's sandbox.
  const said = await organisation.describe(hex(programCodec.encode(program))).catch(() => undefined)
  return said?.[language]
}

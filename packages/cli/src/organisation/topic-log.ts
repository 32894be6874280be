/** Everything that was said to a topic, in the order of the ledger. */
import type { OrganisationClient, RowJson } from './organisation-client.js'

/** One operation about a topic. */
export interface LogEntry {
  readonly id: string
  readonly position: number
  readonly epoch: number
  /** `join`, `comment`, `vote` … */
  readonly what: string
  /** The member, or the name under which somebody spoke. */
  readonly by: string
  /** Its words, if it has any. */
  readonly text?: string
  /** The candidates that a ballot approves. */
  readonly approvals?: readonly string[]
  readonly choice?: string
}

/** Operations of one request. */
const PAGE = 1_000

interface StatedBody {
  readonly type: string
  readonly topic?: string
  readonly meeting?: string
  readonly proposal?: string
  readonly freezeCase?: string
  readonly approvals?: readonly string[]
  readonly choice?: string
  readonly text?: string | { readonly type: string; readonly text?: string; readonly cid?: string }
}

interface Stated {
  readonly statement?: {
    readonly signer: { readonly id?: string; readonly tag?: string; readonly image?: string }
    readonly body: StatedBody
  }
}

/** Reads the operations from the topic's own on; what a node no longer has is not in it. */
export async function topicLog(
  organisation: OrganisationClient,
  topic: RowJson<'topics'>,
): Promise<readonly LogEntry[]> {
  const { api } = organisation
  const isAbout = await aboutTopic(organisation, topic)
  const opened = await api.operation(topic.operation)
  let from: number | undefined = 'position' in opened ? opened.position : 0
  const entries: LogEntry[] = []
  while (from !== undefined) {
    const page = await api.operations({ from: String(from), limit: String(PAGE) })
    for (const { id, position, epoch, operation } of page.operations) {
      const { statement } = operation as unknown as Stated
      if (statement === undefined || !(id === topic.operation || isAbout(statement.body))) continue
      const { signer, body } = statement
      const by = signer.id ?? signer.tag ?? signer.image ?? ''
      entries.push({ id, position, epoch, what: body.type, by, ...detailsOf(body) })
    }
    from = page.next
  }
  return entries
}

async function aboutTopic(
  organisation: OrganisationClient,
  { id }: RowJson<'topics'>,
): Promise<(body: StatedBody) => boolean> {
  const own = new Set([id])
  for (const table of ['meetings', 'proposals', 'cases'] as const)
    for (const row of await organisation.table(table, { topic: id })) own.add(row.id)
  return ({ topic, meeting, proposal, freezeCase }) =>
    [topic, meeting, proposal, freezeCase].some(one => one !== undefined && own.has(one))
}

function detailsOf({ text, approvals, choice }: StatedBody): Partial<LogEntry> {
  const words = typeof text === 'string' ? text : (text?.text ?? text?.cid)
  return {
    ...(words === undefined || words === '' ? {} : { text: words }),
    ...(approvals === undefined ? {} : { approvals }),
    ...(choice === undefined ? {} : { choice }),
  }
}

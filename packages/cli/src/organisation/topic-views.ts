/** Topics for people: a line, a page, a tree, reasons. */
import type { OperationJson } from '@mc/ledger'
import type { Reason } from '@mc/topics'
import { printable, printableLines } from '../terminal/printable.js'
import { table } from '../terminal/table.js'
import { durationText } from './duration.js'
import { builtInName, domainName } from './finding.js'
import { short } from './ids.js'
import { fill } from './language.js'
import type { OrganisationClient, Plain, RowJson } from './organisation-client.js'
import { textsHere } from './texts/texts.js'

/** A candidate with what its author says. */
export interface CandidateView {
  readonly id: string
  readonly author?: string
  readonly text?: string
  readonly hasProgram: boolean
  /** When the meeting is closed. */
  readonly approvals?: number
}

/** A meeting with its candidates. */
export type MeetingView = RowJson<'meetings'> & { readonly views: readonly CandidateView[] }

/** A topic with everything that people ask about it. */
export interface TopicView {
  readonly topic: RowJson<'topics'>
  readonly domain: string
  readonly text: string | undefined
  readonly clock: number
  readonly meetings: readonly MeetingView[]
}

/** All meetings of a topic, by round. */
export interface TreeView {
  readonly topic: string
  readonly title: string
  readonly meetings: readonly RowJson<'meetings'>[]
}

/** A topic in one line. */
export function topicLine({ id, title, state, participants, privacy }: RowJson<'topics'>): string {
  const { states } = textsHere()
  return `${printable(`${short(id)}  ${states[state]}  ${participants}  ${privacy}  ${title}`)}\n`
}

/** Gathers what a page about a topic shows. */
export async function topicView(
  organisation: OrganisationClient,
  topic: RowJson<'topics'>,
): Promise<TopicView> {
  const [{ clock }, domain] = [
    await organisation.overview(),
    await organisation.entry('domains', topic.domain),
  ]
  const rows = (await organisation.table('meetings', { topic: topic.id })).filter(
    ({ round }) => round === topic.round?.number,
  )
  const meetings: MeetingView[] = []
  for (const meeting of [...rows].sort((left, right) => left.index - right.index)) {
    const views: CandidateView[] = []
    for (const id of meeting.candidates) views.push(await candidateView(organisation, meeting, id))
    meetings.push({ ...meeting, views })
  }
  const text = await textOf(organisation, topic.operation)
  return { topic, domain: domain === undefined ? topic.domain : domainName(domain), text, clock, meetings }
}

async function candidateView(
  organisation: OrganisationClient,
  meeting: RowJson<'meetings'>,
  id: string,
): Promise<CandidateView> {
  const approvals = meeting.tally.find(({ proposal }) => proposal === id)?.approvals
  const counted = approvals === undefined ? {} : { approvals }
  const builtIn = builtInName(meeting.topic, id)
  if (builtIn !== undefined) return { id, text: builtIn, hasProgram: false, ...counted }
  const proposal = await organisation.entry('proposals', id)
  const text = await textOf(organisation, id)
  return {
    id,
    ...(proposal?.author === undefined ? {} : { author: proposal.author }),
    ...(text === undefined ? {} : { text }),
    hasProgram: proposal?.program !== undefined,
    ...counted,
  }
}

/** The text that an operation carries; where it is, if it is elsewhere; nothing if this node no longer has it. */
async function textOf({ api }: OrganisationClient, operation: string): Promise<string | undefined> {
  const found = await api.operation(operation).catch(() => undefined)
  if (found === undefined || !('operation' in found)) return undefined
  const { statement } = found.operation as unknown as OperationJson & Stated
  const text = statement?.body?.text
  return text?.type === 'inline' ? text.text : text?.cid
}

interface Stated {
  readonly statement?: {
    readonly body?: {
      readonly text?: { readonly type: string; readonly text?: string; readonly cid?: string }
    }
  }
}

/** A page about a topic. */
export function topicText({ topic, domain, text, clock, meetings }: TopicView): string {
  const { words, states, topic: texts } = textsHere()
  const { round, publicity } = topic
  const until = (end: number): string =>
    `L=${end}, ${end > clock ? fill(texts.pauses, { time: durationText(end - clock) }) : texts.over}`
  const rows: (readonly [string, unknown])[] = [
    [words.id, topic.id],
    [words.domain, domain],
    [words.state, states[topic.state]],
    [words.kind, `${topic.kind}, ${topic.privacy}`],
    [words.participants, topic.participants],
    [words.creator, topic.creator ?? '–'],
  ]
  if (round !== undefined) rows.push([words.round, round.number])
  if (topic.state === 'meeting' && round !== undefined) rows.push([words.deadline, until(round.deadline)])
  if (publicity !== undefined) {
    rows.push([words.supporters, `${publicity.supporters}/${publicity.members}`])
    rows.push([words.publicityEnd, until(publicity.end)])
  }
  if (topic.winner !== undefined) rows.push([words.winner, topic.winner])
  if (topic.freezeCount > 0) rows.push([words.freezes, topic.freezeCount])
  if (topic.result !== undefined) rows.push([words.result, JSON.stringify(topic.result)])
  const said = text === undefined || text === '' ? '' : `\n${printableLines(text)}\n`
  return `${printable(topic.title)}\n\n${table(rows)}${said}${meetings.map(meetingText).join('')}`
}

function meetingText({ index, voters, isClosed, ballots, views }: MeetingView): string {
  const { words, topic } = textsHere()
  const head = isClosed ? `, ${words.ballots} ${ballots}` : `; ${topic.hidden}`
  const lines = views.map(({ id, text = '', hasProgram, approvals }) => {
    const count = approvals === undefined ? '' : `${approvals}  `
    const [first = ''] = text.split('\n')
    return `  ${printable(`${short(id)}  ${count}${hasProgram ? '* ' : ''}${first.slice(0, 80)}`)}\n`
  })
  return `\n${words.meeting} ${index}: ${words.voters} ${voters}${head}\n${lines.join('')}`
}

/** Gathers all meetings of a topic. */
export async function treeView(
  organisation: OrganisationClient,
  topic: RowJson<'topics'>,
): Promise<TreeView> {
  const rows = await organisation.table('meetings', { topic: topic.id })
  const meetings = [...rows].sort((left, right) => left.round - right.round || left.index - right.index)
  return { topic: topic.id, title: topic.title, meetings }
}

/** The tree for people: where each winner came from is where it stood the round before. */
export function treeText({ title, meetings }: TreeView): string {
  const { words, topic } = textsHere()
  if (meetings.length === 0) return `${printable(title)}\n${topic.noMeetings}\n`
  const lines = meetings.map(({ round, index, voters, candidates, tally, winner, isClosed }) => {
    const approvals = new Map(tally.map(({ proposal, approvals: count }) => [proposal, count]))
    const branches = candidates.map(id => {
      const before = meetings.filter(one => one.round === round - 1 && one.winner === id)
      const from =
        before.length === 0 ? '' : ` ← ${before.map(one => `${one.round}.${one.index}`).join(', ')}`
      const won = id === winner ? ` ✓ ${words.winner}` : ''
      return `    ${short(id)}${isClosed ? `  ${approvals.get(id) ?? 0}` : ''}${won}${from}\n`
    })
    return `  ${words.round} ${round}, ${words.meeting} ${round}.${index}: ${words.voters} ${voters}\n${branches.join('')}`
  })
  return `${printable(title)}\n${lines.join('')}`
}

/** Reasons for people: number, rule, formula, inputs. */
export function whyText(reasons: readonly Plain<Reason>[]): string {
  return reasons
    .map(({ of, rule, formula, inputs, result }) => {
      const given = Object.entries(inputs).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      return `${printable(`${of} = ${JSON.stringify(result)}`)}\n  ${printable(`${rule}  ${formula}`)}\n  ${printable(given.join('  '))}\n`
    })
    .join('')
}

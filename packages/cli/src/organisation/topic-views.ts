/** Topics for people: a line, a page, a tree, reasons. */
import type { OperationJson } from '@mc/ledger'
import type { Reason } from '@mc/topics'
import { printable, printableLines } from '../terminal/printable.js'
import { table } from '../terminal/table.js'
import { type CandidateView, candidateView } from './candidates.js'
import { durationText } from './duration.js'
import { domainName } from './finding.js'
import { short } from './ids.js'
import { fill } from './language.js'
import type { OrganisationClient, Plain, RowJson } from './organisation-client.js'
import type { OwnPart } from './own-part.js'
import { type Names, namedMember } from './people-here.js'
import { textsHere } from './texts/texts.js'

/** A meeting with its candidates. */
export type MeetingView = RowJson<'meetings'> & { readonly views: readonly CandidateView[] }

/** A topic with everything that people ask about it. */
export interface TopicView {
  readonly topic: RowJson<'topics'>
  readonly domain: string
  readonly text: string | undefined
  readonly clock: number
  readonly meetings: readonly MeetingView[]
  /** The freeze that is judged now. */
  readonly freezeCase?: RowJson<'cases'>
  /** How one person takes part, if it asks. */
  readonly own?: OwnPart
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
  const freezeCase = topic.freezeCase && (await organisation.entry('cases', topic.freezeCase))
  return {
    topic,
    domain: domain === undefined ? topic.domain : domainName(domain),
    text,
    clock,
    meetings,
    ...(freezeCase ? { freezeCase } : {}),
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

/** A page about a topic; names are those that people have here. */
export function topicText(view: TopicView, names: Names): string {
  const { topic, text, meetings, own } = view
  const said = text === undefined || text === '' ? '' : `\n${printableLines(text)}\n`
  const rows = [...aboutTopic(view, names), ...timesOf(view), ...endOf(view), ...(own ? ownRows(own) : [])]
  return `${printable(topic.title)}\n\n${table(rows)}${said}${meetings.map(one => meetingText(one, names)).join('')}`
}

type Row = readonly [name: string, value: unknown]

function aboutTopic({ topic, domain }: TopicView, names: Names): readonly Row[] {
  const { words, states } = textsHere()
  const { target, evidence, creator } = topic
  return [
    [words.id, topic.id],
    [words.domain, domain],
    [words.state, states[topic.state]],
    [words.kind, `${topic.kind}, ${topic.privacy}`],
    [words.participants, topic.participants],
    [words.creator, creator === undefined ? '–' : namedMember(creator, names)],
    ...(target === undefined ? [] : [[words.target, namedMember(target, names)] as const]),
    ...evidence.map(one => [words.evidence, one] as const),
    ...(topic.defence === undefined ? [] : [[words.defence, topic.defence] as const]),
  ]
}

function timesOf({ topic, clock, freezeCase }: TopicView): readonly Row[] {
  const { words, topic: texts } = textsHere()
  const { round, publicity, state } = topic
  const until = (end: number): string =>
    `L=${end}, ${end > clock ? fill(texts.pauses, { time: durationText(end - clock) }) : texts.over}`
  const rows: Row[] = round === undefined ? [] : [[words.round, round.number]]
  if (state === 'meeting' && round !== undefined) rows.push([words.deadline, until(round.deadline)])
  if (publicity !== undefined) {
    rows.push([words.supporters, `${publicity.supporters}/${publicity.members}`])
    const left = fill(texts.standsStill, { time: durationText(publicity.remaining) })
    rows.push([words.publicityEnd, state === 'frozen' ? left : until(publicity.end)])
  }
  if (freezeCase === undefined) return rows
  const { resume, cancel, deadline } = freezeCase
  return [...rows, [words.evaluation, `${fill(texts.judged, { resume, cancel })}, ${until(deadline)}`]]
}

function endOf({ topic, meetings }: TopicView): readonly Row[] {
  const { words, topic: texts } = textsHere()
  const { winner, freezeCount, result } = topic
  const rows: Row[] = []
  const said = meetings
    .flatMap(({ views }) => views)
    .find(({ id }) => id === winner)
    ?.text?.split('\n')[0]
  if (winner !== undefined)
    rows.push([words.winner, said ? `${short(winner)}  ${said.slice(0, 80)}` : winner])
  if (freezeCount > 0) rows.push([words.freezes, freezeCount])
  if (result?.type === 'executed') rows.push([words.result, fill(texts.executed, { gas: result.gas })])
  else if (result?.type === 'waiting') rows.push([words.result, fill(texts.waiting, { open: result.open })])
  else if (result !== undefined) rows.push([words.result, result.reason])
  return rows
}

function ownRows({ meeting, approvals, isParticipant }: OwnPart): readonly Row[] {
  const { words, topic } = textsHere()
  if (!isParticipant) return [[words.yours, topic.notJoined]]
  if (meeting === undefined) return [[words.yours, topic.noSeat]]
  const ballot = approvals?.map(short).join(', ')
  return [
    [
      words.yours,
      `${meeting}; ${ballot === undefined ? topic.notVoted : fill(topic.youApprove, { ballot })}`,
    ],
  ]
}

function meetingText({ index, voters, isClosed, ballots, views }: MeetingView, names: Names): string {
  const { words, topic } = textsHere()
  const head = isClosed ? `, ${words.ballots} ${ballots}` : `; ${topic.hidden}`
  const lines = views.map(({ id, text = '', does, author = '', approvals }) => {
    const count = approvals === undefined ? '' : `${approvals}  `
    const [first = ''] = text.split('\n')
    const name = names.get(author)
    const doing =
      does === undefined
        ? ''
        : does
            .split('\n')
            .map(line => `      ${printable(line)}\n`)
            .join('')
    return `  ${printable(`${short(id)}  ${count}${first.slice(0, 80)}${name === undefined ? '' : ` (${name})`}`)}\n${doing}`
  })
  const none = views.length === 0 ? `  ${topic.noCandidates}\n` : ''
  return `\n${words.meeting} ${index}: ${words.voters} ${voters}${head}\n${none}${lines.join('')}`
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

/**
 * What follows from the tables and is not in the map: who is where, what is due when, how many approvals there are.
 *
 * Every index listens to its table, so that it is the same after a replay, a restore, or a draft that was dropped.
 */
import { digestKey } from '@mc/crypto'
import { currentKey, isPresent, type Member } from '../organisation/member.js'
import type { Ballot, FreezeCase, Meeting, Participant } from '../topic/parts.js'
import { isFinal, type Topic } from '../topic/topic.js'
import { Heap } from './heap.js'
import { pair, type Tables } from './tables.js'

/** What a timer is about, in the order in which timers of one moment fire. */
export const TIMER_KINDS = [
  'queue',
  'meeting',
  'evaluation',
  'publicity',
  'schedule',
  'mandate',
  'report',
  'recovery',
] as const
/** What a timer is about. */
export type TimerKind = (typeof TIMER_KINDS)[number]

/** Something due at a time of L; `key` is the entry's. */
export interface Timer {
  readonly deadline: number
  readonly kind: TimerKind
  readonly key: string
}

/** Approvals of the open meetings' candidates. */
interface Scores {
  ballots: number
  readonly approvals: Map<string, number>
}

const isEarlier = (left: Timer, right: Timer): boolean => {
  if (left.deadline !== right.deadline) return left.deadline < right.deadline
  if (left.kind !== right.kind) return TIMER_KINDS.indexOf(left.kind) < TIMER_KINDS.indexOf(right.kind)
  return left.key < right.key
}

/** The indexes over a set of tables. */
export class Indexes {
  /** Active members, and active and frozen ones. */
  active = 0
  present = 0
  /** Member key by key X, and by the key of its seat. */
  readonly memberByKey: Map<string, string> = new Map()
  readonly memberBySeat: Map<string, string> = new Map()
  /** Keys of the vouches for a key. */
  readonly vouchesFor: Map<string, Set<string>> = new Map()
  readonly timers: Heap<Timer> = new Heap(isEarlier)
  /** Queued topics, and how many are active, by domain. */
  readonly queues: Map<string, Set<string>> = new Map()
  readonly activeTopics: Map<string, number> = new Map()
  /** Topics whose beacon comes with this block, and participants. */
  readonly draws: Map<number, Set<string>> = new Map()
  readonly placements: Map<number, Set<string>> = new Map()
  /** Keys of a topic's participants, and of the topics of a tag. */
  readonly participants: Map<string, Set<string>> = new Map()
  readonly topicsOfTag: Map<string, Set<string>> = new Map()
  /** The tags of a meeting's voters by seat; gone members leave a gap. */
  readonly voters: Map<string, (Uint8Array | undefined)[]> = new Map()
  readonly scores: Map<string, Scores> = new Map()
  /** Open challenges and recalls by target. */
  readonly openByTarget: Map<string, string> = new Map()
  /** Cases in which a member is, or waits to be, a freezer. */
  readonly freezing: Map<string, Set<string>> = new Map()
  readonly freezersOfTopic: Map<string, Set<string>> = new Map()
  readonly proposalsOfAuthor: Map<string, Set<string>> = new Map()
  /** Things whose conditions are looked at in every block. */
  readonly openMandates: Set<string> = new Set()
  readonly openExceptions: Set<string> = new Set()

  readonly #tables: Tables
  /** Members by every key that is or was theirs. */
  readonly #owners = new Map<string, string>()

  /** Empty indexes that follow empty tables from now on. */
  constructor(tables: Tables) {
    this.#tables = tables
    tables.members.listen((before, after, key) => this.#onMember(before, after, key))
    tables.topics.listen((before, after, key) => this.#onTopic(before, after, key))
    tables.participants.listen((before, after, key) => this.#onParticipant(before, after, key))
    tables.meetings.listen((_, after, key) => this.#onMeeting(after, key))
    tables.ballots.listen((before, after) => this.#onBallot(before, after))
    tables.cases.listen((before, after, key) => this.#onCase(before, after, key))
    tables.freezers.listen((before, after, key) => {
      const freezer = before ?? after
      if (freezer === undefined) return
      toggle(this.freezing, digestKey(freezer.member), key, after !== undefined)
      toggle(this.freezersOfTopic, digestKey(freezer.topic), key, after !== undefined)
    })
    tables.proposals.listen((before, after, key) => {
      const { author, meeting } = before ?? after ?? {}
      if (author === undefined || meeting === undefined) return
      toggle(this.proposalsOfAuthor, digestKey(pair(meeting, author)), key, after !== undefined)
    })
    tables.vouches.listen((before, after, key) => {
      const vouch = before ?? after
      if (vouch !== undefined) toggle(this.vouchesFor, digestKey(vouch.subject), key, after !== undefined)
    })
    tables.scheduled.listen((_, after, key) => {
      if (after !== undefined) this.timers.push({ deadline: after.dueL, kind: 'schedule', key })
    })
    tables.mandates.listen((before, after, key) => {
      if (after === undefined || after.isEnded) return void this.openMandates.delete(key)
      this.openMandates.add(key)
      if (before?.termEnd !== after.termEnd) {
        this.timers.push({ deadline: after.termEnd, kind: 'mandate', key })
      }
      if (after.reportEvery > 0 && before?.reportDue !== after.reportDue) {
        this.timers.push({ deadline: after.reportDue, kind: 'report', key })
      }
    })
    tables.exceptions.listen((_, after, key) => {
      if (after === undefined || after.isClosed) this.openExceptions.delete(key)
      else this.openExceptions.add(key)
    })
  }

  /** The keys of the topics that wait in a domain. */
  queue(domain: Uint8Array): ReadonlySet<string> {
    return this.queues.get(digestKey(domain)) ?? NONE
  }

  /** The member that has, or once had, this key: nobody else ever may. */
  ownerOf(key: Uint8Array): string | undefined {
    return this.#owners.get(digestKey(key))
  }

  /** Approvals of a candidate in an open meeting. */
  approvals(meeting: Uint8Array, proposal: Uint8Array): number {
    return this.scores.get(digestKey(meeting))?.approvals.get(digestKey(proposal)) ?? 0
  }

  /** Ballots of an open meeting. */
  ballots(meeting: Uint8Array): number {
    return this.scores.get(digestKey(meeting))?.ballots ?? 0
  }

  #onMember(before: Member | undefined, after: Member | undefined, key: string): void {
    for (const [member, sign] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (member === undefined) continue
      if (member.state === 'active') this.active += sign
      if (!isPresent(member)) continue
      this.present += sign
      const name = digestKey(currentKey(member))
      if (sign > 0) this.memberByKey.set(name, key)
      else if (this.memberByKey.get(name) === key) this.memberByKey.delete(name)
      if (member.seat === undefined) continue
      const seat = digestKey(member.seat.publicKey)
      if (sign > 0) this.memberBySeat.set(seat, key)
      else if (this.memberBySeat.get(seat) === key) this.memberBySeat.delete(seat)
    }
    if (before?.keys !== after?.keys) {
      for (const { key: own } of before?.keys ?? []) this.#owners.delete(digestKey(own))
      for (const { key: own } of after?.keys ?? []) this.#owners.set(digestKey(own), key)
    }
    const dueL = after?.recovery?.dueL
    if (dueL !== undefined && dueL !== before?.recovery?.dueL) {
      this.timers.push({ deadline: dueL, kind: 'recovery', key })
    }
  }

  #onTopic(before: Topic | undefined, after: Topic | undefined, key: string): void {
    if (before !== undefined) this.#place(before, key, false)
    if (after !== undefined) this.#place(after, key, true)
    const due = after && topicTimer(after)
    if (due === undefined) return
    const was = before && topicTimer(before)
    if (was?.deadline !== due.deadline || was.kind !== due.kind) this.timers.push({ ...due, key })
  }

  #place(topic: Topic, key: string, isThere: boolean): void {
    const domain = digestKey(topic.domain)
    if (topic.state === 'queued') toggle(this.queues, domain, key, isThere)
    if (topic.state === 'splitting' || topic.state === 'meeting') {
      this.activeTopics.set(domain, (this.activeTopics.get(domain) ?? 0) + (isThere ? 1 : -1))
    }
    if (topic.draw !== undefined) toggle(this.draws, topic.draw.at, key, isThere)
    if (topic.target !== undefined && !isFinal(topic)) {
      const target = digestKey(topic.target)
      if (isThere) this.openByTarget.set(target, key)
      else if (this.openByTarget.get(target) === key) this.openByTarget.delete(target)
    }
  }

  #onParticipant(before: Participant | undefined, after: Participant | undefined, key: string): void {
    const one = before ?? after
    if (one === undefined) return
    if (before === undefined || after === undefined) {
      toggle(this.participants, digestKey(one.topic), key, after !== undefined)
      toggle(this.topicsOfTag, digestKey(one.tag), digestKey(one.topic), after !== undefined)
    }
    if (before?.placeAt !== after?.placeAt) {
      if (before?.placeAt !== undefined) toggle(this.placements, before.placeAt, key, false)
      if (after?.placeAt !== undefined) toggle(this.placements, after.placeAt, key, true)
    }
    if (before?.meeting === after?.meeting && before?.seat === after?.seat) return
    if (before?.meeting !== undefined) {
      const seats = this.voters.get(digestKey(before.meeting))
      if (seats !== undefined) seats[before.seat] = undefined
    }
    if (after?.meeting !== undefined) this.#seat(digestKey(after.meeting), after)
  }

  #isClosed(meeting: string): boolean {
    return this.#tables.meetings.at(meeting)?.isClosed === true
  }

  #seat(meeting: string, { seat, tag }: Participant): void {
    if (this.#isClosed(meeting)) return
    const seats = this.voters.get(meeting) ?? []
    this.voters.set(meeting, seats)
    while (seats.length <= seat) seats.push(undefined)
    seats[seat] = tag
  }

  // A closed meeting has its tally in itself.
  #onMeeting(after: Meeting | undefined, key: string): void {
    if (after === undefined || !after.isClosed) return
    this.scores.delete(key)
    this.voters.delete(key)
  }

  #onBallot(before: Ballot | undefined, after: Ballot | undefined): void {
    const meeting = digestKey((before ?? after)?.meeting as Uint8Array)
    if (this.#isClosed(meeting)) return
    const scores = this.scores.get(meeting) ?? { ballots: 0, approvals: new Map<string, number>() }
    this.scores.set(meeting, scores)
    if (before !== undefined) count(scores, before, -1)
    if (after !== undefined) count(scores, after, 1)
  }

  #onCase(before: FreezeCase | undefined, after: FreezeCase | undefined, key: string): void {
    if (after?.outcome === 'open' && after.deadline !== before?.deadline) {
      this.timers.push({ deadline: after.deadline, kind: 'evaluation', key })
    }
  }
}

/** What is due next for a topic by the ledger clock, if anything. */
export function topicTimer(topic: Topic): Pick<Timer, 'deadline' | 'kind'> | undefined {
  switch (topic.state) {
    case 'queued':
      return { deadline: topic.expiresL, kind: 'queue' }
    case 'meeting':
      return topic.draw === undefined && topic.round !== undefined
        ? { deadline: topic.round.deadline, kind: 'meeting' }
        : undefined
    case 'publicity':
      return topic.publicity && { deadline: topic.publicity.end, kind: 'publicity' }
    default:
      return undefined
  }
}

function toggle<K>(index: Map<K, Set<string>>, at: K, key: string, isThere: boolean): void {
  const keys = index.get(at)
  if (isThere) {
    if (keys === undefined) index.set(at, new Set<string>().add(key))
    else keys.add(key)
  } else if (keys?.delete(key) && keys.size === 0) index.delete(at)
}

function count(scores: Scores, { approvals }: Ballot, sign: 1 | -1): void {
  scores.ballots += sign
  for (const approval of approvals) {
    const key = digestKey(approval)
    scores.approvals.set(key, (scores.approvals.get(key) ?? 0) + sign)
  }
}

const NONE: ReadonlySet<string> = new Set()

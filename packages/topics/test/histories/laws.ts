/** Section 15 as functions: each throws if a history breaks it. */
import { digestKey } from '@mc/crypto'
import type { Receipt, StateEvent } from '@mc/ledger'
import { fromHex } from '@mc/protocol/wire'
import {
  isFinal,
  isPresent,
  type Meeting,
  meetingIdOf,
  type Participant,
  pair,
  type Topic,
  type TopicsState,
  topicTimer,
  u32,
} from '@mc/topics'
import { inputOf, sha256, type Village } from '../village.js'
import { memberNamed, type Played, stillFrozen } from './history.js'

/** Throws what was expected and is not so. */
export function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** Every participant is in exactly one meeting per round, and no meeting has others; ballots ≤ voters. */
export function seatsHold(village: Village): void {
  const { tables, indexes } = village.state
  const parts = byTopic(village)
  for (const topic of tables.topics.values()) {
    if (isFinal(topic)) continue
    const own = parts.get(digestKey(topic.id)) ?? []
    must(topic.participants === own.length, 'participants are counted')
    if (topic.state !== 'meeting') continue
    const seated = new Map<string, number>()
    for (const one of own) {
      if (one.meeting === undefined) {
        must(mayStand(village, topic, one), 'a participant has no meeting')
        continue
      }
      const key = digestKey(one.meeting)
      seated.set(key, (seated.get(key) ?? 0) + 1)
    }
    for (const meeting of meetingsIn(village, topic)) {
      const key = digestKey(meeting.id)
      const sitting = seated.get(key) ?? 0
      // What is closed stands, also when one of its voters goes while a tie waits for its beacon.
      const isSo = meeting.isClosed ? sitting <= meeting.voters : sitting === meeting.voters
      must(isSo, 'voters are those who sit there')
      must(meeting.isClosed || indexes.ballots(meeting.id) <= meeting.voters, 'ballots ≤ voters')
      seated.delete(key)
    }
    must(seated.size === 0, 'nobody sits in a meeting of another round')
  }
}

function byTopic({ state }: Village): ReadonlyMap<string, readonly Participant[]> {
  const parts = new Map<string, Participant[]>()
  for (const one of state.tables.participants.values()) {
    const key = digestKey(one.topic)
    const others = parts.get(key)
    if (others === undefined) parts.set(key, [one])
    else others.push(one)
  }
  return parts
}

/** Who came late waits for its draw or for the next round; in `delegates` later rounds are the authors' alone. */
function mayStand(village: Village, topic: Topic, one: Participant): boolean {
  const round = topic.round?.number ?? 0
  const rules = village.state.tables.domains.must(topic.domain).parameters
  return one.fromRound > round || one.placeAt !== undefined || (rules.advance === 'delegates' && round > 1)
}

const meetingsIn = ({ state }: Village, { id, round }: Topic): readonly Meeting[] =>
  Array.from({ length: round?.meetings ?? 0 }, (_, index) =>
    state.tables.meetings.must(meetingIdOf(id, round?.number ?? 0, index, sha256)),
  )

/** |size_i − size_j| ≤ 1 in round 1, none above the capacity; rounds ≤ 1 + ⌈log_c g_1⌉, and fewer meetings in each. */
export function roundsAreBounded(village: Village, events: readonly StateEvent[]): void {
  for (const { type, detail } of events) {
    if (type !== 'round-opened') continue
    const sizes = detail['meetings'] as readonly number[]
    const round = detail['round'] as number
    const receiptOf = (number: number) =>
      village.state.tables.splits.must(pair(fromHex(detail['topic'] as string), u32(number)))
    const { capacity } = receiptOf(round)
    if (round === 1) {
      must(Math.max(...sizes) - Math.min(...sizes) <= 1, 'meetings of round 1 are of like size')
      must(Math.max(...sizes) <= capacity, 'no meeting of round 1 is above the capacity')
      continue
    }
    must(sizes.length < receiptOf(round - 1).meetings, 'each round has fewer meetings')
    must(round <= 1 + Math.ceil(Math.log2(receiptOf(1).meetings)), 'rounds are bounded')
  }
}

/** winner ∈ candidates: whoever wins stood for election, and had as many approvals as anybody. */
export function winnersStood(village: Village, events: readonly StateEvent[]): void {
  for (const { type, detail } of events) {
    if (type !== 'meeting-closed' && type !== 'tie-broken') continue
    const meeting = village.state.tables.meetings.must(fromHex(detail['meeting'] as string))
    if (meeting.winner === undefined) continue
    const key = digestKey(meeting.winner)
    must(
      meeting.candidates.some(one => digestKey(one) === key),
      'the winner is a candidate',
    )
    const approvals = meeting.tally.find(one => digestKey(one.proposal) === key)?.approvals ?? 0
    must(approvals >= 1, 'the winner has an approval')
    must(
      meeting.tally.every(one => one.approvals <= approvals),
      'nobody has more approvals than the winner',
    )
  }
}

/** A topic has one open case if it is frozen, else none; and something is due, or a step elsewhere is waited for. */
export function nothingIsStuck(village: Village): void {
  const open = new Map<string, number>()
  for (const { outcome, topic } of village.state.tables.cases.values()) {
    if (outcome === 'open') open.set(digestKey(topic), (open.get(digestKey(topic)) ?? 0) + 1)
  }
  for (const topic of village.state.tables.topics.values()) {
    const cases = open.get(digestKey(topic.id)) ?? 0
    must(cases === (topic.state === 'frozen' ? 1 : 0), 'one open case if frozen, else none')
    if (isFinal(topic)) continue
    const isWaiting = topic.draw !== undefined || topicTimer(topic) !== undefined
    const isElsewhere =
      topic.state === 'frozen' || (topic.state === 'scheduled' && topic.result?.type === 'waiting')
    must(isWaiting || isElsewhere, `a topic is stuck in ${topic.state}`)
    must(topic.draw === undefined || topic.draw.at > village.epoch, 'a draw is over and was not made')
  }
}

/** What a frozen member may still say (section 11.2, and its keys). */
const BY_FROZEN = new Set(['comment', 'rotateKey', 'vetoRecovery'])

/** No operation of a frozen member counts. Returns how many were tried. */
export function frozenAreHeardNot(village: Village, { wishes, applied, frozenBefore }: Played): number {
  if (frozenBefore.size === 0) return 0
  const frozen = stillFrozen(village, frozenBefore)
  let tried = 0
  for (const [at, { name, body }] of wishes.entries()) {
    if (name === undefined || BY_FROZEN.has(body) || !frozen.has(memberNamed(village, name))) continue
    tried += 1
    must(applied.receipts[at]?.accepted === false, `a frozen member was heard: ${body}`)
  }
  return tried
}

/** T and L never decrease, nor does anything that is counted upwards. */
export function onlyForward(before: TopicsState['here'], after: TopicsState['here']): void {
  must(after.clockMs >= before.clockMs, 'L goes back')
  must(after.epoch === before.epoch + 1, 'blocks follow one another')
  must(after.membershipEpoch >= before.membershipEpoch, 'membership epochs go back')
  must(after.rings.revision >= before.rings.revision, 'rings go back')
  must(after.accepted >= before.accepted, 'what was accepted is forgotten')
}

/** Members are counted as they are. */
export function peopleAreCounted({ state }: Village): void {
  const members = state.tables.members.values()
  must(state.indexes.present === members.filter(isPresent).length, 'N')
  must(state.indexes.active === members.filter(one => one.state === 'active').length, 'active members')
}

/** What a block told, in one text: receipts by operation, events in order, and the next committee. */
function told(
  receipts: readonly Receipt[],
  { events, configuration }: { readonly events?: readonly StateEvent[]; readonly configuration?: unknown },
): string {
  const each = receipts.map(
    one => digestKey(one.id) + JSON.stringify(one.accepted ? one.position : one.refusal),
  )
  return JSON.stringify([each.sort(), events, configuration])
}

/** What every block of a history told. */
export class Tellings {
  readonly #blocks: string[] = []

  add({ applied }: Pick<Played, 'applied'>): void {
    this.#blocks.push(told(applied.receipts, applied))
  }

  /**
   * Replays the history with every block's operations in another order, and from block `cut` on from a snapshot: the same is
   * told, and the root is the same.
   */
  sameElsewhere(village: Village, fresh: Village, cut: number): void {
    const { machine } = fresh
    let state = machine.genesis()
    let { configuration } = fresh
    for (const [index, { operations, clock }] of village.history.entries()) {
      if (index === cut) state = fresh.restored(state)
      const turned = shuffled(operations, index)
      const applied = machine.apply(state, inputOf({ machine, configuration }, turned, index + 1, clock))
      state = applied.state
      configuration = applied.configuration ?? configuration
      const here = this.#blocks[index]
      must(
        here === undefined || here === told(applied.receipts, applied),
        `block ${index + 1} tells another story`,
      )
    }
    const [left, right] = [machine.root(state), village.machine.root(village.state)]
    must(digestKey(left) === digestKey(right), 'the roots differ')
  }
}

/** Another order, a different one from block to block. */
function shuffled<T>(items: readonly T[], by: number): readonly T[] {
  const turned = [
    ...items.slice(by % Math.max(1, items.length)),
    ...items.slice(0, by % Math.max(1, items.length)),
  ]
  return by % 2 === 0 ? turned.reverse() : turned
}

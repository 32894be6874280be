/** Random histories: a stream of bytes decides who does what, and every run of the same bytes is the same history. */
import { digestKey } from '@mc/crypto'
import type { Applied } from '@mc/ledger'
import { type DomainParameters, isFinal, type TopicsState } from '@mc/topics'
import { DAY, HOUR, Village } from '../village.js'
import { Choices } from './choices.js'
import { dutiesIn, NEWCOMERS, type Wish, wishOf } from './wishes.js'

/** Frozen members by their keys, each with its cases. */
type Frozen = ReadonlyMap<string, ReadonlySet<string>>

/** A block that has been applied: what was in it, and what came of it. */
export interface Played {
  readonly wishes: readonly Wish[]
  readonly applied: Applied<TopicsState>
  /** Members that were frozen when it began, and the cases that froze them. */
  readonly frozenBefore: Frozen
}

/** Rules, and how many people there are at least. */
const RULES: readonly (readonly [people: number, rules: Partial<DomainParameters>])[] = [
  [3, {}],
  [5, { activeSlots: 3, minActivate: 3, lateAs: 'nextRound', tie: 'earliest' }],
  [7, { activeSlots: 2, minActivate: 6, statusQuo: true, lateExtension: true, aggregate: 'median' }],
  [6, { activeSlots: 2, minActivate: 5, advance: 'delegates', aggregate: 'trim' }],
]

/** A village whose organisation depends on the first choices. */
export function villageOf(choices: Choices): Village {
  const [least, rules] = RULES[choices.below(RULES.length)] as (typeof RULES)[number]
  const people = least + choices.below(6)
  return new Village({
    people,
    seats: Math.min(4, people),
    rules,
    genesis: { parameters: { epochLength: 5 * DAY, anonymousEvaluation: choices.below(2) } },
  })
}

const STEPS = [0, 0, 0, 0, 0, 0, 60, 60, 60, HOUR, HOUR, DAY]

/** Often nothing, sometimes a while, sometimes exactly to what is due next. */
function stepOf(village: Village, choices: Choices): number {
  const at = choices.below(STEPS.length + 2)
  const due = village.state.indexes.timers.first?.deadline ?? 0
  return STEPS[at] ?? Math.max(0, due - village.clock)
}

/** Plays a history; `onBlock` sees every block. */
export function play(bytes: Uint8Array, onBlock: (village: Village, played: Played) => void): Village {
  const choices = new Choices(bytes)
  const village = villageOf(choices)
  const names = [...village.names, ...village.names, ...NEWCOMERS]
  while (!choices.isOver) {
    const wishes: Wish[] = []
    for (let count = choices.below(7); count > 0; count -= 1) {
      const wish = wishOf(village, choices.of(names) as string, choices)
      if (wish !== undefined) wishes.push(wish)
    }
    let advance = stepOf(village, choices)
    const duties = advance > HOUR ? dutiesIn(village) : []
    // Where everybody does what is to be done, time goes on afterwards: so topics see their later rounds.
    if (duties.length > 0) advance = 0
    wishes.push(...duties)
    const frozenBefore = frozenIn(village)
    const applied = act(village, wishes, advance)
    onBlock(village, { wishes, applied, frozenBefore })
  }
  return village
}

/** One block; signers go on where the state is then. */
function act(village: Village, wishes: readonly Wish[], advance: number): Applied<TopicsState> {
  const applied = village.block(
    wishes.map(({ bytes }) => bytes),
    advance,
  )
  for (const { actor, tag } of wishes) village.setSeq(tag, village.state.tables.actors.at(actor)?.seq ?? 0)
  return applied
}

function frozenIn({ state }: Village): Frozen {
  const frozen = state.tables.members.values().filter(member => member.state === 'frozen')
  return new Map(frozen.map(({ id, frozenBy }) => [digestKey(id), new Set(frozenBy.map(digestKey))]))
}

/** The keys of those that one case has kept frozen since: who was released and froze again was free in between. */
export function stillFrozen(village: Village, before: Frozen): ReadonlySet<string> {
  const isKept = ([key, cases]: [string, ReadonlySet<string>]): boolean =>
    [...cases].some(one => before.get(key)?.has(one))
  return new Set([...frozenIn(village)].filter(isKept).map(([key]) => key))
}

/** The key of a member by its name. */
export const memberNamed = (village: Village, name: string): string => digestKey(village.id(name))

/** Blocks after which whoever waits for something that cannot happen is left alone. */
const IDLE_BOUNDARIES = 12

/**
 * Follows nothing but what the state says is due, and does the least that decides, until every topic has come to an end.
 *
 * Topics that wait for the removal of the last seat may wait for ever: the consensus must go on.
 */
export function playOut(village: Village, onBlock: (village: Village, played: Played) => void): void {
  let idle = 0
  let isHeard = true
  for (let blocks = 0; blocks < 2_000; blocks += 1) {
    const open = village.state.tables.topics.values().filter(topic => !isFinal(topic))
    if (open.length === 0) return
    const wake = village.machine.wake?.(village.state)
    if (wake === undefined) throw new Error(`nothing is due, and ${open[0]?.state} is no end`)
    idle = open.every(({ state }) => state === 'scheduled') ? idle + 1 : 0
    if (idle > IDLE_BOUNDARIES) return
    // What was refused would be refused again: time goes on.
    const duties: readonly Wish[] = isHeard ? dutiesIn(village) : []
    const due = Math.max(0, Math.ceil(wake.dueMs / 1000) - village.clock)
    const frozenBefore = frozenIn(village)
    const applied = act(village, duties, duties.length > 0 ? 0 : due)
    isHeard = duties.length === 0 || applied.receipts.some(({ accepted }) => accepted)
    onBlock(village, { wishes: duties, applied, frozenBefore })
  }
  throw new Error('a topic does not come to an end')
}

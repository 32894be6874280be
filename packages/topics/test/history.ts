/** Random histories: a stream of bytes decides who does what, and every run of the same bytes is the same history. */
import { equalBytes } from '@mc/crypto'
import { type Body, type DomainParameters, isFinal, type Topic } from '@mc/topics'
import {
  actions,
  createTopic,
  DAY,
  domainId,
  HOUR,
  note,
  PARAMS,
  proposal,
  registrySet,
  sha256,
  Village,
  voteFor,
} from './village.js'

/** What a stream of bytes decides. */
class Choices {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length
  }

  below(count: number): number {
    const value = this.#bytes[this.#at] ?? 0
    this.#at += 1
    return count === 0 ? 0 : value % count
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }
}

const STEPS = [0, 0, 0, 0, 60, HOUR, DAY]

/** Often nothing, sometimes a while, sometimes exactly to what is due next. */
function stepOf(village: Village, choices: Choices): number {
  const at = choices.below(STEPS.length + 2)
  const due = village.state.indexes.timers.first?.deadline ?? 0
  return STEPS[at] ?? Math.max(0, due - village.clock)
}

const RULES: readonly Partial<DomainParameters>[] = [
  {},
  { activeSlots: 3, lateAs: 'nextRound', tie: 'earliest' },
  { activeSlots: 2, statusQuo: true, lateExtension: true, aggregate: 'median' },
  { activeSlots: 2, advance: 'delegates', aggregate: 'trim' },
]

/** A village whose organisation depends on the first choices. */
export function villageOf(choices: Choices): Village {
  const people = 3 + choices.below(6)
  const rules = RULES[choices.below(RULES.length)] as Partial<DomainParameters>
  return new Village({
    people,
    seats: Math.min(4, people),
    rules,
    genesis: { parameters: { epochLength: 5 * DAY } },
  })
}

/** Plays a history; `onBlock` is told what every block held, before and after. */
export function play(
  bytes: Uint8Array,
  onBlock: (village: Village, before: ReadonlySet<string>, operations: readonly Uint8Array[]) => void,
): Village {
  const choices = new Choices(bytes)
  const village = villageOf(choices)
  while (!choices.isOver) {
    const operations: Uint8Array[] = []
    for (let count = choices.below(5); count > 0; count -= 1) {
      const name = choices.of(village.names) as string
      const body = wish(village, name, choices)
      if (body !== undefined) operations.push(village.by(name, body))
    }
    const advance = stepOf(village, choices)
    const frozen = new Set(village.names.filter(name => village.member(name).state === 'frozen'))
    village.block(operations, advance)
    resync(village)
    onBlock(village, frozen, operations)
  }
  return village
}

/** Signers go on where the state is. */
function resync(village: Village): void {
  for (const name of village.names) {
    const key = `m${String.fromCharCode(...village.id(name))}`
    village.setSeq(village.id(name), village.state.tables.actors.at(key)?.seq ?? 0)
  }
}

function wish(village: Village, name: string, choices: Choices): Body | undefined {
  const topics = village.state.tables.topics.values().filter(topic => !isFinal(topic))
  const topic = choices.of(topics)
  const kind = choices.below(16)
  if (topic === undefined || kind === 0) return creation(village, name, choices)
  if (kind === 1)
    return choices.below(12) === 0 ? { type: 'depart' } : { type: 'comment', topic: topic.id, text: 'hm' }
  if (kind === 2) return stray(topic, choices)
  switch (topic.state) {
    case 'queued':
    case 'splitting':
      return joining(topic, choices)
    case 'meeting': {
      const meeting = village.meetingIdOf(topic.id, name)
      if (meeting === undefined) return joining(topic, choices)
      const isEmpty = village.state.tables.meetings.get(meeting)?.candidates.length === 0
      return isEmpty || kind < 5
        ? suggestion(village, name, topic, choices)
        : ballot(village, name, topic, choices)
    }
    case 'publicity':
      return choices.below(3) === 0 ? { type: 'freeze', topic: topic.id } : undefined
    case 'frozen': {
      const choice = choices.of(['resume', 'cancel'] as const) ?? 'resume'
      return topic.freezeCase && { type: 'evaluate', freezeCase: topic.freezeCase, choice }
    }
    default:
      return undefined
  }
}

const joining = (topic: Topic, choices: Choices): Body => ({
  type: 'join',
  topic: topic.id,
  params: { ...PARAMS, capacity: 2 + choices.below(3), meet: HOUR * (1 + choices.below(50)) },
})

/** What comes at the wrong moment more often than not. */
function stray(topic: Topic, choices: Choices): Body {
  const kinds = [
    { type: 'leave', topic: topic.id },
    { type: 'withdraw', topic: topic.id },
    { type: 'freeze', topic: topic.id },
    { type: 'updateJoin', topic: topic.id, params: PARAMS },
  ] as const
  return choices.of(kinds) as Body
}

function creation(village: Village, name: string, choices: Choices): Body {
  const target = choices.of(village.names) as string
  if (choices.below(4) !== 0) return createTopic(village.id(name))
  const evidence = [sha256(Uint8Array.of(choices.below(256)))]
  return createTopic(village.id(name), {
    kind: 'challenge',
    domain: domainId('membership'),
    target: village.id(target),
    evidence,
  })
}

function suggestion(village: Village, name: string, topic: Topic, choices: Choices): Body | undefined {
  const meeting = village.meetingIdOf(topic.id, name)
  const program = choices.of([
    actions(note('x')),
    actions(registrySet('y')),
    actions(note('fail')),
    undefined,
  ])
  return meeting && proposal(meeting, program)
}

function ballot(village: Village, name: string, topic: Topic, choices: Choices): Body | undefined {
  const id = village.meetingIdOf(topic.id, name)
  const meeting = id && village.state.tables.meetings.get(id)
  if (meeting === undefined) return undefined
  const approvals = meeting.candidates.filter(() => choices.below(3) > 0)
  return voteFor(meeting.id, approvals)
}

/** Everybody who takes part in a topic, by name. */
export const participantsOf = (village: Village, topic: Topic) =>
  village.state.tables.participants.values().filter(one => equalBytes(one.topic, topic.id))

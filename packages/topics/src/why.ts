/**
 * The reason beside every number: the formula, its inputs, what came of it.
 *
 * @see interface.md, section 1
 */

import type { Sha256 } from '@mc/crypto'
import { equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import { supportNeeded } from './machine/publicity.js'
import { meetingIdOf } from './machine/topic-id.js'
import { coFreezersNeeded } from './operations/freezing.js'
import type { TopicsState } from './state/topics-state.js'
import type { Topic } from './topic/topic.js'

/** One number, and where it comes from. */
export interface Reason {
  /** What is explained: `deadline`, `split`, `winner` … */
  readonly of: string
  /** The section of the rules. */
  readonly rule: string
  readonly formula: string
  readonly inputs: Readonly<Record<string, number | string | readonly number[]>>
  readonly result: number | string | readonly number[]
}

/** Why a topic stands where it stands; nothing if there is none. */
export function why(state: TopicsState, topicId: Uint8Array, sha256: Sha256): readonly Reason[] | undefined {
  const topic = state.tables.topics.get(topicId)
  if (topic === undefined) return undefined
  return [
    ...queueReasons(state, topic),
    ...roundReasons(state, topic, sha256),
    ...publicityReasons(state, topic),
    ...freezeReasons(state, topic),
  ]
}

function queueReasons(state: TopicsState, topic: Topic): readonly Reason[] {
  if (topic.state !== 'queued') return []
  const { parameters } = state.tables.domains.must(topic.domain)
  const least = Math.max(
    parameters.minActivate,
    Math.ceil((state.indexes.present * parameters.minActivatePermille) / 1000),
  )
  return [
    {
      of: 'activation',
      rule: '§8',
      formula:
        'n ≥ minActivate ∧ L − createdL ≥ queueMinAge ∧ slot free; greatest n, then oldest, then smallest id',
      inputs: {
        n: topic.participants,
        age: state.clock - topic.createdL,
        queueMinAge: parameters.queueMinAge,
        activeSlots: parameters.activeSlots,
      },
      result: least,
    },
    {
      of: 'expiry',
      rule: '§7',
      formula: 'createdL + queueTTL',
      inputs: { createdL: topic.createdL },
      result: topic.expiresL,
    },
  ]
}

function roundReasons(state: TopicsState, topic: Topic, sha256: Sha256): readonly Reason[] {
  const { round, id } = topic
  if (round === undefined) return []
  const { aggregate } = state.tables.domains.must(topic.domain).parameters
  const meetings = Array.from({ length: round.meetings }, (_, index) =>
    state.tables.meetings.must(meetingIdOf(id, round.number, index, sha256)),
  )
  const deadline: Reason = {
    of: 'deadline',
    rule: '§9.1',
    formula: round.isExtended
      ? 'openedL + W + ⌊W / 4⌋'
      : 'openedL + W, W = clamp(aggregate of expected windows)',
    inputs: { openedL: round.openedL, W: round.window, aggregate, round: round.number },
    result: round.deadline,
  }
  const split: Reason = {
    of: 'split',
    rule: '§9.2',
    formula: 'g = ⌈elements / c⌉, c = max(2, aggregate of expected capacities)',
    inputs: { c: round.capacity, aggregate, round: round.number },
    result: meetings.map(({ voters }) => voters),
  }
  const winners = meetings.flatMap(({ winner, tally, index, ballots }): Reason[] =>
    winner === undefined
      ? []
      : [
          {
            of: 'winner',
            rule: '§10',
            formula: 'greatest number of ballots that approve it, at least 1; ties by the beacon',
            inputs: { meeting: index, ballots, approvals: tally.map(({ approvals }) => approvals) },
            result: `${hex(winner)} with ${tally.find(({ proposal }) => equalBytes(proposal, winner))?.approvals ?? 0}`,
          },
        ],
  )
  return round.meetings === 0 ? [] : [deadline, split, ...winners]
}

function publicityReasons(state: TopicsState, topic: Topic): readonly Reason[] {
  const { publicity } = topic
  if (publicity === undefined) return []
  const { parameters } = state.tables.domains.must(topic.domain)
  const { members: N, supporters: s, expected, needed, end } = publicity
  return [
    {
      of: 'publicity',
      rule: '§11.1',
      formula: 'max(average expected, clamp(⌊B·N / s⌋, Pmin, Pmax))',
      inputs: {
        N,
        s,
        B: parameters.publicityBase,
        Pmin: parameters.publicityNeed.min,
        Pmax: parameters.publicityNeed.max,
        expected,
        needed,
        minSupport: supportNeeded(parameters, topic),
      },
      result: Math.max(expected, needed),
    },
    {
      of: 'publicityEnd',
      rule: '§11',
      formula: 'L at its start + length, moved by freezes',
      inputs: { freezes: topic.freezeCount },
      result: end,
    },
  ]
}

function freezeReasons(state: TopicsState, topic: Topic): readonly Reason[] {
  const open = topic.freezeCase && state.tables.cases.get(topic.freezeCase)
  if (open !== undefined) {
    return [
      {
        of: 'evaluation',
        rule: '§11.2',
        formula:
          'majority of the votes cast at the end of the window; at once when a side exceeds half of the eligible',
        inputs: { resume: open.resume, cancel: open.cancel, eligible: state.indexes.active, k: open.k },
        result: open.deadline,
      },
    ]
  }
  if (topic.state !== 'publicity') return []
  return [
    {
      of: 'coFreezers',
      rule: '§11.2',
      formula: '2^(k − 1) for the k-th freeze',
      inputs: { k: topic.freezeCount + 1, gathered: topic.gathered },
      result: coFreezersNeeded(topic),
    },
  ]
}

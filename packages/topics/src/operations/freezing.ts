/**
 * The cooling-off: stopping a decision before it is carried out, at the cost of one's own voice.
 *
 * @see topics.md, section 11.2
 */
import { digestKey, equalBytes } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { openCase, resolveCase } from '../machine/freeze.js'
import { emit, refusal, type Turn } from '../machine/turn.js'
import type { Member } from '../organisation/member.js'
import { pair } from '../state/tables.js'
import type { FreezeCase } from '../topic/parts.js'
import type { Topic } from '../topic/topic.js'
import type { Heard, Verdict } from './verdict.js'

// member Active; no open case; the k-th case needs 2^(k−1) co-freezers; once per person and topic
/** Wants a topic in publicity to stop. When enough do, it does, and they are frozen too. */
export function freeze({ turn, speaker, body }: Heard<'freeze'>): Verdict {
  const { topics, freezers } = turn.state.tables
  const topic = topics.get(body.topic)
  if (topic === undefined) return refusal('topics/unknown-topic', `no topic ${hex(body.topic)}`)
  if (topic.state !== 'publicity' || topic.publicity === undefined) {
    return refusal('topics/not-in-publicity', `freeze refused: the topic is ${topic.state}`)
  }
  if (turn.block.clockBefore >= topic.publicity.end) {
    return refusal(
      'topics/too-late',
      `freeze refused: publicity ended at L=${topic.publicity.end}, now L=${turn.block.clock}`,
    )
  }
  const member = speaker.member as Member
  const key = pair(topic.id, member.id)
  if (freezers.get(key) !== undefined) {
    return refusal('topics/already-froze', 'freeze refused: one person freezes one topic once')
  }
  if ((turn.state.indexes.freezing.get(digestKey(member.id))?.size ?? 0) > 0 && hasOpenFreeze(turn, member)) {
    return refusal('topics/already-froze', 'freeze refused: another freeze of this member is open')
  }
  return () => {
    freezers.set(key, { topic: topic.id, member: member.id, freezeCase: undefined })
    const gathered = topic.gathered + 1
    const needed = coFreezersNeeded(topic)
    topics.set(topic.id, { ...topic, gathered })
    emit(turn, 'freeze-wanted', { topic: hex(topic.id), gathered, needed })
    if (gathered >= needed) openCase(turn, topics.must(topic.id))
  }
}

/** 2^(k−1) for the k-th case; cases are too few for the number to grow past what is safe. */
export const coFreezersNeeded = ({ freezeCount }: Topic): number => 2 ** Math.min(freezeCount, 50)

function hasOpenFreeze({ state }: Heard<'freeze'>['turn'], member: Member): boolean {
  const { freezers, topics, cases } = state.tables
  const own = [...(state.indexes.freezing.get(digestKey(member.id)) ?? [])].map(key => freezers.at(key))
  return own.some(freezer => {
    if (freezer === undefined) return false
    if (freezer.freezeCase !== undefined) return cases.get(freezer.freezeCase)?.outcome === 'open'
    return topics.get(freezer.topic)?.state === 'publicity'
  })
}

// member Active, not a freezer; recorded; early end when one side exceeds half of the eligible
/** Judges a freeze. A later judgement replaces the earlier one. */
export function evaluate({ turn, speaker, body }: Heard<'evaluate'>): Verdict {
  const { cases, evaluations } = turn.state.tables
  const one = cases.get(body.freezeCase)
  if (one === undefined) return refusal('topics/unknown-case', `no freeze case ${hex(body.freezeCase)}`)
  const closed = flawOfCase(one, turn.block.clockBefore, turn.block.clock)
  if (closed !== undefined) return closed
  const voter = voterIn(turn, one, speaker)
  if ('rule' in voter) return voter
  return () => {
    const key = pair(one.id, voter.tag)
    const before = evaluations.get(key)?.choice
    evaluations.set(key, { freezeCase: one.id, member: voter.tag, choice: body.choice })
    const counted = {
      ...one,
      resume: one.resume + count(body.choice === 'resume') - count(before === 'resume'),
      cancel: one.cancel + count(body.choice === 'cancel') - count(before === 'cancel'),
    }
    cases.set(one.id, counted)
    const eligible = turn.state.indexes.active
    if (2 * Math.max(counted.resume, counted.cancel) > eligible) resolveCase(turn, counted)
  }
}

// [optional] anonymous evaluation: one way or the other, or somebody could judge twice
function voterIn(
  turn: Turn,
  one: FreezeCase,
  { signer, member }: Heard<'evaluate'>['speaker'],
): { readonly tag: Uint8Array } | Refusal {
  if (one.isAnonymous !== (signer.type === 'evaluator')) {
    const by = one.isAnonymous ? 'under a tag of the case' : 'with the member key'
    return refusal('topics/wrong-signer', `this freeze is judged ${by}`)
  }
  if (signer.type === 'evaluator') return { tag: signer.tag.slice() }
  const { id } = member as Member
  return isFreezerOf(turn, one, id)
    ? refusal('topics/own-freeze', 'who froze does not judge the freeze')
    : { tag: id }
}

const count = (isIt: boolean): number => (isIt ? 1 : 0)

function isFreezerOf({ state }: Turn, { id, topic }: FreezeCase, member: Uint8Array): boolean {
  const { freezeCase } = state.tables.freezers.get(pair(topic, member)) ?? {}
  return freezeCase !== undefined && equalBytes(freezeCase, id)
}

function flawOfCase({ outcome, deadline }: FreezeCase, before: number, now: number): Refusal | undefined {
  if (outcome === 'open' && before < deadline) return undefined
  return refusal('topics/case-closed', `evaluation refused: it ended at L=${deadline}, now L=${now}`)
}

/**
 * Opening a topic.
 *
 * @see topics.md, sections 8, 12 and 14
 */
import { digestKey, equalBytes } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { clamp } from '../machine/aggregate.js'
import { topicIdOf } from '../machine/topic-id.js'
import { refusal, type Turn, transition } from '../machine/turn.js'
import type { BodyOf, JoinParams } from '../operation/body.js'
import type { Domain } from '../organisation/domain.js'
import type { DomainParameters } from '../organisation/domain-parameters.js'
import { isPresent } from '../organisation/member.js'
import type { TopicKind } from '../organisation/topic-kind.js'
import { pair } from '../state/tables.js'
import type { Topic } from '../topic/topic.js'
import type { Heard, Verdict } from './verdict.js'

/** Topics that may wait in one domain. What is over it is refused in words, never dropped. */
export const QUEUE_MAX = 2_000

/** Seconds in which the same evidence does not open a second challenge. */
export const EVIDENCE_REST: number = 30 * 86_400

const IDENTIFIED_KINDS: readonly TopicKind[] = ['challenge', 'membership', 'upgrade']

/** What a participant expects, within the bounds of the domain. */
export const clampedParams = (params: JoinParams, rules: DomainParameters): JoinParams => ({
  meet: clamp(params.meet, rules.meet),
  publicity: clamp(params.publicity, rules.publicity),
  capacity: clamp(params.capacity, rules.capacity),
})

/** Opens a topic in the queue of its domain; its creator takes part from the beginning. */
export function createTopic({ turn, speaker, body, id, seq }: Heard<'createTopic'>): Verdict {
  const { state, tools } = turn
  const domain = state.tables.domains.get(body.domain)
  if (domain === undefined || domain.mergedInto !== undefined) {
    return refusal('topics/unknown-domain', `no domain ${hex(body.domain)} takes topics`)
  }
  const queued = state.indexes.queue(body.domain).size
  if (queued >= QUEUE_MAX) {
    return refusal('topics/queue-full', `${queued} topics wait in this domain, at most ${QUEUE_MAX} may`)
  }
  const flaw = flawOfSchema(turn, body, domain) ?? flawOfTarget(turn, body)
  if (flaw !== undefined) return flaw
  const isByMember = speaker.signer.type === 'member'
  if (
    isByMember &&
    (body.privacy !== 'identified' || !equalBytes(body.creator, speaker.member?.id as Uint8Array))
  ) {
    return refusal(
      'topics/wrong-signer',
      'a member key opens an identified topic, whose creator is the member',
    )
  }
  if (!isByMember && body.privacy === 'identified') {
    return refusal('topics/wrong-signer', 'an identified topic is opened with a member key')
  }
  const slots = isByMember ? flawOfSupport(turn, domain, body.creator) : undefined
  if (slots !== undefined) return slots
  const signer = isByMember ? body.creator : (speaker.signer as { readonly tag: Uint8Array }).tag
  const topicId = topicIdOf(signer, seq, tools.sha256)
  return () => {
    openTopic(turn, { ...newTopic(turn, domain, topicId, id), ...fieldsOf(body), creator: body.creator })
    joinAs(turn, topicId, body.creator, body.params, {
      fromRound: 1,
      placeAt: undefined,
      proven: speaker.proven ?? 0,
    })
    for (const evidence of body.evidence) {
      state.tables.evidence.set(evidence, { evidence, usedL: turn.block.clock })
    }
  }
}

const fieldsOf = ({ kind, privacy, title, target, evidence }: BodyOf<'createTopic'>) => ({
  kind,
  privacy,
  title,
  target,
  evidence,
})

/** A topic as it enters a queue. */
export function newTopic(
  { state, block }: Turn,
  domain: Domain,
  id: Uint8Array,
  operation: Uint8Array,
): Topic {
  return {
    id,
    domain: domain.id,
    kind: 'resolution',
    privacy: 'identified',
    title: '',
    operation,
    creator: undefined,
    state: 'queued',
    createdL: block.clock,
    createdEpoch: block.epoch,
    expiresL: block.clock + domain.parameters.queueTtl,
    ringEpoch: state.here.membershipEpoch,
    provenFrom: 0,
    participants: 0,
    target: undefined,
    evidence: [],
    defence: undefined,
    round: undefined,
    draw: undefined,
    winner: undefined,
    publicity: undefined,
    freezeCount: 0,
    gathered: 0,
    freezeCase: undefined,
    result: undefined,
  }
}

/** Puts a topic into its queue. */
export function openTopic(turn: Turn, topic: Topic): void {
  transition(turn, topic, 'topic-created', { domain: hex(topic.domain), kind: topic.kind })
}

/** Somebody takes part from now on. */
export function joinAs(
  { state, tools: _ }: Turn,
  topicId: Uint8Array,
  tag: Uint8Array,
  params: JoinParams,
  at: { readonly fromRound: number; readonly placeAt: number | undefined; readonly proven: number },
): void {
  const { topics, domains, participants } = state.tables
  const topic = topics.must(topicId)
  const rules = domains.must(topic.domain).parameters
  participants.set(pair(topicId, tag), {
    topic: topicId,
    tag,
    params: clampedParams(params, rules),
    ...at,
    placedAt: undefined,
    meeting: undefined,
    seat: 0,
    lastBallot: undefined,
  })
  topics.set(topicId, { ...topic, participants: topic.participants + 1 })
}

// kind-specific schema; where a kind belongs is what its safeguards rest on
function flawOfSchema({ tools }: Turn, body: BodyOf<'createTopic'>, domain: Domain): Refusal | undefined {
  const { kind, privacy } = body
  const isIn = (id: Uint8Array): boolean => equalBytes(domain.id, id)
  if ((kind === 'membership' || kind === 'challenge') && !isIn(tools.membership)) {
    return refusal('topics/wrong-domain', `a topic of kind ${kind} belongs to the domain membership`)
  }
  if ((kind === 'domain' || kind === 'upgrade') && !isIn(tools.constitution)) {
    return refusal('topics/wrong-domain', `a topic of kind ${kind} belongs to the domain constitution`)
  }
  if (IDENTIFIED_KINDS.includes(kind) && privacy !== 'identified') {
    return refusal('topics/wrong-privacy', `a topic of kind ${kind} is identified`)
  }
  const isChallenge = kind === 'challenge'
  if (isChallenge !== (body.target !== undefined) || isChallenge !== body.evidence.length > 0) {
    return refusal('topics/wrong-target', 'a challenge, and nothing else, names a target and evidence')
  }
  return undefined
}

function flawOfTarget(
  { state, block }: Turn,
  { target, evidence }: BodyOf<'createTopic'>,
): Refusal | undefined {
  if (target === undefined) return undefined
  const member = state.tables.members.get(target)
  if (member === undefined || !isPresent(member)) {
    return refusal('topics/wrong-target', `${hex(target)} is no member`)
  }
  const open = state.indexes.openByTarget.get(digestKey(target))
  if (open !== undefined) return refusal('topics/already-challenged', 'a challenge of this member is open')
  for (const one of evidence) {
    const used = state.tables.evidence.get(one)
    if (used !== undefined && block.clock < used.usedL + EVIDENCE_REST) {
      const detail = `evidence ${hex(one)} was used at L=${used.usedL}, again from L=${used.usedL + EVIDENCE_REST}, now L=${block.clock}`
      return refusal('topics/evidence-used', detail)
    }
  }
  return undefined
}

/** Why a member may not support one more topic of a queue, or nothing. */
export function flawOfSupport({ state }: Turn, domain: Domain, tag: Uint8Array): Refusal | undefined {
  const { supportSlots } = domain.parameters
  if (supportSlots === 0) return undefined
  const queue = state.indexes.queue(domain.id)
  const supported = [...(state.indexes.topicsOfTag.get(digestKey(tag)) ?? [])].filter(key =>
    queue.has(key),
  ).length
  return supported < supportSlots
    ? undefined
    : refusal(
        'topics/support-slots',
        `${supported} queued topics of this domain are supported, at most ${supportSlots} may be`,
      )
}

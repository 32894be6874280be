/** What somebody wants to do now: mostly what fits the moment, sometimes what does not. */
import { digestKey } from '@mc/crypto'
import {
  type Action,
  type Body,
  type BodyOf,
  candidacyMessage,
  isFinal,
  type MandateTerms,
  type Meeting,
  type Participant,
  type Program,
  pair,
  type Topic,
  type TopicState,
} from '@mc/topics'
import {
  actions,
  createTopic,
  DAY,
  domainId,
  HOUR,
  nodeKeyOf,
  note,
  ORG,
  PARAMS,
  proposal,
  registrySet,
  secretOf,
  sha256,
  type Village,
  voteFor,
} from '../village.js'
import type { Choices } from './choices.js'

/** An operation, and as whom it was made: the sequence is looked up again afterwards. */
export interface Wish {
  readonly bytes: Uint8Array
  /** The key of the actor, and the tag that counts. */
  readonly actor: string
  readonly tag: Uint8Array
  /** Who is known to have asked, and for what. */
  readonly name: string | undefined
  readonly body: Body['type']
}

/** People that topics may take in. */
export const NEWCOMERS = ['q0', 'q1'] as const

/** The secret that signs for somebody now. */
export function secretNow(village: Village, name: string): Uint8Array {
  const keys = village.state.tables.members.get(village.id(name))?.keys.length ?? 1
  return secretOf(name + '+'.repeat(keys - 1))
}

/** Topics that are open at once, so that histories are about few of them. */
const OPEN_MAX = 6

/** Where what somebody does matters most. */
const RUNNING: readonly TopicState[] = ['meeting', 'publicity', 'frozen']

/** What somebody does, if anything. */
export function wishOf(village: Village, name: string, choices: Choices): Wish | undefined {
  const open = village.state.tables.topics.values().filter(topic => !isFinal(topic))
  const running = open.filter(({ state }) => RUNNING.includes(state))
  const topic = choices.of(running.length > 0 && !choices.once(4) ? running : open)
  const kind = choices.below(24)
  if (topic === undefined || (kind === 0 && open.length < OPEN_MAX)) return opening(village, name, choices)
  if (kind === 1) return aboutOneself(village, name, choices)
  if (kind === 2) return asMember(village, name, stray(topic, choices))
  if (kind === 3) return speaking(village, name, topic, { type: 'comment', topic: topic.id, text: 'hm' })
  switch (topic.state) {
    case 'queued':
    case 'splitting':
      if (partOf(village, name, topic) !== undefined && !choices.once(8)) return undefined
      return speaking(village, name, topic, joining(topic, choices))
    case 'meeting':
      return inMeeting(village, name, topic, choices)
    case 'publicity':
      return choices.once(3) ? asMember(village, name, { type: 'freeze', topic: topic.id }) : undefined
    case 'frozen': {
      const choice = choices.of(['resume', 'cancel'] as const) ?? 'resume'
      return judging(village, name, topic.freezeCase as Uint8Array, choice)
    }
    default:
      return undefined
  }
}

function asMember(village: Village, name: string, body: Body): Wish {
  const tag = village.id(name)
  const bytes = village.by(name, body, secretNow(village, name))
  return { bytes, actor: `m${digestKey(tag)}`, tag, name, body: body.type }
}

function asPseudonym(village: Village, name: string, topic: Topic, body: Body): Wish {
  const tag = village.tag(name, topic.id)
  const known = village.state.tables.participants.get(pair(topic.id, tag))
  const prove = body.type === 'join' || (known !== undefined && known.proven < topic.provenFrom)
  const bytes = village.under(name, topic.id, body, { prove })
  return { bytes, actor: `p${digestKey(tag)}`, tag, name: undefined, body: body.type }
}

const speaking = (village: Village, name: string, topic: Topic, body: Body): Wish =>
  topic.privacy === 'identified' ? asMember(village, name, body) : asPseudonym(village, name, topic, body)

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

function aboutOneself(village: Village, name: string, choices: Choices): Wish {
  switch (choices.below(6)) {
    case 0:
      return asMember(village, name, { type: 'depart' })
    case 1: {
      const keys = village.state.tables.members.get(village.id(name))?.keys.length ?? 1
      const next = secretOf(name + '+'.repeat(keys))
      const key = village.identity.keyOf(next)
      return asMember(village, name, { type: 'rotateKey', key, possession: village.identity.sign(next, key) })
    }
    case 2:
      return asMember(village, name, { type: 'setSeat', seat: undefined })
    case 3:
      return fromNode(village, name)
    default: {
      const [mandate] = village.state.tables.mandates.values()
      if (mandate === undefined) return asMember(village, name, { type: 'vetoRecovery' })
      const text = { type: 'inline', text: 'All is well.' } as const
      return asMember(village, name, { type: 'report', mandate: mandate.id, text })
    }
  }
}

function fromNode(village: Village, name: string): Wish {
  const tag = nodeKeyOf(name)
  const bytes = village.byNode(name, { type: 'ready' })
  return { bytes, actor: `c${digestKey(tag)}`, tag, name: undefined, body: 'ready' }
}

/** Few words, some of which a locale would write otherwise: what people write has tests of its own. */
const TITLES = ['A', 'Işık İzi', 'Straße', '桥', 'naïve Ångström'] as const

const opens = (creator: Uint8Array, body: Partial<BodyOf<'createTopic'>> = {}): BodyOf<'createTopic'> =>
  createTopic(creator, {
    title: TITLES[(creator[0] ?? 0) % TITLES.length] as string,
    text: { type: 'inline', text: 'B' },
    params: { ...PARAMS, capacity: 2 },
    ...body,
  })

function opening(village: Village, name: string, choices: Choices): Wish {
  const creator = village.id(name)
  switch (choices.below(10)) {
    case 0: {
      const evidence = [sha256(Uint8Array.of(choices.below(256)))]
      const target = village.id(choices.of(village.names) as string)
      const body = { kind: 'challenge', domain: domainId('membership'), target, evidence } as const
      return asMember(village, name, opens(creator, body))
    }
    case 1:
      return asMember(village, name, opens(creator, { kind: 'membership', domain: domainId('membership') }))
    case 2:
      return asMember(village, name, opens(creator, { kind: 'election' }))
    case 3:
    case 4: {
      const privacy = choices.of(['pseudonymous', 'secret'] as const) ?? 'secret'
      const { bytes, tag } = village.byToken(name, opens(creator, { privacy }), choices.below(2))
      return { bytes, actor: `t${digestKey(tag)}`, tag, name: undefined, body: 'createTopic' }
    }
    default:
      return asMember(village, name, opens(creator))
  }
}

function partOf(village: Village, name: string, { id, privacy }: Topic): Participant | undefined {
  const tag = privacy === 'identified' ? village.id(name) : village.tag(name, id)
  return village.state.tables.participants.get(pair(id, tag))
}

function judging(village: Village, name: string, freezeCase: Uint8Array, choice: 'resume' | 'cancel'): Wish {
  const body = { type: 'evaluate', freezeCase, choice } as const
  if (village.state.tables.cases.get(freezeCase)?.isAnonymous !== true) return asMember(village, name, body)
  const tag = village.identity.tagOf(ORG, { type: 'evaluation', caseId: freezeCase }, secretOf(name))
  const bytes = village.signed(
    { type: 'evaluator', freezeCase, tag },
    body,
    message => village.identity.sign(secretOf(name), message),
    message => [village.evidence(name, message)],
  )
  // Whose tag it is shows here alone: a frozen member must not be heard under it either.
  return { bytes, actor: `e${digestKey(tag)}`, tag, name, body: body.type }
}

function inMeeting(village: Village, name: string, topic: Topic, choices: Choices): Wish | undefined {
  const id = partOf(village, name, topic)?.meeting
  const meeting = id && village.state.tables.meetings.get(id)
  if (meeting === undefined) return speaking(village, name, topic, joining(topic, choices))
  if (meeting.candidates.length === 0 || choices.once(8)) {
    return speaking(village, name, topic, suggestion(village, name, topic, meeting, choices))
  }
  const approvals = meeting.candidates.filter(() => choices.below(4) > 0)
  return topic.privacy === 'secret'
    ? asBallot(village, name, meeting, approvals)
    : speaking(village, name, topic, voteFor(meeting.id, approvals))
}

/** What must be done in open meetings for a round to have winners: somebody proposes, somebody approves. */
export function dutiesIn(village: Village): readonly Wish[] {
  const topics = village.state.tables.topics.values()
  const running = topics.filter(
    ({ state, privacy, draw }) => state === 'meeting' && privacy === 'identified' && !draw,
  )
  return running.flatMap(topic =>
    village.meetings(topic.id).flatMap(meeting => {
      if (village.state.indexes.ballots(meeting.id) > 0) return []
      const name = village.voters(topic.id, meeting).find(one => village.member(one).state === 'active')
      const [candidate] = meeting.candidates
      if (name === undefined || (candidate === undefined && topic.kind === 'election')) return []
      // In a later round candidates go with their authors, and nobody may bring new ones.
      if (candidate === undefined && topic.round?.number !== 1) return []
      if (candidate !== undefined) return [asMember(village, name, voteFor(meeting.id, [candidate]))]
      return [asMember(village, name, proposal(meeting.id, actions(note('done'))))]
    }),
  )
}

function asBallot(village: Village, name: string, meeting: Meeting, approvals: readonly Uint8Array[]): Wish {
  const tag = village.image(name, meeting.id)
  const bytes = village.ballot(name, meeting.id, approvals)
  return { bytes, actor: `b${digestKey(tag)}`, tag, name: undefined, body: 'vote' }
}

function suggestion(
  village: Village,
  name: string,
  topic: Topic,
  meeting: Meeting,
  choices: Choices,
): BodyOf<'propose'> {
  const own = meeting.candidates[choices.below(meeting.candidates.length)]
  const parent = (topic.round?.number ?? 1) > 1 ? own : undefined
  if (topic.kind === 'election') {
    return proposal(meeting.id, undefined, { parent, candidacy: candidacyOf(village, name, topic, choices) })
  }
  return proposal(meeting.id, programFor(village, topic, choices), { parent })
}

function candidacyOf(village: Village, name: string, topic: Topic, choices: Choices) {
  const terms: MandateTerms = {
    scope: sha256(),
    powers: ['event'],
    term: DAY * (1 + choices.below(20)),
    reportEvery: choices.of([0, 4 * DAY]) ?? 0,
    conversion: { type: 'membersAtLeast', count: 7 },
    onConvert: [note('the mandate is over')],
  }
  const unsigned = { holder: village.id(name), terms }
  const message = candidacyMessage(topic.id, unsigned, sha256)
  return { ...unsigned, signature: village.identity.sign(secretNow(village, name), message) }
}

function programFor(village: Village, topic: Topic, choices: Choices): Program | undefined {
  if (topic.kind === 'membership') return actions(addition(village, choices.of(NEWCOMERS) ?? 'q0'))
  const later: Action = { type: 'schedule.at', clock: village.clock + 20 * DAY, actions: [note('later')] }
  const revoked = village.state.tables.mandates.values()[0]?.id
  return choices.of([
    actions(note('x')),
    actions(registrySet('y')),
    actions(note('fail')),
    actions(later),
    ...(revoked === undefined ? [] : [actions({ type: 'mandate.revoke', mandate: revoked })]),
    undefined,
  ])
}

const addition = (village: Village, name: string): Action => ({
  type: 'member.add',
  key: village.key(name),
  possession: village.identity.sign(secretOf(name), village.key(name)),
  seat: undefined,
  sponsor: undefined,
  attestations: [],
})

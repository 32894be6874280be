/**
 * The five kinds of signers, each with what shows that it is really them.
 *
 * @see topics.md, section 14; identity.md, sections 5 to 7
 */
import { digestKey, equalBytes } from '@mc/crypto'
import type { Claim, Scope, SignatureStatement } from '@mc/identity'
import { memberIndex, type Refusal } from '@mc/ledger'
import { unreachable } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { BodyType } from '../operation/body.js'
import type { ReadOperation } from '../operation/operation.js'
import type { Signer } from '../operation/signer.js'
import { isPresent, type Member } from '../organisation/member.js'
import { pair } from '../state/tables.js'
import type { Participant } from '../topic/parts.js'
import type { Topic } from '../topic/topic.js'
import { flawOfMembership, signatureClaim } from './claims.js'
import { meetingRing } from './rings.js'
import { topicIdOf } from './topic-id.js'
import { refusal, type Turn } from './turn.js'

/** Seconds of a period of rate tokens. */
export const WEEK = 604_800

/** Topics that somebody may open anonymously in a period. */
export const TOKEN_SLOTS = 2

/** What a frozen member may still do: speak about what it froze, and keep its key. */
const BY_FROZEN: readonly BodyType[] = ['comment', 'rotateKey', 'vetoRecovery']

/** What is known of who has spoken. */
export interface Known {
  readonly member: Member | undefined
  readonly participant: Participant | undefined
  /** The revision of the ring that this operation's proof was made over. */
  readonly proven: number | undefined
}

/** What is known, or why the speaker is not listened to. */
export type Identified = Known | { readonly refusal: Refusal }

/** Whether it is really them who signed. */
export function identify(turn: Turn, operation: ReadOperation): Identified {
  const { signer } = operation.statement
  switch (signer.type) {
    case 'member':
      return identifyMember(turn, operation, signer.id)
    case 'pseudonym':
      return identifyPseudonym(turn, operation, signer)
    case 'token':
      return identifyToken(turn, operation, signer)
    case 'ballot':
      return identifyBallot(turn, operation, signer)
    case 'consensus':
      return identifySeat(turn, operation, signer.publicKey)
    case 'evaluator':
      return identifyEvaluator(turn, operation, signer)
    default:
      return unreachable(signer)
  }
}

const NOBODY: Known = { member: undefined, participant: undefined, proven: undefined }

function identifyMember(turn: Turn, operation: ReadOperation, id: Uint8Array): Identified {
  const { body } = operation.statement
  const member = turn.state.tables.members.get(id)
  if (member === undefined || !isPresent(member)) {
    return { refusal: refusal('topics/not-a-member', `${hex(id)} is no member`) }
  }
  if (member.state === 'frozen' && !BY_FROZEN.includes(body.type)) {
    const detail = `${body.type} refused: the member has frozen a topic and waits for its evaluation`
    return { refusal: refusal('topics/frozen-member', detail) }
  }
  if (!turn.tools.verdicts.signature(signatureClaim(turn, operation) as Claim<SignatureStatement>))
    return WRONG_SIGNATURE
  const topic = topicOfBody(turn, operation)
  const participant = topic && turn.state.tables.participants.get(pair(topic.id, id))
  return { ...NOBODY, member, participant }
}

function identifyPseudonym(
  turn: Turn,
  operation: ReadOperation,
  { topic: id, tag }: Extract<Signer, { type: 'pseudonym' }>,
): Identified {
  const { body } = operation.statement
  const topic = turn.state.tables.topics.get(id)
  if (topic === undefined) return { refusal: refusal('topics/unknown-topic', `no topic ${hex(id)}`) }
  const participant = turn.state.tables.participants.get(pair(id, tag))
  if (body.type === 'join' && participant !== undefined) {
    return { refusal: refusal('topics/already-joined', 'this tag takes part already') }
  }
  if (body.type !== 'join' && participant === undefined) {
    return { refusal: refusal('topics/not-a-participant', 'this tag does not take part in the topic') }
  }
  if (!turn.tools.verdicts.signature(signatureClaim(turn, operation) as Claim<SignatureStatement>))
    return WRONG_SIGNATURE
  const [evidence] = operation.proofs
  if (evidence === undefined) {
    const isNeeded = body.type === 'join' || body.type === 'renew'
    if (isNeeded)
      return { refusal: refusal('topics/missing-proof', `${body.type} needs a proof of membership`) }
    if (participant !== undefined && participant.proven < topic.provenFrom) {
      const detail = `members have gone since this tag was proven (ring revision ${participant.proven}); prove again over ${topic.provenFrom} or newer`
      return { refusal: refusal('topics/proof-to-renew', detail) }
    }
    return { ...NOBODY, participant }
  }
  const flaw = flawOfMembership(
    turn,
    operation,
    evidence,
    topic.ringEpoch,
    { type: 'topic', topicId: id },
    tag,
  )
  return flaw === undefined ? { ...NOBODY, participant, proven: evidence.revision } : { refusal: flaw }
}

function identifyToken(
  turn: Turn,
  operation: ReadOperation,
  { period, slot, tag }: Extract<Signer, { type: 'token' }>,
): Identified {
  const { week, weekEpoch, membershipEpoch } = turn.state.here
  const { seq, body } = operation.statement
  if (period !== week || slot >= TOKEN_SLOTS || seq !== 0) {
    const detail = `a token is for period ${week}, slot 0–${TOKEN_SLOTS - 1}, and once; got period ${period}, slot ${slot}, operation ${seq}`
    return { refusal: refusal('topics/wrong-token', detail) }
  }
  if (body.type !== 'createTopic') return WRONG_SIGNATURE
  if (!turn.tools.verdicts.signature(signatureClaim(turn, operation) as Claim<SignatureStatement>))
    return WRONG_SIGNATURE
  const [forToken, forTag] = operation.proofs
  if (forToken === undefined || forTag === undefined) {
    return {
      refusal: refusal(
        'topics/missing-proof',
        'opening a topic anonymously needs a proof for the token and one for the tag',
      ),
    }
  }
  const scope: Scope = { type: 'rate', rateClass: 'create', period, slot }
  const topicId = topicIdOf(tag, seq, turn.tools.sha256)
  const flaw =
    flawOfMembership(turn, operation, forToken, weekEpoch, scope, tag) ??
    flawOfMembership(turn, operation, forTag, membershipEpoch, { type: 'topic', topicId }, body.creator)
  return flaw === undefined ? { ...NOBODY, proven: forTag.revision } : { refusal: flaw }
}

function identifyBallot(
  turn: Turn,
  operation: ReadOperation,
  signer: Extract<Signer, { type: 'ballot' }>,
): Identified {
  const { body, seq } = operation.statement
  const meeting = turn.state.tables.meetings.get(signer.meeting)
  const [evidence] = operation.proofs
  if (meeting === undefined || body.type !== 'vote' || !equalBytes(body.meeting, signer.meeting)) {
    return { refusal: refusal('topics/wrong-ballot', 'a ballot is for the meeting that its key image is of') }
  }
  if (meeting.isClosed) return { refusal: closedMeeting(turn, 'vote', meeting) }
  if (evidence === undefined || operation.signature.some(byte => byte !== 0)) {
    return { refusal: refusal('topics/missing-proof', 'a ballot carries a proof, and zeros for a signature') }
  }
  const ring = meetingRing(
    turn,
    { id: meeting.id, key: digestKey(meeting.id) },
    { voters: evidence.revision, cohort: evidence.cohort },
  )
  if (ring === undefined) {
    return {
      refusal: refusal(
        'topics/stale-proof',
        `the meeting has ${meeting.voters} voters, the proof says ${evidence.revision}`,
      ),
    }
  }
  const { org, identity } = turn.tools
  const statement = {
    org,
    ring,
    topicId: meeting.topic,
    meetingId: meeting.id,
    keyImage: signer.image,
    ballot: operation.id,
    version: seq,
  }
  return identity.verifyBallot(statement, evidence.proof)
    ? NOBODY
    : { refusal: refusal('topics/wrong-proof', 'the ballot proof does not hold') }
}

/** Why nothing more is taken in a meeting. */
export function closedMeeting(turn: Turn, what: string, meeting: { readonly topic: Uint8Array }): Refusal {
  const deadline = turn.state.tables.topics.get(meeting.topic)?.round?.deadline ?? 0
  return refusal(
    'topics/meeting-closed',
    `${what} refused: meeting closed at L=${deadline}, now L=${turn.block.clock}`,
  )
}

// T_σ in `eval:<caseId>`: one judgement per person. Who froze is in no ring that is taken while the case is open.
function identifyEvaluator(
  turn: Turn,
  operation: ReadOperation,
  { freezeCase, tag }: Extract<Signer, { type: 'evaluator' }>,
): Identified {
  const one = turn.state.tables.cases.get(freezeCase)
  const { body } = operation.statement
  if (one === undefined || body.type !== 'evaluate' || !equalBytes(body.freezeCase, freezeCase)) {
    return { refusal: refusal('topics/unknown-case', 'a judgement is about the case that its tag is of') }
  }
  if (!turn.tools.verdicts.signature(signatureClaim(turn, operation) as Claim<SignatureStatement>))
    return WRONG_SIGNATURE
  const [evidence] = operation.proofs
  if (evidence === undefined) {
    return {
      refusal: refusal('topics/missing-proof', 'an anonymous judgement carries a proof of membership'),
    }
  }
  const scope: Scope = { type: 'evaluation', caseId: freezeCase }
  const flaw = flawOfMembership(turn, operation, evidence, one.ringEpoch, scope, tag)
  return flaw === undefined ? NOBODY : { refusal: flaw }
}

// A node that is to take a seat says that it is ready before it is in the configuration.
function identifySeat(turn: Turn, operation: ReadOperation, publicKey: Uint8Array): Identified {
  const { tools, state, block } = turn
  const owner = state.indexes.memberBySeat.get(digestKey(publicKey))
  const isSeated = memberIndex(block.configuration, publicKey) >= 0
  if (!isSeated && (owner === undefined || operation.statement.body.type !== 'ready')) {
    return { refusal: refusal('topics/not-a-seat', 'this key has no seat in the consensus') }
  }
  if (!tools.ed25519.verify(operation.signature, operation.id, publicKey)) return WRONG_SIGNATURE
  return { ...NOBODY, member: owner === undefined ? undefined : state.tables.members.at(owner) }
}

const WRONG_SIGNATURE = {
  refusal: refusal('topics/wrong-signature', 'the signature is not the signer’s under this operation'),
}

function topicOfBody({ state }: Turn, { statement: { body } }: ReadOperation): Topic | undefined {
  const { topics, meetings, proposals } = state.tables
  if ('topic' in body) return topics.get(body.topic)
  if ('meeting' in body) return topics.get(meetings.get(body.meeting)?.topic ?? NOTHING)
  if ('proposal' in body) return topics.get(proposals.get(body.proposal)?.topic ?? NOTHING)
  return undefined
}

const NOTHING = new Uint8Array(0)

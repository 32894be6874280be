/**
 * Who speaks, and whether it is really them: cheap questions first, proofs last.
 *
 * @see topics.md, section 14
 */
import { digestKey, equalBytes } from '@mc/crypto'
import type { Claim, MembershipStatement, Scope, SignatureStatement } from '@mc/identity'
import { memberIndex, type Refusal } from '@mc/ledger'
import { unreachable } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { BodyType } from '../operation/body.js'
import type { Evidence, ReadOperation } from '../operation/operation.js'
import { type Signer, signerKey } from '../operation/signer.js'
import { currentKey, isPresent, type Member } from '../organisation/member.js'
import type { Actor } from '../state/bookkeeping.js'
import { pair } from '../state/tables.js'
import type { Participant } from '../topic/parts.js'
import type { Topic } from '../topic/topic.js'
import { BUCKET_RULES, type Bucket, type BucketClass, fullBucket, taken } from './bucket.js'
import { flawOfRevision, meetingRing, memberRing } from './rings.js'
import { topicIdOf } from './topic-id.js'
import { refusal, type Turn } from './turn.js'

/** Seconds of a period of rate tokens. */
export const WEEK = 604_800

/** Topics that somebody may open anonymously in a period. */
export const TOKEN_SLOTS = 2

/** Who has spoken. */
export interface Speaker {
  readonly signer: Signer
  /** The key of its actor. */
  readonly key: string
  readonly member: Member | undefined
  readonly participant: Participant | undefined
  /** The revision of the ring that this operation's proof was made over. */
  readonly proven: number | undefined
  /** What it has left after this operation. */
  readonly actor: Actor
}

/** Sequence numbers that may be waiting before one that is offered. */
const AHEAD_MAX = 256

const BY_PSEUDONYM: readonly BodyType[] = [
  'join',
  'updateJoin',
  'leave',
  'renew',
  'withdraw',
  'propose',
  'withdrawProposal',
  'comment',
  'vote',
]
const BY_CONSENSUS: readonly BodyType[] = ['ready', 'upgradeReady', 'upgradeFault', 'clock']

/** What a frozen member may still do: speak about what it froze, and keep its key. */
const BY_FROZEN: readonly BodyType[] = ['comment', 'rotateKey', 'vetoRecovery']

/** Which kinds of signers may ask for this. */
function mayAsk(signer: Signer, body: BodyType): boolean {
  switch (signer.type) {
    case 'member':
      return !BY_CONSENSUS.includes(body) && body !== 'renew'
    case 'pseudonym':
      return BY_PSEUDONYM.includes(body)
    case 'token':
      return body === 'createTopic'
    case 'ballot':
      return body === 'vote'
    case 'consensus':
      return BY_CONSENSUS.includes(body)
  }
}

/**
 * The speaker of an operation, or why it is not listened to.
 *
 * `isAhead` takes a sequence number that is not the next one, for who asks before the operations in between are agreed.
 */
export function authenticate(
  turn: Turn,
  operation: ReadOperation,
  { isAhead }: { readonly isAhead: boolean },
): Speaker | { readonly refusal: Refusal } {
  const { signer, body, realm } = operation.statement
  const no = (rule: `topics/${string}`, detail: string) => ({ refusal: refusal(rule, detail) })
  if (realm !== turn.tools.realm) {
    return no('topics/wrong-realm', `signed for "${realm}", this organisation is "${turn.tools.realm}"`)
  }
  if (!mayAsk(signer, body.type))
    return no('topics/wrong-signer', `${body.type} is not signed by a ${signer.type}`)
  const key = signerKey(signer)
  const actor = turn.state.tables.actors.at(key) ?? NEW_ACTOR
  const sequence = flawOfSequence(operation.statement.seq, actor.seq, isAhead)
  if (sequence !== undefined) return { refusal: sequence }
  const charged = charge(actor, operation, turn.block.clock)
  if ('refusal' in charged) return charged
  const known = identify(turn, operation)
  if ('refusal' in known) return known
  return { signer, key, actor: charged, ...known }
}

const NEW_ACTOR: Actor = { seq: 0, buckets: [], readyEpoch: 0 }

function flawOfSequence(seq: number, next: number, isAhead: boolean): Refusal | undefined {
  if (seq < next)
    return refusal('topics/repeated', `operation ${seq} of this signer, the next one is ${next}`)
  if (seq > next && (!isAhead || seq > next + AHEAD_MAX)) {
    return refusal('topics/gap', `operation ${seq} of this signer, the next one is ${next}`)
  }
  return undefined
}

/** The bucket that an operation takes a token from, if any. */
export function bucketOf({ statement: { signer, body } }: ReadOperation): BucketClass | undefined {
  switch (body.type) {
    case 'createTopic':
      if (body.kind === 'challenge') return 'challenge'
      return signer.type === 'token' ? undefined : 'create'
    case 'join':
    case 'updateJoin':
    case 'leave':
    case 'withdraw':
    case 'renew':
      return 'join'
    case 'comment':
    case 'vote':
    case 'vouch':
    case 'clock':
      return body.type
    default:
      return 'other'
  }
}

function charge(actor: Actor, operation: ReadOperation, now: number): Actor | { readonly refusal: Refusal } {
  const costs: (readonly [BucketClass, number])[] = [['bytes', Math.ceil(operation.size / 1024)]]
  const of = bucketOf(operation)
  if (of !== undefined) costs.push([of, 1])
  let buckets = actor.buckets
  for (const [name, cost] of costs) {
    const rule = BUCKET_RULES[name]
    const bucket: Bucket = buckets.find(one => one.of === name) ?? fullBucket(rule, now)
    const after = taken(bucket, rule, now, cost)
    if (after === undefined) {
      const detail = `${operation.statement.body.type} refused: ${name} allows ${rule.burst} at once and one per ${rule.period} s, now L=${now}`
      return { refusal: refusal('topics/rate-limit', detail) }
    }
    buckets = withBucket(buckets, name, after)
  }
  return { ...actor, seq: operation.statement.seq + 1, buckets }
}

function withBucket(buckets: Actor['buckets'], of: BucketClass, { tokens, last }: Bucket): Actor['buckets'] {
  const at = buckets.findIndex(one => one.of === of)
  const bucket = { of, tokens, last }
  return at < 0 ? [...buckets, bucket] : buckets.with(at, bucket)
}

type Known = Pick<Speaker, 'member' | 'participant' | 'proven'> | { readonly refusal: Refusal }

function identify(turn: Turn, operation: ReadOperation): Known {
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
    default:
      return unreachable(signer)
  }
}

const NOBODY = { member: undefined, participant: undefined, proven: undefined } as const

function identifyMember(turn: Turn, operation: ReadOperation, id: Uint8Array): Known {
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
): Known {
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
): Known {
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

function flawOfMembership(
  turn: Turn,
  operation: ReadOperation,
  evidence: Evidence,
  epoch: number,
  scope: Scope,
  tag: Uint8Array,
): Refusal | undefined {
  const flaw = flawOfRevision(turn.state, evidence.revision)
  if (flaw !== undefined) return refusal('topics/stale-proof', flaw)
  const claim = membershipClaim(turn, operation.id, evidence, epoch, scope, tag)
  if (claim === undefined || !turn.tools.verdicts.membership(claim)) {
    return refusal('topics/wrong-proof', 'the proof does not show a member behind this tag')
  }
  return undefined
}

function membershipClaim(
  { state, tools }: Turn,
  message: Uint8Array,
  { revision, cohort, proof }: Evidence,
  epoch: number,
  scope: Scope,
  tag: Uint8Array,
): Claim<MembershipStatement> | undefined {
  const ring = memberRing(state, tools, { epoch, revision, cohort })
  return ring && { statement: { org: tools.org, ring, scope, tag, message }, proof }
}

function identifyBallot(
  turn: Turn,
  operation: ReadOperation,
  signer: Extract<Signer, { type: 'ballot' }>,
): Known {
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

// A node that is to take a seat says that it is ready before it is in the configuration.
function identifySeat(turn: Turn, operation: ReadOperation, publicKey: Uint8Array): Known {
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

/** What the signature of an operation claims, if it is a signature of identity's. */
export function signatureClaim(
  { state, tools }: Turn,
  { id: message, statement: { signer }, signature: proof }: ReadOperation,
): Claim<SignatureStatement> | undefined {
  const { org } = tools
  switch (signer.type) {
    case 'member': {
      const member = state.tables.members.get(signer.id)
      return member && { statement: { org, base: 'generator', key: currentKey(member), message }, proof }
    }
    case 'pseudonym': {
      const base: Scope = { type: 'topic', topicId: signer.topic }
      return { statement: { org, base, key: signer.tag, message }, proof }
    }
    case 'token': {
      const base: Scope = { type: 'rate', rateClass: 'create', period: signer.period, slot: signer.slot }
      return { statement: { org, base, key: signer.tag, message }, proof }
    }
    case 'ballot':
    case 'consensus':
      return undefined
  }
}

// What cheap questions refuse is not worth a dear one.
function isWorthChecking(
  { state, tools }: Turn,
  { statement: { realm, signer, seq, body } }: ReadOperation,
): boolean {
  const { actors, participants } = state.tables
  if (realm !== tools.realm || seq < (actors.at(signerKey(signer))?.seq ?? 0)) return false
  return (
    signer.type !== 'pseudonym' ||
    body.type === 'join' ||
    participants.get(pair(signer.topic, signer.tag)) !== undefined
  )
}

/** Checks the signatures and the proofs of joining of a whole block at once. */
export function prepareVerdicts(turn: Turn, operations: readonly ReadOperation[]): void {
  const signatures: Claim<SignatureStatement>[] = []
  const memberships: Claim<MembershipStatement>[] = []
  for (const operation of operations) {
    const { signer } = operation.statement
    if (!isWorthChecking(turn, operation)) continue
    const claim = signatureClaim(turn, operation)
    if (claim !== undefined) signatures.push(claim)
    const [evidence] = operation.proofs
    if (signer.type !== 'pseudonym' || evidence === undefined) continue
    const topic = turn.state.tables.topics.get(signer.topic)
    if (topic === undefined || flawOfRevision(turn.state, evidence.revision) !== undefined) continue
    const scope: Scope = { type: 'topic', topicId: signer.topic }
    const proven = membershipClaim(turn, operation.id, evidence, topic.ringEpoch, scope, signer.tag)
    if (proven !== undefined) memberships.push(proven)
  }
  turn.tools.verdicts.prepare(signatures, memberships)
}

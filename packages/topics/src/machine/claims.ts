/**
 * What operations claim, in the form in which identity verifies it: signatures, and proofs of membership.
 */
import type { Claim, MembershipStatement, Scope, SignatureStatement } from '@mc/identity'
import type { Refusal } from '@mc/ledger'
import type { Evidence, ReadOperation } from '../operation/operation.js'
import { currentKey } from '../organisation/member.js'
import { pair } from '../state/tables.js'
import { flawOfRevision, memberRing } from './rings.js'
import { refusal, type Turn } from './turn.js'

/** Why a proof of membership does not show a member behind a tag, or nothing. */
export function flawOfMembership(
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
    case 'evaluator': {
      const base: Scope = { type: 'evaluation', caseId: signer.freezeCase }
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
  { statement: { realm, signer, seq, body }, signerKey }: ReadOperation,
): boolean {
  const { actors, participants } = state.tables
  if (realm !== tools.realm || seq < (actors.at(signerKey)?.seq ?? 0)) return false
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

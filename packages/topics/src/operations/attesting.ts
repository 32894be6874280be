/**
 * What members and attesters say about people: vouches, and attestations. Evidence for a vote, never a right by itself.
 *
 * @see identity.md, sections 9 to 11
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { type AttestedFacts, attestationDigest, type MutualVouch } from '@mc/identity'
import { hex } from '@mc/protocol/wire'
import { numberOf } from '../machine/parameters.js'
import { emit, refusal, type Turn } from '../machine/turn.js'
import type { BodyOf } from '../operation/body.js'
import { currentKey, type Member } from '../organisation/member.js'
import { pair } from '../state/tables.js'
import type { Heard, Verdict } from './verdict.js'

/** The name of a vouch: what both met with, so that one meeting gives one vouch. */
export const vouchId = (
  { keyA, keyB, openedNonce, answerNonce, shown }: MutualVouch,
  sha256: Sha256,
): Uint8Array => domainHash(sha256, 'mc/topics/vouch/v1', keyA, keyB, openedNonce, answerNonce, ...shown)

/** Says that the holder of a key is a person whom one has met: both have signed that they vouch for each other. */
export function vouch({ turn, speaker, body }: Heard<'vouch'>): Verdict {
  const member = speaker.member as Member
  const { tools, state, block } = turn
  const { byA, byB, ...met } = body
  const isA = equalBytes(met.keyA, currentKey(member))
  if (!isA && !equalBytes(met.keyB, currentKey(member)))
    return refusal('topics/wrong-vouch', 'neither side of this vouch is its poster')
  const waits = flawOfNewcomer(turn, member)
  if (waits !== undefined) return refusal('topics/newcomer', waits)
  const subject = isA ? met.keyB : met.keyA
  const statement = vouchId(met, tools.sha256)
  const key = pair(member.id, subject)
  const earlier = state.tables.vouches.get(key)
  if (earlier !== undefined && equalBytes(earlier.statement, statement))
    return refusal('topics/vouch-known', 'this meeting has been told of already')
  if (!tools.identity.verifyMutualVouch(tools.org, met, { byA, byB }))
    return refusal('topics/wrong-vouch', 'two different people have not both signed this vouch')
  return () => {
    state.tables.vouches.set(key, { sponsor: member.id, subject, statement, vouchedL: block.clock })
    emit(turn, 'vouched', { sponsor: hex(member.id), subject: hex(subject) })
  }
}

// [SAFE] a newcomer waits one membership epoch before vouching. Founders are none.
function flawOfNewcomer({ state }: Turn, { joinedEpoch }: Member): string | undefined {
  const from = joinedEpoch + numberOf(state, 'newcomerEpochs')
  const { membershipEpoch } = state.here
  return joinedEpoch === 0 || membershipEpoch >= from
    ? undefined
    : `vouch refused: who came in membership epoch ${joinedEpoch} vouches from ${from} on, now ${membershipEpoch}`
}

/** What attester and subject sign, by the names that identity has. */
export const attestedFacts = ({ fromL, toL, ...facts }: Omit<BodyOf<'attest'>, Unsigned>): AttestedFacts => ({
  attester: facts.attester,
  subject: facts.subject,
  commitment: facts.commitment,
  dedupTag: facts.dedupTag,
  evidenceClass: facts.evidenceClass,
  fromS: fromL,
  toS: toL,
})

type Unsigned = 'type' | 'attesterSignature' | 'subjectSignature'

/** Posts what an attester says about a key. The same document enrols one person. */
export function attest({ turn, body }: Heard<'attest'>): Verdict {
  const { tools, state, block } = turn
  const { attesters, dedupTags, attestations } = state.tables
  const { type: _, attesterSignature, subjectSignature, ...attested } = body
  const no = (detail: string) => refusal('topics/wrong-attestation', detail)
  const attester = attesters.get(body.attester)
  if (attester === undefined) return refusal('topics/unknown-attester', `no attester ${hex(body.attester)}`)
  if (body.evidenceClass > attester.evidenceClass)
    return no(`class ${body.evidenceClass}, the attester gives at most ${attester.evidenceClass}`)
  if (block.clock < body.fromL || block.clock >= body.toL)
    return no(`holds from L=${body.fromL} to L=${body.toL}, now L=${block.clock}`)
  const dedup = body.dedupTag && pair(body.attester, body.dedupTag)
  const enrolled = dedup && dedupTags.get(dedup)
  if (enrolled !== undefined && !isSamePerson(turn, enrolled, body.subject))
    return refusal('topics/enrolled-twice', 'this document has enrolled somebody else already')
  const facts = attestedFacts(attested)
  const id = attestationDigest(tools.org, facts, tools)
  if (!tools.ed25519.verify(attesterSignature, id, attester.key)) return no('the attester has not signed it')
  if (!tools.identity.verifyConsent(tools.org, facts, subjectSignature))
    return no('its subject has not agreed to it')
  return () => {
    attestations.set(id, { id, ...attested })
    if (dedup !== undefined) dedupTags.set(dedup, body.subject)
    emit(turn, 'attested', { attestation: hex(id), subject: hex(body.subject) })
  }
}

/** Whether two keys are one person's: the same, or both have been the same member's. */
function isSamePerson({ state }: Turn, left: Uint8Array, right: Uint8Array): boolean {
  if (equalBytes(left, right)) return true
  const owner = state.indexes.ownerOf(left)
  return owner !== undefined && owner === state.indexes.ownerOf(right)
}

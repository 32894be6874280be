/**
 * Which programs a topic may carry.
 *
 * What a topic may do depends on its kind and its domain, since the safeguards do: an upgrade decided in a domain without them
 * would be no upgrade decided under them.
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { type Action, mandateTermsCodec } from '../action/action.js'
import { CAPABILITIES, type Capability } from '../action/capability.js'
import type { Candidacy } from '../operation/body.js'
import type { Program } from '../operation/program.js'
import type { TopicKind } from '../organisation/topic-kind.js'
import type { Proposal } from '../topic/parts.js'
import type { Topic } from '../topic/topic.js'
import { flawOfCandidate } from './candidate.js'
import { Draft } from './draft.js'
import { refusal, type Turn } from './turn.js'

/** Steps that judging a program may take; they are the proposer's. */
const VALIDATE_GAS = 500_000

const BY_KIND: Readonly<Record<TopicKind, readonly Capability[]>> = {
  resolution: ['registry', 'event'],
  contract: ['schedule', 'mandate', 'registry', 'event'],
  membership: ['member', 'attester', 'exception', 'registry', 'event'],
  challenge: ['member'],
  election: ['mandate'],
  domain: ['domain', 'event'],
  upgrade: ['protocol', 'contractType', 'event'],
}

/** Actions that have a kind of topic of their own. */
const OWN_KIND: Readonly<Partial<Record<Action['type'], TopicKind>>> = {
  'member.remove': 'challenge',
  'mandate.grant': 'election',
}

/** What a program of a topic may do. */
export function capabilitiesOf({ tools }: Turn, { kind, domain }: Topic): readonly Capability[] {
  const isConstitution = equalBytes(domain, tools.constitution)
  if (kind === 'contract' && isConstitution)
    return CAPABILITIES.filter(one => one !== 'member' && one !== 'protocol')
  return BY_KIND[kind]
}

/** Why a proposal may not carry this program, or nothing. */
export function flawOfProgram(turn: Turn, topic: Topic, program: Program | undefined): Refusal | undefined {
  if (program === undefined) return undefined
  if (topic.kind === 'election')
    return refusal('topics/wrong-program', 'a candidacy carries no program but its mandate')
  const allowed = capabilitiesOf(turn, topic)
  const { executor } = turn.tools
  const budget = { gas: VALIDATE_GAS, storageBytes: 0 }
  const verdict = executor.validate(program, topic.kind, new Draft(turn, topic.id), budget)
  if (!verdict.valid) return refusal('topics/wrong-program', verdict.reason)
  const excess = verdict.capabilities.find(one => !allowed.includes(one))
  if (excess !== undefined) {
    return refusal(
      'topics/wrong-program',
      `a topic of kind ${topic.kind} in this domain may not do ${excess}`,
    )
  }
  const actions = program.type === 'actions' ? program.actions : []
  const misplaced = actions.find(({ type }) => (OWN_KIND[type] ?? topic.kind) !== topic.kind)
  if (misplaced !== undefined) {
    return refusal(
      'topics/wrong-program',
      `${misplaced.type} is decided by a topic of kind ${OWN_KIND[misplaced.type]}`,
    )
  }
  for (const action of actions) {
    const flaw = action.type === 'member.add' ? flawOfCandidate(turn, action) : undefined
    if (flaw !== undefined) return refusal('topics/wrong-candidate', flaw)
  }
  return undefined
}

/** What a candidate signs: H('mc/candidacy/v1', topic, holder, terms). */
export const candidacyMessage = (
  topic: Uint8Array,
  { holder, terms }: Pick<Candidacy, 'holder' | 'terms'>,
  sha256: Sha256,
): Uint8Array => domainHash(sha256, 'mc/candidacy/v1', topic, holder, mandateTermsCodec.encode(terms))

/** What runs when a proposal has won; nothing for words alone. */
export function programOf(topic: Topic, { program, candidacy, builtIn }: Proposal): Program | undefined {
  if (candidacy !== undefined) {
    return {
      type: 'actions',
      actions: [{ type: 'mandate.grant', holder: candidacy.holder, ...candidacy.terms }],
    }
  }
  if (builtIn === 'remove' && topic.target !== undefined) {
    const action: Action =
      topic.kind === 'challenge'
        ? { type: 'member.remove', member: topic.target }
        : { type: 'mandate.revoke', mandate: topic.target }
    return { type: 'actions', actions: [action] }
  }
  return program
}

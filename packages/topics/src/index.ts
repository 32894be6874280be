/**
 * The governance of an organisation as a deterministic state machine.
 *
 * @packageDocumentation
 */

export * from './action/action.js'
export * from './action/capability.js'
export * from './action/predicate.js'
export {
  Author,
  type Authored,
  type AuthorOptions,
  type Opened,
  type Opening,
  type RingAt,
} from './author/author.js'
export * from './executor.js'
export { aggregate, publicityNeeded } from './machine/aggregate.js'
export {
  additionsMax,
  nextConfiguration,
  PROBATION_BLOCKS,
  removalsMax,
  UPGRADE_LEAD,
  UPGRADE_PATIENCE,
} from './machine/boundary.js'
export {
  BUCKET_RULES,
  type Bucket,
  type BucketClass,
  type BucketRule,
  fullBucket,
  refilled,
  taken,
} from './machine/bucket.js'
export { type Candidate, flawOfCandidate } from './machine/candidate.js'
export { sentClocks } from './machine/clocks.js'
export { holds, isCustom } from './machine/conversion.js'
export { dealVoters } from './machine/dealing.js'
export { Draft } from './machine/draft.js'
export { type Founder, genesisState, memberIdOf, type OrganisationGenesis } from './machine/genesis.js'
export { FOUNDERS_MAX, organisationGenesisCodec, TOPICS_RULES } from './machine/genesis-codec.js'
export { TOKEN_SLOTS, WEEK } from './machine/identify.js'
export { numberOf, PARAMETERS, type ParameterName } from './machine/parameters.js'
export { first8, lateMeeting, partition, ranked, splitSeed, splitSizes, u32 } from './machine/partition.js'
export { candidacyMessage, capabilitiesOf, programOf } from './machine/programs.js'
export { meetingRing, memberRing, REVISIONS_KEPT } from './machine/rings.js'
export { TICK_MAX } from './machine/tick.js'
export { builtInIdOf, caseIdOf, meetingIdOf, topicIdOf } from './machine/topic-id.js'
export { type BlockFacts, DRAW_DELAY, type Tools, type Turn } from './machine/turn.js'
export { Verdicts } from './machine/verdicts.js'
export * from './operation/body.js'
export * from './operation/content.js'
export * from './operation/operation.js'
export { flawOfText, flawOfTitle } from './operation/plain-text.js'
export * from './operation/program.js'
export * from './operation/signer.js'
export { attestedFacts, vouchId } from './operations/attesting.js'
export { coFreezersNeeded } from './operations/freezing.js'
export { OWN_PROGRAMS_MAX, OWN_PROPOSALS_MAX, TERM_MAX } from './operations/meeting.js'
export { EVIDENCE_REST, QUEUE_MAX } from './operations/opening.js'
export { RECOVERY_DELAY, seatMessage } from './operations/people.js'
export * from './organisation/domain.js'
export * from './organisation/domain-parameters.js'
export * from './organisation/member.js'
export * from './organisation/membership-change.js'
export * from './organisation/office.js'
export * from './organisation/organisation.js'
export * from './organisation/profile.js'
export * from './organisation/seat-request.js'
export * from './organisation/topic-kind.js'
export type { Actor, Attestation, Ledgerwise, RingRevisions, Vouch } from './state/bookkeeping.js'
export { Indexes, TIMER_KINDS, type Timer, type TimerKind, topicTimer } from './state/indexes.js'
export { tableKey } from './state/row.js'
export { stateCodecs, stateKeys } from './state/state-keys.js'
export { Table } from './state/table.js'
export { PREFIXES, pair, type Tables } from './state/tables.js'
export { TopicsState } from './state/topics-state.js'
export * from './topic/parts.js'
export * from './topic/split-receipt.js'
export * from './topic/topic.js'
export { type TopicsMachine, type TopicsOptions, topics } from './topics.js'
export { runVectors, type VectorCase, type Vectors } from './vectors.js'
export { type Reason, why } from './why.js'

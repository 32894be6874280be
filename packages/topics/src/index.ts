/**
 * The governance of an organisation as a deterministic state machine.
 *
 * @packageDocumentation
 */

export * from './action/action.js'
export * from './action/capability.js'
export * from './action/predicate.js'
export * from './executor.js'
export * from './operation/body.js'
export * from './operation/content.js'
export * from './operation/operation.js'
export { flawOfText, flawOfTitle } from './operation/plain-text.js'
export * from './operation/program.js'
export * from './operation/signer.js'
export * from './organisation/domain.js'
export * from './organisation/domain-parameters.js'
export * from './organisation/member.js'
export * from './organisation/membership-change.js'
export * from './organisation/office.js'
export * from './organisation/organisation.js'
export * from './organisation/profile.js'
export * from './organisation/seat-request.js'
export * from './organisation/topic-kind.js'
export * from './topic/parts.js'
export * from './topic/topic.js'

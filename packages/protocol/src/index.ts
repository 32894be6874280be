/**
 * The kernel: committees and thresholds, protocols and their effects, votes and supports.
 *
 * @packageDocumentation
 */
export {
  type Committee,
  type CommitteeOptions,
  type CommitteeSize,
  committee,
  faultsTolerated,
  fPlus1,
  nMinusF,
  twoFPlus1,
} from './committee.js'
export { type Domain, subdomain } from './domain.js'
export { type Driven, drive, type Outgoing, type Step } from './drive.js'
export { type DrivenEncoded, driveEncoded } from './drive-encoded.js'
export type { ChildScope, Effects, Fault } from './effects.js'
export {
  type Bit,
  type Brand,
  type Epoch,
  epoch,
  opposite,
  type PeerIndex,
  peer,
  type Round,
  round,
} from './ids.js'
export { InvariantViolation, invariant, unreachable } from './invariant.js'
export { PeerSet } from './peer-set.js'
export type { Descriptor, Protocol, ProtocolDefinition } from './protocol.js'
export { SupportSet } from './support-set.js'
export { type VoteOutcome, VoteSet } from './vote-set.js'

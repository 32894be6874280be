/**
 * Seeded simulation of protocols: schedules, adversaries, crashes, a faulty disk, invariants.
 *
 * @packageDocumentation
 */

export { latecomer, withholder } from './adversaries/late.js'
export { type PuppetCue, puppet } from './adversaries/puppet.js'
export { silent } from './adversaries/silent.js'
export { garbler, type Mutate, mutator, replayer, type TamperOptions } from './adversaries/tamperer.js'
export { equivocator, type TwoFacesOptions, twins } from './adversaries/two-faces.js'
export type { Adversary, Copy, Corrupted, Corruption, Sighting } from './adversary.js'
export { CRASH_POINTS, type CrashOptions, type CrashPoint } from './crashes.js'
export type { Delivery, InputEvent, SimEvent } from './event.js'
export { type ForSeedsOptions, forSeeds, type SeedsReport } from './for-seeds.js'
export type { Invariant, Watch } from './invariant.js'
export {
  agreement,
  always,
  bounded,
  eventually,
  integrity,
  type NoContradictionOptions,
  noContradiction,
  noFaultsAgainstCorrect,
  termination,
  totality,
  validity,
} from './invariants.js'
export { grafted, mutated, otherValue, withFlippedBit } from './mutation.js'
export { type Random, randomOver, seededRandom } from './random.js'
export type { Cost, ObservedFault, Run, RunState, Violation } from './run.js'
export { sameValue } from './same-value.js'
export type { Queue, Schedule, ScheduleSetting } from './schedule.js'
export { contentAware } from './schedules/content-aware.js'
export { delay } from './schedules/delay.js'
export { fifo, lifo, randomOrder } from './schedules/orders.js'
export { type PartitionOptions, partition } from './schedules/partition.js'
export { replay } from './schedules/replay.js'
export { type Direction, starve } from './schedules/starve.js'
export { type VirtualTimeOptions, virtualTime } from './schedules/virtual-time.js'
export {
  type DeliveryFilter,
  type ScriptedNetwork,
  type ScriptedNetworkOptions,
  scriptedNetwork,
} from './scripted-network.js'
export {
  type GivenHook,
  type InputHook,
  type NodeSetting,
  type OutputHook,
  type SimulateOptions,
  simulate,
} from './simulate.js'
export { type DiskOptions, type SimulatedDisk, simulatedDisk } from './simulated-disk.js'

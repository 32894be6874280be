/**
 * What a run is and leaves behind, as data.
 */
import type { Fault, PeerIndex, Protocol } from '@mc/protocol'

/** A fault as one member reported it; equal reports (same member, rule and peer) are counted, not repeated. */
export interface ObservedFault extends Fault {
  readonly by: PeerIndex
  /** How often; `detail` is that of the first time. */
  readonly count: number
}

/** What a run has cost, independent of the machine. Messages of Byzantine members are not counted. */
export interface Cost {
  /** Messages taken in by anybody. */
  readonly deliveries: number
  /** Messages sent by correct members, one per recipient; the copy to oneself is free. */
  readonly messages: number
  /** Bytes of these messages, in encoded runs; 0 in others. */
  readonly bytes: number
  /** Asynchronous steps: the longest chain of messages before any output of a correct member. */
  readonly depth: number
  /** The highest number that `round` returned for a message of a correct member; 0 without it. */
  readonly rounds: number
}

/** What can be asked of a run while it goes on and afterwards. Lists are indexed by member. */
export interface RunState<Input, Message, Output> {
  readonly n: number
  readonly f: number
  /** The members that follow the protocol, ascending. Members that crash and come back are correct. */
  readonly correct: readonly PeerIndex[]
  isCorrect(index: number): boolean
  /** The inputs that were given so far. */
  readonly inputs: readonly (readonly Input[])[]
  /** The outputs of correct members so far; empty for Byzantine ones. */
  readonly outputs: readonly (readonly Output[])[]
  readonly faults: readonly ObservedFault[]
  readonly cost: Cost
  /** Whether nothing was pending at the end. */
  readonly quiescent: boolean
  /** The protocol object of a correct member, for a test's own debug view. */
  instance(index: number): Protocol<Input, Message> | undefined
}

/** Something that must hold did not. */
export interface Violation {
  /** The invariant's name, or `handlers-are-total` if a correct member threw. */
  readonly invariant: string
  readonly detail: string
  /** One line to paste: seed, sizes, protocol, schedule, adversaries. */
  readonly line: string
}

/** The outcome of a run. */
export interface Run<Input, Message, Output> extends RunState<Input, Message, Output> {
  /** One line to paste: what this run was. */
  readonly line: string
  /** Empty if all invariants held. The run stops at the first event that broke one. */
  readonly violations: readonly Violation[]
  /** The last events, or all if asked for, one per line; `replay` runs them again. */
  readonly trace: readonly string[]
  /** Equal for two runs if and only if (but for chance) everything happened alike. */
  readonly traceHash: string
  /** How many faults of each kind were injected. */
  readonly injected: Readonly<Record<string, number>>
  /** Simulated time that passed, in milliseconds. */
  readonly virtualMs: number
}

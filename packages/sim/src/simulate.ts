/**
 * Runs one protocol among n members in a network that a seed determines.
 */
import type { Committee, PeerIndex, ProtocolDefinition } from '@mc/protocol'
import type { PuppetStrings } from './adversaries/puppet.js'
import type { Adversary } from './adversary.js'
import type { CrashOptions } from './crashes.js'
import type { SimEvent } from './event.js'
import type { Invariant } from './invariant.js'
import type { Random } from './random.js'
import type { Run } from './run.js'
import type { Schedule } from './schedule.js'
import { Simulation } from './simulation.js'

/** The member for which a definition is made. */
export interface NodeSetting {
  readonly index: PeerIndex
  /** This member's own randomness, forked from the seed. In runs with crashes its draws are logged and replayed. */
  readonly random: Random
}

/** Something happened at a member, and further inputs may follow from it. */
export interface InputHook<Input> {
  readonly index: PeerIndex
  /** False for a Byzantine member that runs the real protocol. */
  readonly correct: boolean
  /** Makes an input available at this member, or at another; the schedule chooses when it is given. */
  give(input: Input, index?: number): void
}

/** A member has given an output. */
export interface OutputHook<Input, Output> extends InputHook<Input> {
  readonly output: Output
  /** How many outputs this member gave before. */
  readonly position: number
}

/** A member was given an input. */
export interface GivenHook<Input> extends InputHook<Input> {
  readonly input: Input
}

/** What a run is made of. Only `seed`, `n`, `protocol` and `inputs` are needed. */
export interface SimulateOptions<Params, Input, Message, Output> {
  readonly seed: number | string
  readonly n: number
  /** floor((n − 1) / 3) by default. */
  readonly f?: number
  /** One definition per member, so that each has its own randomness. */
  readonly protocol: (node: NodeSetting) => ProtocolDefinition<Params, Input, Message, Output>
  /** `{ committee }` by default, which is right for protocols that need nothing else. */
  readonly params?: (committee: Committee) => NoInfer<Params>
  /** The first input of each member, if it has one; the schedule chooses when it is given. */
  readonly inputs: (index: PeerIndex) => NoInfer<Input> | undefined
  /** Called after each input given, for inputs that may only follow it. */
  readonly onInput?: (event: GivenHook<NoInfer<Input>>) => void
  /** Called after each output, for the inputs that it makes possible. */
  readonly onOutput?: (event: OutputHook<NoInfer<Input>, NoInfer<Output>>) => void
  /** Called when a member is back after a crash, for the inputs that a node gives then. */
  readonly onRestart?: (event: InputHook<NoInfer<Input>>) => void
  /** `randomOrder()` by default. A function is short for `contentAware(function)`. */
  readonly schedule?:
    | Schedule<NoInfer<Input>, NoInfer<Message>>
    | ((event: SimEvent<NoInfer<Input>, NoInfer<Message>>) => number)
  /** Who is Byzantine, and how; at most f members. A function is short for `puppet(function)`. */
  readonly byzantine?: Readonly<
    Record<
      number,
      Adversary<NoInfer<Input>, NoInfer<Message>> | PuppetStrings<NoInfer<Input>, NoInfer<Message>>
    >
  >
  /** Allows more than f Byzantine members, to see what breaks. */
  readonly unsafe?: boolean
  /** Correct members lose power and come back with what their logs kept. */
  readonly crashes?: CrashOptions
  readonly invariants?: readonly Invariant<NoInfer<Input>, NoInfer<Message>, NoInfer<Output>>[]
  /** The run is cut off after so many events; 1 000 000 by default. */
  readonly deliveriesMax?: number
  /** Messages travel as bytes through the codec, and bytes are counted. */
  readonly encoded?: boolean
  /** How many events `run.trace` keeps; 20 by default, `Infinity` for all of them. */
  readonly traceLines?: number
  /** The round a message belongs to, for `run.cost.rounds`. */
  readonly round?: (message: NoInfer<Message>) => number | undefined
}

/**
 * Runs a protocol from its first input until nothing is pending, an invariant breaks or `deliveriesMax` is reached.
 *
 * The outcome is a function of the options alone: the same seed gives the same run, to the bit.
 *
 * @throws RangeError if sizes do not fit, or more than f members are Byzantine without `unsafe`.
 * @throws whatever a correct member throws on an input that the caller should not have given.
 */
export function simulate<Params extends { readonly committee: Committee }, Input, Message, Output>(
  options: SimulateOptions<Params, Input, Message, Output>,
): Run<Input, Message, Output> {
  return new Simulation(options).run()
}

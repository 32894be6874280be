/**
 * A network whose every step a script decides: the correct members run real protocol objects, the script owns all queues.
 */
import {
  type Committee,
  committee,
  type PeerIndex,
  type Protocol,
  type ProtocolDefinition,
  peer,
  type Step,
} from '@mc/protocol'
import { type Delivery, delivery } from './event.js'
import { type Instance, instantiate } from './instance.js'
import { seededRandom } from './random.js'
import type { ObservedFault } from './run.js'
import type { NodeSetting } from './simulate.js'

/** What a scripted network is made of. */
export interface ScriptedNetworkOptions<Params, Input, Message, Output> {
  readonly n: number
  /** floor((n − 1) / 3) by default. */
  readonly f?: number
  /** One definition per correct member. */
  readonly protocol: (node: NodeSetting) => ProtocolDefinition<Params, Input, Message, Output>
  /** `{ committee }` by default. */
  readonly params?: (committee: Committee) => NoInfer<Params>
  /** The identities that the script speaks for; what is sent to them is pending like everything else. */
  readonly byzantine?: readonly number[]
  /** Seeds the members' randomness; 0 by default. */
  readonly seed?: number | string
}

/** Which pending messages: a predicate, or lists of senders and recipients and a predicate on the message. */
export type DeliveryFilter<Message> =
  | ((delivery: Delivery<Message>) => boolean)
  | {
      readonly from?: number | readonly number[]
      readonly to?: number | readonly number[]
      readonly where?: (message: Message) => boolean
    }

/** A network in the hands of a script. */
export interface ScriptedNetwork<Input, Message, Output> {
  /** Gives a correct member an input, at once. @throws what the protocol throws on misuse. */
  input(index: number, input: Input): void
  /** What is on its way, oldest first; all of it or what the filter lets through. */
  pending(filter?: DeliveryFilter<Message>): readonly Delivery<Message>[]
  /**
   * Delivers one pending message, or all that now match, oldest first unless `order` (ascending) says otherwise; what that
   * causes stays pending. Returns how many were delivered.
   *
   * @throws RangeError if a given delivery is not pending.
   */
  deliver(
    which: Delivery<Message> | DeliveryFilter<Message>,
    order?: (delivery: Delivery<Message>) => number,
  ): number
  /**
   * Free run: delivers what matches, oldest first, and what that causes, until nothing that matches is pending.
   *
   * @throws RangeError if more than `max` deliveries, 100 000 by default, do not make it quiet.
   */
  deliverAll(filter?: DeliveryFilter<Message>, limit?: { readonly max?: number }): number
  /** Removes pending messages for good, which no reliable network does: for what-if scripts. Returns how many. */
  drop(filter: DeliveryFilter<Message>): number
  /** Sends as a Byzantine member, to one member or to all correct ones. @throws RangeError if `from` is correct. */
  inject(from: number, to: number | 'all', message: Message): readonly Delivery<Message>[]
  outputs(index: number): readonly Output[]
  readonly faults: readonly ObservedFault[]
  readonly correct: readonly PeerIndex[]
  /** The protocol object of a correct member, for a test's own debug view. @throws RangeError for a Byzantine one. */
  instance(index: number): Protocol<Input, Message>
}

/**
 * A scripted network of n members.
 *
 * A member's messages to itself are handled inside the step that sends them, as everywhere.
 */
export const scriptedNetwork = <Params extends { readonly committee: Committee }, Input, Message, Output>(
  options: ScriptedNetworkOptions<Params, Input, Message, Output>,
): ScriptedNetwork<Input, Message, Output> => new Script(options)

class Script<Params extends { readonly committee: Committee }, Input, Message, Output>
  implements ScriptedNetwork<Input, Message, Output>
{
  readonly correct: readonly PeerIndex[]
  readonly #n: number
  readonly #instances = new Map<number, Instance<Input, Message, Output>>()
  readonly #outputs = new Map<number, Output[]>()
  readonly #faults: ObservedFault[] = []
  /** Ascending by id, since a map keeps the order of insertion. */
  readonly #pending = new Map<number, Delivery<Message>>()
  #nextId = 0

  constructor(options: ScriptedNetworkOptions<Params, Input, Message, Output>) {
    const { n, f, byzantine = [], seed = 0, protocol, params } = options
    this.#n = n
    const all = Array.from({ length: n }, (_, index) => peer(index))
    this.correct = all.filter(index => !byzantine.includes(index))
    for (const index of this.correct) {
      const seen = committee(f === undefined ? { n, self: index } : { n, f, self: index })
      const definition = protocol({ index, random: seededRandom(seed).fork(`node ${index}`) })
      this.#instances.set(index, instantiate(definition, params?.(seen) ?? ({ committee: seen } as Params)))
      this.#outputs.set(index, [])
    }
  }

  get faults(): readonly ObservedFault[] {
    return this.#faults
  }

  input(index: number, input: Input): void {
    this.#settle(peer(index), this.#instance(index).driven.input(input))
  }

  pending(filter?: DeliveryFilter<Message>): readonly Delivery<Message>[] {
    const all = [...this.#pending.values()]
    return filter === undefined ? all : all.filter(predicate(filter))
  }

  deliver(
    which: Delivery<Message> | DeliveryFilter<Message>,
    order?: (delivery: Delivery<Message>) => number,
  ): number {
    if (isDelivery(which)) {
      this.#deliver(which)
      return 1
    }
    const chosen = [...this.pending(which)]
    if (order !== undefined) chosen.sort((a, b) => order(a) - order(b) || a.id - b.id)
    for (const one of chosen) this.#deliver(one)
    return chosen.length
  }

  deliverAll(filter?: DeliveryFilter<Message>, { max = 100_000 }: { readonly max?: number } = {}): number {
    let count = 0
    for (let batch = this.pending(filter); batch.length > 0; batch = this.pending(filter)) {
      for (const one of batch) this.#deliver(one)
      count += batch.length
      if (count > max) throw new RangeError(`scripted network: not quiet after ${count} deliveries`)
    }
    return count
  }

  drop(filter: DeliveryFilter<Message>): number {
    const chosen = this.pending(filter)
    for (const { id } of chosen) this.#pending.delete(id)
    return chosen.length
  }

  inject(from: number, to: number | 'all', message: Message): readonly Delivery<Message>[] {
    if (this.#instances.has(from) || !(from >= 0 && from < this.#n)) {
      throw new RangeError(`scripted network: member ${from} is not Byzantine; a script cannot speak for it`)
    }
    const recipients = to === 'all' ? this.correct : [peer(to)]
    return recipients.map(recipient => this.#post(peer(from), recipient, message))
  }

  outputs(index: number): readonly Output[] {
    this.#instance(index)
    return this.#outputs.get(index) as Output[]
  }

  instance(index: number): Protocol<Input, Message> {
    return this.#instance(index).protocol
  }

  #instance(index: number): Instance<Input, Message, Output> {
    const instance = this.#instances.get(index)
    if (instance === undefined) throw new RangeError(`scripted network: member ${index} is not a correct one`)
    return instance
  }

  #deliver(one: Delivery<Message>): void {
    if (!this.#pending.delete(one.id)) throw new RangeError(`scripted network: #${one.id} is not pending`)
    // What is sent to a Byzantine member is read by the script; taking it off the queue is all there is to do.
    const instance = this.#instances.get(one.to)
    if (instance !== undefined) this.#settle(one.to, instance.driven.message(one.from, one.message))
  }

  #settle(index: PeerIndex, step: Step<Message, Output>): void {
    for (const { to, message } of step.messages) {
      if (to !== 'all') this.#post(index, to, message)
      else
        for (let other = 0; other < this.#n; other += 1)
          if (other !== index) this.#post(index, peer(other), message)
    }
    for (const fault of step.faults) this.#faults.push({ ...fault, by: index, count: 1 })
    this.#outputs.get(index)?.push(...step.outputs)
  }

  #post(from: PeerIndex, to: PeerIndex, message: Message): Delivery<Message> {
    const posted = delivery(this.#nextId++, from, to, message, undefined, undefined, 0, 0)
    this.#pending.set(posted.id, posted)
    return posted
  }
}

const isDelivery = <Message>(
  which: Delivery<Message> | DeliveryFilter<Message>,
): which is Delivery<Message> => typeof which === 'object' && 'id' in which

function predicate<Message>(filter: DeliveryFilter<Message>): (delivery: Delivery<Message>) => boolean {
  if (typeof filter === 'function') return filter
  const { from, to, where } = filter
  const [senders, recipients] = [asList(from), asList(to)]
  return one =>
    (senders?.includes(one.from) ?? true) &&
    (recipients?.includes(one.to) ?? true) &&
    (where?.(one.message) ?? true)
}

const asList = (indices: number | readonly number[] | undefined): readonly number[] | undefined =>
  typeof indices === 'number' ? [indices] : indices

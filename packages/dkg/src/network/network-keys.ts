/**
 * The keys of a network through all its configurations, as a function of its log.
 *
 * Members change at once, and the new ones begin with local coins: nobody waits for a key. Their generation begins when they are
 * agreed on; once it is complete, a further configuration of the same members names the keys and the suite that wants them.
 * This is `immediate-local` of key-epochs.ts.
 */
import { equalBytes } from '@mc/crypto'
import { type BlockInput, type Configuration, memberIndex, type Operation, type Refusal } from '@mc/ledger'
import type { PeerIndex } from '@mc/protocol'
import { Generation, type GenerationSetting } from './generation.js'
import { type KeyStatement, readKeyStatement } from './key-operation.js'

/** What the keys of a network are for. */
export interface NetworkKeysSetting extends GenerationSetting {
  /** The suite that runs once its keys are there. */
  readonly wanted: string
}

/** Who says what, or why it is refused. */
type Judged =
  | { readonly generation: Generation; readonly from: PeerIndex; readonly statement: KeyStatement }
  | { readonly refusal: Refusal }

/** What a block says about configurations and time. */
export type SettledBlock = Pick<BlockInput, 'epoch' | 'clock' | 'configuration' | 'decided'>

/** The keys of a network after a block. */
export class NetworkKeys {
  readonly #setting: NetworkKeysSetting
  /** The suite of configurations without keys. */
  readonly #keyless: string
  /** Ascending: those of the configuration in force and of the one decided, and the running one last; at most three. */
  #generations: readonly Generation[]
  #latest: Configuration

  constructor(first: Configuration, setting: NetworkKeysSetting, keyless: string = first.suite) {
    this.#setting = setting
    this.#keyless = keyless
    this.#latest = first
    this.#generations = first.keySet === undefined ? [new Generation(first, setting)] : []
  }

  /** The keys as they were: from what `latest` and `generations` told. */
  static restore(
    setting: NetworkKeysSetting,
    keyless: string,
    latest: Configuration,
    generations: readonly Generation[],
  ): NetworkKeys {
    const keys = new NetworkKeys(latest, setting, keyless)
    keys.#generations = generations
    return keys
  }

  /** The last configuration that was announced. */
  get latest(): Configuration {
    return this.#latest
  }

  /** The generations that somebody still needs, oldest first. */
  get generations(): readonly Generation[] {
    return this.#generations
  }

  /** The generation that members are to take part in; none once its keys are there. */
  get running(): Generation | undefined {
    const last = this.#generations.at(-1)
    return last?.keySet === undefined ? last : undefined
  }

  /** The generation that a configuration has its keys from. */
  generationOf(keySet: Uint8Array): Generation | undefined {
    return this.#generations.find(one => one.keySet !== undefined && equalBytes(one.keySet, keySet))
  }

  /** When something happens by itself: a moment of the logical clock. */
  get opensAt(): number | undefined {
    return this.running?.opensAt
  }

  /** Why an operation changes nothing, or nothing. */
  refusalOf(operation: Operation): Refusal | undefined {
    const judged = this.#judge(operation)
    return 'refusal' in judged ? judged.refusal : undefined
  }

  /** Takes an operation, or says why not; `false` if it is a dealing that nobody can use. */
  take(operation: Operation, clock: number): Refusal | boolean {
    const judged = this.#judge(operation)
    if ('refusal' in judged) return judged.refusal
    return judged.generation.take(judged.from, judged.statement, clock)
  }

  /**
   * The block is over: what it decides for the configuration, if anything.
   *
   * @param changed the members that the machine inside decided on, if it did.
   */
  settle(
    { epoch, clock, configuration: inForce, decided }: SettledBlock,
    changed: Configuration | undefined,
  ): Configuration | undefined {
    this.running?.tick(clock)
    // While one waits to take force nothing else is decided: what is complete meanwhile is announced afterwards.
    const next = decided === undefined ? this.#next({ epoch, inForce, changed }) : undefined
    if (next !== undefined) this.#latest = next
    if (next !== undefined && next.keySet === undefined) {
      this.#generations = [...this.#generations, new Generation(next, this.#setting)]
    }
    const last = this.#generations.at(-1)
    this.#generations = this.#generations.filter(
      one => one === last || isOf(one, inForce) || isOf(one, this.#latest),
    )
    return next
  }

  /**
   * New members begin without keys, whatever ran before. Members whose keys are there go on under the suite that wants them.
   * Index and epoch are those that the ledger gives it.
   */
  #next({
    epoch,
    inForce: { index, depth },
    changed,
  }: {
    readonly epoch: number
    readonly inForce: Configuration
    readonly changed: Configuration | undefined
  }): Configuration | undefined {
    const place = { index: index + 1, firstEpoch: epoch + depth, depth }
    if (changed !== undefined) {
      const { keySet: _, ...members } = changed
      return { ...members, ...place, suite: this.#keyless }
    }
    const keySet = this.#latest.keySet === undefined ? this.#generations.at(-1)?.keySet : undefined
    return keySet && { ...this.#latest, ...place, suite: this.#setting.wanted, keySet }
  }

  #judge(operation: Operation): Judged {
    const generation = this.running
    if (generation === undefined) {
      return refused('dkg/complete', 'the keys of this configuration are there')
    }
    const statement = readKeyStatement(operation)
    if (statement === undefined)
      return refused('dkg/undecodable-operation', 'its body says nothing about keys')
    const from = memberIndex(generation.configuration, operation.author)
    if (from < 0) return refused('dkg/not-a-member', 'its author is no member of the configuration')
    const refusal = generation.refusalOf(from as PeerIndex, statement)
    return refusal === undefined ? { generation, from: from as PeerIndex, statement } : { refusal }
  }
}

const isOf = ({ keySet }: Generation, configuration: Configuration): boolean =>
  keySet !== undefined && configuration.keySet !== undefined && equalBytes(keySet, configuration.keySet)

const refused = (rule: Refusal['rule'], detail: string): Judged => ({ refusal: { rule, detail } })

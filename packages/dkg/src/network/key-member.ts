/**
 * One member's part in a generation: what it says, and what it ends up with.
 *
 * It is told nothing but the generation, and begins anew from it after a restart. The secret of its box key is all that it needs
 * to have its shares again; once that is erased, nobody can derive them from the log any more.
 */
import { equalBytes, type Rng } from '@mc/crypto'
import { committeeOf } from '@mc/ledger'
import { type Driven, drive, type Fault, type PeerIndex, type Step } from '@mc/protocol'
import type { GeneratedKey } from '../key-generation.js'
import { type LedgerDkgInput, type LedgerDkgOutput, ledgerDkg } from '../ledger/ledger-dkg.js'
import type { Generation, GenerationSetting } from './generation.js'
import type { KeyStatement } from './key-operation.js'

/** What a member of a generation is made from. */
export interface KeyMemberOptions {
  readonly generation: Generation
  readonly setting: GenerationSetting
  readonly self: PeerIndex
  /** Opens the boxes that are sealed for us: the secret of what we announced, or of our signature key if we announced nothing. */
  readonly boxSecretKey: Uint8Array
  readonly rng: Rng
}

/** What a member has to say now. */
export interface KeyMemberStep {
  /** To be put on the log, signed. */
  readonly statements: readonly KeyStatement[]
  /** Members that dealt wrongly, as far as we alone can see. */
  readonly faults: readonly Fault[]
}

/** A member of a generation that is open. */
export class KeyMember {
  readonly #id: Uint8Array
  readonly #needs: readonly Driven<LedgerDkgInput, never, LedgerDkgOutput>[]
  readonly #keys: (GeneratedKey | undefined)[]
  #read = 0
  #speaks = false
  #statements: KeyStatement[] = []
  #faults: Fault[] = []

  /** @throws RangeError unless the generation is open and the secret key is the one of our box key. */
  constructor({ generation, setting, self, boxSecretKey, rng }: KeyMemberOptions) {
    if (!generation.isOpen) throw new RangeError('keys: the generation is not open yet')
    const { sha256, boxes, groups, needs } = setting
    const committee = committeeOf(generation.configuration, self)
    const { boxKeys } = generation
    this.#id = generation.id
    this.#keys = needs.map(() => undefined)
    this.#needs = needs.map(({ group: name }, need) => {
      const group = groups.get(name)
      if (group === undefined) throw new RangeError(`keys: there is no group ${name}`)
      const dkg = ledgerDkg({ group, sha256, boxes, boxSecretKey, rng })
      return drive(dkg, { committee, domain: generation.domain(need), boxKeys })
    })
  }

  /** Our keys, in the order of the needs, once all of them are there. */
  get keys(): readonly GeneratedKey[] | undefined {
    const keys = this.#keys.filter(key => key !== undefined)
    return keys.length === this.#keys.length ? keys : undefined
  }

  /**
   * Reads what has happened since, and says what is to be said.
   *
   * @param generation the one that it was made for, as the state holds it now.
   * @param maySpeak false while something that we said before a restart is still on its way to the log: who repeats it in
   *   other words is refused.
   * @throws RangeError if it is another generation.
   */
  advance(generation: Generation, maySpeak: boolean): KeyMemberStep {
    if (!equalBytes(generation.id, this.#id)) throw new RangeError('keys: this is another generation')
    const happened = generation.events.slice(this.#read)
    this.#read += happened.length
    for (const [need, driven] of this.#needs.entries()) {
      const operations = happened.flatMap(event =>
        event.type === 'part' && event.need === need
          ? [{ author: event.member as PeerIndex, bytes: event.bytes }]
          : [],
      )
      if (operations.length > 0) this.#hear(need, driven.input({ type: 'ordered', operations }))
    }
    if (maySpeak && !this.#speaks) this.#begin()
    const step = { statements: this.#statements, faults: this.#faults }
    this.#statements = []
    this.#faults = []
    return step
  }

  #begin(): void {
    this.#speaks = true
    for (const [need, driven] of this.#needs.entries()) this.#hear(need, driven.input({ type: 'generate' }))
  }

  #hear(need: number, { outputs, faults }: Step<never, LedgerDkgOutput>): void {
    this.#faults.push(...faults)
    const generation = this.#id
    for (const output of outputs) {
      if (output.type === 'key') this.#keys[need] = output.key
      else this.#statements.push({ type: 'part', generation, need, bytes: output.operation })
    }
  }
}

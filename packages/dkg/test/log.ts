/**
 * A log in the hands of a test: members read it in its order, and what they submit gets on it when the test says so.
 */
import { type Rng, seededRng } from '@mc/crypto'
import { insecureGroup } from '@mc/crypto/conformance'
import { type BoxKeys, type SealedBoxes, sealedBoxes } from '@mc/crypto/dkg'
import { nodeCrypto } from '@mc/crypto/node'
import { type PrimeGroup, ristretto255 } from '@mc/crypto/threshold'
import {
  type AuthoredOperation,
  type GeneratedKey,
  type LedgerDkgInput,
  type LedgerDkgOptions,
  type LedgerDkgOutput,
  ledgerDkg,
} from '@mc/dkg'
import { committee, type Driven, drive, type Fault, type PeerIndex, peer } from '@mc/protocol'

export const { sha256 } = nodeCrypto
export const fastGroup: PrimeGroup<bigint> = insecureGroup(sha256)
export const rngOf = (seed: string): Rng => seededRng(seed, sha256)

/** What a committee is made from. */
export interface Setting<Element> {
  readonly n?: number
  readonly group: PrimeGroup<Element>
  readonly boxes?: SealedBoxes
  readonly seed?: string
  readonly dealings?: LedgerDkgOptions<Element>['dealings']
  /** Options of a member that lies. */
  readonly corrupted?: (index: number, options: LedgerDkgOptions<Element>) => LedgerDkgOptions<Element>
}

/** Members that read one log. */
export class Log<Element> {
  readonly n: number
  readonly boxKeys: readonly BoxKeys[]
  readonly keys: (GeneratedKey | undefined)[]
  readonly faults: (Fault & { readonly by: number })[] = []
  /** What the log holds. */
  readonly history: AuthoredOperation[][] = []
  /** What members want on the log, oldest first. */
  waiting: AuthoredOperation[] = []
  readonly #setting: Setting<Element>
  readonly #members: Driven<LedgerDkgInput, never, LedgerDkgOutput>[]

  constructor(setting: Setting<Element>) {
    const { n = 4, seed = 'log' } = setting
    const boxes = setting.boxes ?? sealedBoxes({ group: ristretto255, sha256 })
    this.n = n
    this.#setting = { ...setting, boxes, seed }
    this.boxKeys = Array.from({ length: n }, (_, index) => boxes.generate(rngOf(`${seed} box ${index}`)))
    this.keys = this.boxKeys.map(() => undefined)
    this.#members = this.boxKeys.map((_, index) => this.#member(index, `${seed} ${index}`))
  }

  /** All members but these take part. */
  generate(except: readonly number[] = []): void {
    this.#members.forEach((member, index) => {
      if (!except.includes(index)) this.#carryOut(index, member.input({ type: 'generate' }))
    })
  }

  /** Puts operations on the log, and has everybody read them. */
  append(operations: readonly AuthoredOperation[]): void {
    this.history.push([...operations])
    this.#members.forEach((member, index) => {
      this.#carryOut(index, member.input({ type: 'ordered', operations }))
    })
  }

  /** Puts on the log what waits and is let through, until nothing more comes. */
  run(letThrough: (operation: AuthoredOperation) => boolean = () => true): void {
    for (;;) {
      const operations = this.waiting.filter(letThrough)
      if (operations.length === 0) return
      this.waiting = this.waiting.filter(operation => !operations.includes(operation))
      this.append(operations)
    }
  }

  /** A member that has nothing but its box key, and reads the log again from its beginning. */
  restart(index: number): void {
    this.keys[index] = undefined
    const member = this.#member(index, 'another life')
    this.#members[index] = member
    for (const operations of this.history)
      this.#carryOut(index, member.input({ type: 'ordered', operations }))
    this.#carryOut(index, member.input({ type: 'generate' }))
  }

  /** What the machine says that its largest operation is. */
  get operationBytesMax(): number {
    const { group, boxes } = this.#setting
    const { secretKey: boxSecretKey } = this.boxKeys[0] as BoxKeys
    const options = { group, sha256, boxes: boxes as SealedBoxes, boxSecretKey, rng: rngOf('none') }
    return ledgerDkg(options).operationBytesMax({ committee: committee({ n: this.n, self: 0 }) })
  }

  /** The rules that members were found to break, with who broke them. */
  get blamed(): readonly string[] {
    return [...new Set(this.faults.map(({ rule, peer: at }) => `${rule} ${at}`))].sort()
  }

  #member(index: number, seed: string): Driven<LedgerDkgInput, never, LedgerDkgOutput> {
    const { group, boxes, dealings, corrupted } = this.#setting
    const options: LedgerDkgOptions<Element> = {
      group,
      sha256,
      boxes: boxes as SealedBoxes,
      boxSecretKey: (this.boxKeys[index] as BoxKeys).secretKey,
      rng: rngOf(seed),
      ...(dealings === undefined ? {} : { dealings }),
    }
    return drive(ledgerDkg(corrupted?.(index, options) ?? options), {
      committee: committee({ n: this.n, self: index }),
      domain: ['test', this.#setting.seed as string],
      boxKeys: this.boxKeys.map(({ publicKey }) => publicKey),
    })
  }

  #carryOut(
    index: number,
    step: { readonly outputs: readonly LedgerDkgOutput[]; readonly faults: readonly Fault[] },
  ): void {
    for (const fault of step.faults) this.faults.push({ ...fault, by: index })
    for (const output of step.outputs) {
      if (output.type === 'key') {
        if (this.keys[index] !== undefined) throw new Error('a second key')
        this.keys[index] = output.key
      } else this.waiting.push({ author: peer(index), bytes: output.operation })
    }
  }
}

/** An operation whose author is somebody else. */
export const as = (author: number, { bytes }: AuthoredOperation): AuthoredOperation => ({
  author: peer(author),
  bytes,
})

/** Whose operation it is. */
export const by =
  (...authors: number[]) =>
  ({ author }: { readonly author: PeerIndex }): boolean =>
    authors.includes(author)

/** Whether an operation is a dealing: its kind stands behind the session. */
export const isDealing = ({ bytes }: AuthoredOperation): boolean => bytes[32] === 0

/**
 * The laws of a common subset as a suite that any implementation can run.
 *
 * @packageDocumentation
 */
import { committee, type Effects, faultsTolerated, type PeerIndex, peer } from '@mc/protocol'
import {
  type Adversary,
  agreement,
  always,
  equivocator,
  fifo,
  garbler,
  type Invariant,
  integrity,
  latecomer,
  lifo,
  mutator,
  noFaultsAgainstCorrect,
  type Random,
  randomOrder,
  replayer,
  type Schedule,
  sameValue,
  seededRandom,
  silent,
  simulate,
  starve,
  termination,
  twins,
  validity,
  withholder,
} from '@mc/sim'
import type { Acs, Subset } from './acs.js'

/** How laws are registered: `describe` and `test` of vitest, or of any other runner with the same shape. */
export interface LawRunner {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
}

/** For whom a subset is made. */
export interface AcsSetting {
  /** The member's own randomness. */
  readonly rng: Random
  /** The member: whose share of a key to take. */
  readonly index: PeerIndex
  /** How many members there are. */
  readonly n: number
}

/** What the suite is run with. */
export interface AcsLawOptions<Message> extends LawRunner {
  /** Lies that only this subset's messages can tell. */
  readonly adversaries?: readonly Adversary<Uint8Array, Message>[]
  /** Seeds per size of committee, schedule and adversary; 1 by default. */
  readonly seeds?: number
  /** Sizes of committee; 4, 5, 6 and 7 by default. */
  readonly sizes?: readonly number[]
}

/**
 * Registers one test per adversary: agreement, integrity, size and termination, among members of all sizes, under fair and
 * unfair schedules, with f Byzantine members. Messages travel as bytes through the codec.
 *
 * `make` is called once per member and run, with that member's own randomness, for keys its index and the size of its committee;
 * payloads are at most 24 bytes.
 */
export function describeAcs<Message>(
  name: string,
  make: (node: AcsSetting) => Acs<Message>,
  { describe, test, adversaries = [], seeds = 1, sizes = SIZES }: AcsLawOptions<Message>,
): void {
  const laws = new Laws(make, seeds, sizes)
  describe(`${name} is a common subset`, () => {
    test('with nobody Byzantine: agreement, integrity, size, termination', () => laws.hold())
    for (const adversary of [...GENERIC, ...adversaries]) {
      test(`with f × ${adversary.name}: agreement, integrity, size, termination`, () => laws.hold(adversary))
    }
    test('who never broadcast anything is not in', () => laws.silentIsOut())
    test('misuse: a second input and a payload over the cap throw a RangeError', () => laws.refusesMisuse())
  })
}

const GENERIC: readonly Adversary<Uint8Array, unknown>[] = [
  silent(),
  latecomer(),
  withholder([0, 1]),
  equivocator<Uint8Array>(),
  twins<Uint8Array>(),
  mutator(),
  replayer(),
  garbler(),
]

const SCHEDULES: readonly ((n: number) => Schedule<unknown, unknown>)[] = [
  randomOrder,
  fifo,
  lifo,
  n => starve(n - 1),
]

const SIZES = [4, 5, 6, 7]

/** The runs behind the laws. Payloads and places of Byzantine members follow from the seed. */
class Laws<Message> {
  readonly #make: (node: AcsSetting) => Acs<Message>
  readonly #seeds: number
  readonly #sizes: readonly number[]

  constructor(make: (node: AcsSetting) => Acs<Message>, seeds: number, sizes: readonly number[]) {
    this.#make = make
    this.#seeds = seeds
    this.#sizes = sizes
  }

  hold(adversary?: Adversary<Uint8Array, Message>): void {
    this.#everywhere(setting => this.#run(setting, adversary, []))
  }

  silentIsOut(): void {
    const isOut = (subset: Subset, { byzantine }: Setting): boolean =>
      !byzantine.some(index => subset.has(index))
    this.#everywhere(setting => this.#run(setting, silent(), [validity(subset => isOut(subset, setting))]))
  }

  refusesMisuse(): void {
    const acs = this.#make({ rng: seededRandom(0), index: peer(0), n: 4 })
    const at = committee({ n: 4, self: 0 })
    const member = acs.create({ committee: at, domain: ['law'] }, NO_EFFECTS)
    throwsRangeError('a payload over the cap', () =>
      member.handleInput(new Uint8Array(acs.payloadBytesMax + 1)),
    )
    member.handleInput(new Uint8Array(1))
    throwsRangeError('a second input', () => member.handleInput(new Uint8Array(1)))
  }

  #everywhere(law: (setting: Setting) => void): void {
    for (const n of this.#sizes) {
      for (const schedule of SCHEDULES) {
        for (let seed = 0; seed < this.#seeds; seed += 1) law(settingOf(n, seed, schedule(n)))
      }
    }
  }

  #run(
    setting: Setting,
    adversary: Adversary<Uint8Array, Message> | undefined,
    invariants: readonly Invariant<Uint8Array, Message, Subset>[],
  ): void {
    const { n, seed, schedule, byzantine } = setting
    const { violations, trace } = simulate({
      seed,
      n,
      protocol: ({ random, index }) => this.#make({ rng: random, index, n }),
      params: committee => ({ committee, domain: ['law', seed] }),
      inputs: index => setting.payloads[index],
      schedule,
      encoded: true,
      byzantine: Object.fromEntries(
        adversary === undefined ? [] : byzantine.map(index => [index, adversary] as const),
      ),
      invariants: [...this.#laws(setting, adversary === undefined ? [] : byzantine), ...invariants],
    })
    const [violation] = violations
    if (violation === undefined) return
    throw new Error(`${violation.invariant}: ${violation.detail}\n${violation.line}\n${trace.join('\n')}`)
  }

  #laws(
    { n, f, payloads }: Setting,
    byzantine: readonly PeerIndex[],
  ): readonly Invariant<Uint8Array, Message, Subset>[] {
    const member = { rng: seededRandom(0), index: peer(0), n }
    const slots = this.#make(member).guaranteedSlots({ n, f })
    const correct = (subset: Subset): PeerIndex[] =>
      [...subset.keys()].filter(index => !byzantine.includes(index))
    return [
      agreement(),
      integrity(),
      termination(),
      noFaultsAgainstCorrect(),
      outputs(`at least ${slots} payloads`, subset => subset.size >= slots),
      outputs('at most f of them Byzantine', subset => correct(subset).length >= subset.size - f),
      outputs('ascending by proposer', subset => isAscending([...subset.keys()])),
      outputs('a correct proposer is in with the payload it gave', subset =>
        correct(subset).every(index => sameValue(subset.get(index), payloads[index])),
      ),
    ]
  }
}

/** Every output satisfies this. */
const outputs = (name: string, holds: (subset: Subset) => boolean): Invariant<Uint8Array, unknown, Subset> =>
  always<Uint8Array, unknown, Subset>(name, state => state.outputs.flat().every(holds))

const isAscending = (indices: readonly number[]): boolean =>
  indices.every((index, at) => at === 0 || index > (indices[at - 1] as number))

/** One run: who proposes what, who may be Byzantine, and in which order things happen. */
interface Setting {
  readonly n: number
  readonly f: number
  readonly seed: number
  readonly schedule: Schedule<unknown, unknown>
  readonly payloads: readonly Uint8Array[]
  readonly byzantine: readonly PeerIndex[]
}

function settingOf(n: number, seed: number, schedule: Schedule<unknown, unknown>): Setting {
  const random = seededRandom(`acs ${n} ${schedule.name} ${seed}`)
  const members = Array.from({ length: n }, (_, index) => peer(index))
  const f = faultsTolerated(n)
  return {
    n,
    f,
    seed,
    schedule,
    payloads: members.map(() => random.bytes(random.below(25))),
    byzantine: random.shuffle(members).slice(0, f),
  }
}

const NO_EFFECTS: Effects<never, never> = {
  send() {},
  broadcast() {},
  output() {},
  fault() {},
  scope: () => NO_EFFECTS,
}

function throwsRangeError(what: string, misuse: () => void): void {
  try {
    misuse()
  } catch (error) {
    if (error instanceof RangeError) return
    throw error
  }
  throw new Error(`${what} was accepted`)
}

/**
 * The laws of reliable broadcast as a suite that any implementation can run.
 *
 * @packageDocumentation
 */
import { committee, type Effects, faultsTolerated, type PeerIndex, type Protocol, peer } from '@mc/protocol'
import {
  type Adversary,
  agreement,
  equivocator,
  fifo,
  garbler,
  type Invariant,
  integrity,
  latecomer,
  lifo,
  mutator,
  noFaultsAgainstCorrect,
  randomOrder,
  replayer,
  type Schedule,
  sameValue,
  seededRandom,
  silent,
  simulate,
  starve,
  termination,
  totality,
  twins,
  validity,
  withholder,
} from '@mc/sim'
import type { Delivery, Rbc } from './rbc.js'

/** How laws are registered: `describe` and `test` of vitest, or of any other runner with the same shape. */
export interface LawRunner {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
}

/** A lie that only this broadcast's messages can tell. */
export interface RbcAttack<Message> {
  /** Who tells it: the proposer, or members that the proposer may be innocent of. */
  readonly by: 'proposer' | 'member'
  readonly adversary: Adversary<Uint8Array, Message>
}

/** What the suite is run with. */
export interface RbcLawOptions<Message> extends LawRunner {
  readonly attacks?: readonly RbcAttack<Message>[]
  /** Seeds per size of committee, schedule and adversary; 3 by default. */
  readonly seeds?: number
}

/**
 * Registers one test per law and adversary: validity, agreement, totality and integrity, among 4, 5, 6, 7 and 10 members, under
 * fair and unfair schedules, with f Byzantine members. Messages travel as bytes through the codec.
 *
 * `make` is called once; payloads are at most 48 bytes.
 */
export function describeRbc<Message>(
  name: string,
  make: () => Rbc<Message>,
  { describe, test, attacks = [], seeds = 3 }: RbcLawOptions<Message>,
): void {
  const rbc = make()
  const laws = new Laws(rbc, seeds)
  describe(`${name} is a reliable broadcast`, () => {
    test('validity: with nobody Byzantine everybody delivers the payload', () => laws.withCorrectProposer())
    for (const adversary of [...GENERIC, ...adversariesBy('member', attacks)]) {
      test(`validity: f × ${adversary.name} cannot keep the payload of a correct proposer from anybody`, () =>
        laws.withCorrectProposer(adversary))
    }
    for (const adversary of [...GENERIC, ...adversariesBy('proposer', attacks)]) {
      test(`agreement and totality: proposed by ${adversary.name}, everybody delivers the same or nobody delivers`, () =>
        laws.withByzantineProposer(adversary))
    }
    test('misuse: input by another member, a second input and a payload over the cap throw a RangeError', () =>
      laws.refusesMisuse())
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
  () => starve(0, { direction: 'both' }),
]

const SIZES = [4, 5, 6, 7, 10]

const adversariesBy = <Message>(
  by: RbcAttack<Message>['by'],
  attacks: readonly RbcAttack<Message>[],
): Adversary<Uint8Array, Message>[] =>
  attacks.filter(attack => attack.by === by).map(({ adversary }) => adversary)

/** The runs behind the laws. Payloads, places and the number of Byzantine members follow from the seed. */
class Laws<Message> {
  readonly #rbc: Rbc<Message>
  readonly #seeds: number

  constructor(rbc: Rbc<Message>, seeds: number) {
    this.#rbc = rbc
    this.#seeds = seeds
  }

  withCorrectProposer(adversary?: Adversary<Uint8Array, Message>): void {
    this.#everywhere(setting => {
      const byzantine = adversary === undefined ? [] : setting.others.slice(0, setting.f)
      const delivered = (output: Delivery): boolean => sameValue(output, setting.payload)
      this.#run(setting, byzantine, adversary, [validity(delivered), termination()])
    })
  }

  withByzantineProposer(adversary: Adversary<Uint8Array, Message>): void {
    this.#everywhere(setting => {
      const byzantine = [setting.proposer, ...setting.others.slice(0, setting.f - 1)]
      this.#run(setting, byzantine, adversary, [])
    })
  }

  refusesMisuse(): void {
    const { create, payloadBytesMax } = this.#rbc
    const [self, other] = [peer(0), peer(1)]
    const at = (proposer: PeerIndex): Protocol<Uint8Array, Message> =>
      create({ committee: committee({ n: 4, self }), proposer }, NO_EFFECTS)
    throwsRangeError('another member’s input', () => at(other).handleInput(new Uint8Array(1)))
    throwsRangeError('a payload over the cap', () =>
      at(self).handleInput(new Uint8Array(payloadBytesMax + 1)),
    )
    const proposer = at(self)
    proposer.handleInput(new Uint8Array(1))
    throwsRangeError('a second input', () => proposer.handleInput(new Uint8Array(1)))
  }

  #everywhere(law: (setting: Setting) => void): void {
    for (const n of SIZES) {
      // Ten members take the time of all the others together.
      const seeds = n > 7 ? Math.ceil(this.#seeds / 3) : this.#seeds
      for (const schedule of SCHEDULES) {
        for (let seed = 0; seed < seeds; seed += 1) law(settingOf(n, seed, schedule(n)))
      }
    }
  }

  #run(
    { n, seed, schedule, proposer, payload }: Setting,
    byzantine: readonly PeerIndex[],
    adversary: Adversary<Uint8Array, Message> | undefined,
    invariants: readonly Invariant<Uint8Array, Message, Delivery>[],
  ): void {
    const { violations, trace } = simulate({
      seed,
      n,
      protocol: () => this.#rbc,
      params: committee => ({ committee, proposer }),
      inputs: index => (index === proposer ? payload : undefined),
      schedule,
      encoded: true,
      byzantine: Object.fromEntries(
        adversary === undefined ? [] : byzantine.map(index => [index, adversary] as const),
      ),
      invariants: [agreement(), integrity(), totality(), noFaultsAgainstCorrect(), ...invariants],
    })
    const [violation] = violations
    if (violation === undefined) return
    throw new Error(`${violation.invariant}: ${violation.detail}\n${violation.line}\n${trace.join('\n')}`)
  }
}

/** One run: who proposes what, who may be Byzantine, and in which order things happen. */
interface Setting {
  readonly n: number
  readonly f: number
  readonly seed: number
  readonly schedule: Schedule<unknown, unknown>
  readonly proposer: PeerIndex
  readonly payload: Uint8Array
  /** Everybody but the proposer, shuffled. */
  readonly others: readonly PeerIndex[]
}

function settingOf(n: number, seed: number, schedule: Schedule<unknown, unknown>): Setting {
  const random = seededRandom(`rbc ${n} ${schedule.name} ${seed}`)
  const [proposer, ...others] = random.shuffle(Array.from({ length: n }, (_, index) => peer(index)))
  const payload = random.bytes(random.below(49))
  return { n, f: faultsTolerated(n), seed, schedule, proposer: proposer as PeerIndex, payload, others }
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

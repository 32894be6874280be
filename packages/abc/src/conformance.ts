/**
 * The laws of atomic broadcast as a suite that any implementation can run.
 *
 * @packageDocumentation
 */
import { type Bit, type Committee, committee, epoch, faultsTolerated, type PeerIndex } from '@mc/protocol'
import {
  type Adversary,
  CRASH_POINTS,
  type CrashOptions,
  type CrashPoint,
  equivocator,
  fifo,
  type Invariant,
  lifo,
  noContradiction,
  noFaultsAgainstCorrect,
  partition,
  randomOrder,
  type Schedule,
  type SimulateOptions,
  seededRandom,
  silent,
  simulate,
  starve,
  twins,
} from '@mc/sim'
import type {
  AtomicBroadcast,
  AtomicBroadcastInput,
  AtomicBroadcastOutput,
  AtomicBroadcastParams,
} from './atomic-broadcast.js'
import { Batches, payloadOf } from './conformance/batches.js'
import { type FlakyOutcome, flakyRun } from './conformance/flaky-network.js'
import { refusesMisuse } from './conformance/misuse.js'
import { Proposing } from './conformance/proposing.js'

export type { FlakyOutcome } from './conformance/flaky-network.js'

/** A member's own randomness: a bit for each purpose, which a replay draws again. */
export interface MemberBits {
  bit(purpose: string): Bit
}

/** Makes the broadcast of one member. */
export type MakeAtomicBroadcast<Message> = (setting: { readonly rng: MemberBits }) => AtomicBroadcast<Message>

/** How laws are registered, by `describe` and `test` of any runner with the shape of vitest, and how much is run. */
export interface AtomicBroadcastLawOptions<Message> {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
  /** How many proposals a batch holds at least; 1 by default. */
  readonly slots?: (size: Pick<Committee, 'n' | 'f'>) => number
  /** Runs per size, schedule and adversary; 2 by default. */
  readonly seeds?: number
  /** Epochs per run; 4 by default, five times as many where links break. */
  readonly epochs?: number
  /** Committee sizes; 4 by default. */
  readonly sizes?: readonly number[]
  /** Adversaries beside the generic ones. */
  readonly adversaries?: readonly Adversary<AtomicBroadcastInput, Message>[]
  /** Messages that a member that replays only the end of its log may say anew, as they commit it to nothing; none by default. */
  readonly mayVary?: (message: Message) => boolean
  /** Whether the broadcast survives silent members; true by default, false for stubs that wait for everybody. */
  readonly toleratesSilence?: boolean
  /** Told how each run over breaking links ended. */
  readonly onFlakyRun?: (outcome: FlakyOutcome) => void
}

/**
 * Registers one test per law and adversary: agreement, total order without gaps, integrity, size and progress, under fair and
 * unfair schedules, with f Byzantine members, with crashes and a disk that forgets, and over links that lose messages.
 */
export function describeAtomicBroadcast<Message>(
  name: string,
  make: MakeAtomicBroadcast<Message>,
  options: AtomicBroadcastLawOptions<Message>,
): void {
  const { describe, test, toleratesSilence = true, adversaries = [] } = options
  const laws = new Laws(make, options)
  describe(`${name} is an atomic broadcast`, () => {
    test('with nobody Byzantine, all give the same batches in the order of epochs, without a gap', () =>
      laws.hold())
    for (const adversary of toleratesSilence ? [...generic<Message>(), ...adversaries] : []) {
      test(`f × ${adversary.name} changes nothing about that`, () => laws.hold(adversary))
    }
    test('members that crash at any point of a turn come back and contradict nothing they have said', () =>
      laws.surviveCrashes())
    test('links that lose messages, crashes and long absences delay, and change nothing', () =>
      laws.surviveFlakyLinks({ silent: false, lazy: false }))
    test('the same where members propose only when it is wanted', () =>
      laws.surviveFlakyLinks({ silent: false, lazy: true }))
    if (toleratesSilence) {
      test('the same with f silent members', () => laws.surviveFlakyLinks({ silent: true, lazy: false }))
    }
    test('misuse: proposals out of order, too early or over the cap throw a RangeError', () =>
      refusesMisuse(make({ rng: { bit: () => 0 } })))
  })
}

const generic = <Message>(): readonly Adversary<AtomicBroadcastInput, Message>[] => [
  silent(),
  equivocator<AtomicBroadcastInput>({ otherInput }),
  twins<AtomicBroadcastInput>({ otherInput }),
]

/** Another payload for the same epoch. */
function otherInput(input: AtomicBroadcastInput): AtomicBroadcastInput {
  return input.type === 'propose' ? { ...input, payload: Uint8Array.of(...input.payload, 0x2a) } : input
}

const schedules = (n: number): readonly Schedule<unknown, unknown>[] => [
  randomOrder(),
  fifo(),
  lifo(),
  starve(0),
  partition([[0], Array.from({ length: n - 1 }, (_, at) => at + 1)], { healAfter: 200 * n }),
]

type Options<Message> = SimulateOptions<
  AtomicBroadcastParams,
  AtomicBroadcastInput,
  Message,
  AtomicBroadcastOutput
>

/** The runs behind the laws. */
class Laws<Message> {
  readonly #make: MakeAtomicBroadcast<Message>
  readonly #epochs: number
  readonly #seeds: number
  readonly #sizes: readonly number[]
  readonly #slots: (size: Pick<Committee, 'n' | 'f'>) => number
  readonly #mayVary: (message: Message) => boolean
  readonly #onFlakyRun: (outcome: FlakyOutcome) => void

  constructor(
    make: MakeAtomicBroadcast<Message>,
    {
      epochs = 4,
      seeds = 2,
      sizes = [4],
      slots = () => 1,
      mayVary = () => false,
      onFlakyRun = () => {},
    }: AtomicBroadcastLawOptions<Message>,
  ) {
    this.#make = make
    this.#epochs = epochs
    this.#seeds = seeds
    this.#sizes = sizes
    this.#slots = slots
    this.#mayVary = mayVary
    this.#onFlakyRun = onFlakyRun
  }

  hold(adversary?: Adversary<AtomicBroadcastInput, Message>): void {
    for (const n of this.#sizes) {
      const byzantine = adversary === undefined ? {} : lastMembers(n, adversary)
      for (const schedule of schedules(n))
        this.#everySeed(seed => this.#run({ seed, n, schedule, byzantine }))
    }
  }

  surviveCrashes(): void {
    for (const n of this.#sizes) {
      this.#everySeed(seed =>
        this.#run({ seed, n, crashes: crashesOf(n, seed), invariants: [noContradiction()] }),
      )
    }
  }

  surviveFlakyLinks({ silent, lazy }: { readonly silent: boolean; readonly lazy: boolean }): void {
    for (const n of this.#sizes) {
      this.#everySeed(seed => {
        const outcome = flakyRun({
          make: this.#make,
          n,
          seed,
          epochCount: 5 * this.#epochs,
          slots: size => this.#slots({ n: size, f: faultsTolerated(size) }),
          silent: silent ? faultsTolerated(n) : 0,
          lazy,
          mayVary: this.#mayVary,
        })
        this.#onFlakyRun(outcome)
        if (outcome.wrong.length > 0)
          throw new Error(`${outcome.wrong[0]} (flaky links, n=${n} seed=${seed})`)
      })
    }
  }

  #everySeed(law: (seed: number) => void): void {
    for (let seed = 0; seed < this.#seeds; seed += 1) law(seed)
  }

  #run(options: Pick<Options<Message>, 'seed' | 'n'> & Partial<Options<Message>>): void {
    const { violations, trace } = simulate<
      AtomicBroadcastParams,
      AtomicBroadcastInput,
      Message,
      AtomicBroadcastOutput
    >({
      protocol: ({ random }) => this.#make({ rng: random }),
      params: (seen: Committee) => ({
        committee: seen,
        domain: ['conformance', options.seed],
        firstEpoch: epoch(0),
      }),
      encoded: true,
      ...this.#nodes(options.n),
      ...options,
      invariants: [this.#batchLaws(options.n), noFaultsAgainstCorrect(), ...(options.invariants ?? [])],
    })
    const [violation] = violations
    if (violation === undefined) return
    throw new Error(`${violation.invariant}: ${violation.detail}\n${violation.line}\n${trace.join('\n')}`)
  }

  /** What the nodes around the broadcasts do: propose as epochs open, and say whose links are up again. */
  #nodes(n: number): Pick<Options<Message>, 'inputs' | 'onInput' | 'onOutput' | 'onRestart'> {
    const { depth } = this.#make({ rng: { bit: () => 0 } })
    const nodes = Array.from(
      { length: n },
      () => new Proposing({ depth, epochCount: this.#epochs, eager: true }),
    )
    const next = (index: PeerIndex): AtomicBroadcastInput | undefined => {
      const at = nodes[index]?.take()
      return at === undefined ? undefined : nodes[index]?.input(at, payloadOf(index, at))
    }
    const proceed = (index: PeerIndex, give: (input: AtomicBroadcastInput) => void): void => {
      const input = next(index)
      if (input !== undefined) give(input)
    }
    return {
      inputs: next,
      onInput: ({ index, input, give }) => {
        if (input.type !== 'propose') return
        nodes[index]?.given(input.epoch)
        proceed(index, give)
      },
      onOutput: ({ index, output, give }) => {
        if (output.type !== 'batch') return
        nodes[index]?.batch(output)
        proceed(index, give)
      },
      onRestart: ({ index, give }) => {
        for (const other of othersOf(index, n)) {
          give({ type: 'connected', peer: other })
          give({ type: 'connected', peer: index }, other)
        }
      },
    }
  }

  #batchLaws(n: number): Invariant<AtomicBroadcastInput, Message, AtomicBroadcastOutput> {
    const epochCount = this.#epochs
    return {
      name: 'atomic-broadcast',
      begin: state => {
        const slots = this.#slots(state)
        const batches = new Batches({ n, slots, epochCount, isCorrect: index => state.isCorrect(index) })
        return {
          output: (index, output) => (output.type === 'batch' ? batches.output(index, output) : undefined),
          end: () => batches.waiting(state.correct),
        }
      },
    }
  }
}

/**
 * A few crashes of each member, at any point of a turn. Their number is fixed, because every crash makes others repeat
 * messages, hence makes more turns to crash in. `connected` repeats what was lost, so nothing else does.
 */
function crashesOf(n: number, seed: number): CrashOptions {
  const random = seededRandom(`crashes ${n} ${seed}`)
  const points = new Map<string, CrashPoint>()
  for (let member = 0; member < n; member += 1) {
    for (let count = 0; count < CRASHES_PER_MEMBER; count += 1) {
      points.set(`${member} ${random.below(CRASH_TURNS)}`, random.pick(CRASH_POINTS))
    }
  }
  return { plan: (member, turn) => points.get(`${member} ${turn}`), resend: false }
}

const CRASHES_PER_MEMBER = 5
const CRASH_TURNS = 600

const lastMembers = <A>(n: number, adversary: A): Record<number, A> =>
  Object.fromEntries(Array.from({ length: faultsTolerated(n) }, (_, at) => [n - 1 - at, adversary]))

const othersOf = (self: PeerIndex, n: number): PeerIndex[] =>
  committee({ n, self }).peers.filter(other => other !== self)

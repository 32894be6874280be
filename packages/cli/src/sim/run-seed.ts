/**
 * Runs one seed: the atomic broadcast of a preset among n members, from trouble through healing to silence.
 */
import {
  type AtomicBroadcastInput,
  type AtomicBroadcastOutput,
  type AtomicBroadcastParams,
  epochsBounds,
} from '@mc/abc'
import type { BitSource } from '@mc/coin'
import type { Sha256 } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import type { Suite } from '@mc/presets'
import { committee, epoch, type PeerIndex } from '@mc/protocol'
import {
  CRASH_POINTS,
  type CrashOptions,
  type CrashPoint,
  noContradiction,
  noFaultsAgainstCorrect,
  type SimulateOptions,
  seededRandom,
  simulate,
} from '@mc/sim'
import { KEYLESS, type MakeSuite } from '../suites.js'
import { DecisionRounds } from './decision-rounds.js'
import { fastHash } from './fast-hash.js'
import { HealingNetwork } from './healing-network.js'
import { countingEpochs } from './held-epochs.js'
import { Laws } from './laws.js'
import { type Scenario, type SeedSetting, scenarioOf } from './scenario.js'
import { PAYLOAD_BYTES_MAX, Workload } from './workload.js'

/** Every correct member must finish so many more epochs after the network has healed. */
export const EPOCHS_AFTER_HEALING = 3

/** What came of one seed, as plain data. */
export interface SeedOutcome {
  readonly seed: number
  readonly n: number
  /** What this run was, in words. */
  readonly line: string
  readonly violations: readonly { readonly law: string; readonly detail: string }[]
  readonly trace: readonly string[]
  readonly traceHash: string
  readonly injected: Readonly<Record<string, number>>
  readonly deliveries: number
  readonly epochs: number
  readonly catchUps: number
  readonly virtualMs: number
  readonly seconds: number
  /** How many agreements took so many rounds. */
  readonly roundsPerDecision: Readonly<Record<string, number>>
  /** How many batches held so many proposals. */
  readonly proposalsPerBatch: Readonly<Record<string, number>>
}

/** How a seed is run, beside what it is. */
export interface RunSeedOptions {
  /** How many of the last events are told; without it 20, and only if a law was broken. */
  readonly traceLines?: number
  /** The system, in place of the preset of that name: a variant that is not in the list, or one with a planted mistake. */
  readonly make?: MakeSuite
}

/** Runs a seed. The same setting gives the same outcome but for `seconds`. What is thrown breaks the law `runs-through`. */
export function runSeed(
  setting: SeedSetting,
  { traceLines, make = suiteNamed(setting.preset) }: RunSeedOptions = {},
): SeedOutcome {
  const startedAt = performance.now()
  const scenario = scenarioOf(setting)
  const seedRun = new SeedRun(scenario, make)
  const { seed, n } = setting
  const { workload, rounds } = seedRun
  const told = resultOf(scenario, seedRun.options(), traceLines)
  return {
    seed,
    n,
    ...told,
    epochs: workload.furthest,
    catchUps: workload.catchUps,
    seconds: (performance.now() - startedAt) / 1_000,
    roundsPerDecision: rounds.distribution(),
    proposalsPerBatch: workload.proposalsPerBatch,
  }
}

type Result = Pick<
  SeedOutcome,
  'line' | 'violations' | 'trace' | 'traceHash' | 'injected' | 'deliveries' | 'virtualMs'
>

function resultOf(scenario: Scenario, options: Options, traceLines: number | undefined): Result {
  try {
    const run = simulate(traceLines === undefined ? options : { ...options, traceLines })
    const violations = run.violations.map(({ invariant, detail }) => ({ law: invariant, detail }))
    return {
      line: describe(scenario, run.line),
      violations,
      trace: violations.length > 0 || traceLines !== undefined ? run.trace : [],
      traceHash: run.traceHash,
      injected: run.injected,
      deliveries: run.cost.deliveries,
      virtualMs: run.virtualMs,
    }
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const violations = [{ law: 'runs-through', detail }]
    const line = describe(scenario, `seed=${scenario.seed} n=${scenario.n}`)
    return { line, violations, trace: [], traceHash: '', injected: {}, deliveries: 0, virtualMs: 0 }
  }
}

function suiteNamed(name: string): MakeSuite {
  const make = KEYLESS[name]
  if (make === undefined) throw new RangeError(`sim: no preset "${name}"`)
  return make
}

const describe = ({ hash, depth, epochsKept, links, eager, n }: Scenario, line: string): string =>
  [
    line,
    ...(links ? ['loss'] : []),
    `depth=${depth} kept=${epochsKept} hash=${hash}`,
    ...(eager.size < n ? [`eager=${[...eager].join(',')}`] : []),
  ].join(' ')

type Options = SimulateOptions<AtomicBroadcastParams, AtomicBroadcastInput, unknown, AtomicBroadcastOutput>

/** One run, and everything around it. */
class SeedRun {
  readonly workload: Workload
  readonly rounds = new DecisionRounds()
  readonly #scenario: Scenario
  readonly #make: MakeSuite
  readonly #epochs: number
  readonly #network: HealingNetwork
  readonly #laws: Laws
  readonly #sha256: Sha256

  constructor(scenario: Scenario, make: MakeSuite) {
    const { n, seed, hash } = scenario
    this.#scenario = scenario
    this.#make = make
    this.#epochs = scenario.epochs + EPOCHS_AFTER_HEALING
    this.#network = new HealingNetwork(scenario)
    this.#sha256 = hash === 'fast' ? fastHash : nodeCrypto.sha256
    this.workload = new Workload(scenario, this.#epochs, seededRandom(`workload ${seed} ${n}`))
    const { atomicBroadcast, guaranteedSlots } = this.#suite({ bit: () => 0 })
    const { epochsAhead = 0, depth = 1, epochsKept = 0, epochsLinked = 0 } = atomicBroadcast.parameters
    const bounds = epochsBounds({
      epochsAhead: Number(epochsAhead),
      depth: Number(depth),
      epochsKept: Number(epochsKept),
      epochsLinked: Number(epochsLinked),
    })
    this.#laws = new Laws({
      workload: this.workload,
      n,
      slots: guaranteedSlots(scenario),
      epochs: this.#epochs,
      instancesMax: bounds.epochsTaken + bounds.epochsHelped,
    })
  }

  options(): Options {
    const { seed, n, byzantine, encoded, crashes } = this.#scenario
    const { workload } = this
    return {
      seed: `mc sim ${seed} ${n}`,
      n,
      protocol: ({ index, random }) =>
        countingEpochs(this.#suite(random).atomicBroadcast, held => this.#laws.holds(index, held)),
      params: seen => ({ committee: seen, domain: ['mc sim', seed], firstEpoch: epoch(0) }),
      inputs: index => workload.propose(index),
      schedule: this.#network.schedule,
      byzantine,
      encoded,
      round: message => {
        this.rounds.saw(message)
        return undefined
      },
      deliveriesMax: this.#deliveriesMax(),
      ...(crashes ? { crashes: this.#crashOptions(crashes) } : {}),
      invariants: [this.#laws.invariant(), noFaultsAgainstCorrect(), noContradiction()],
      ...this.#hooks(),
    }
  }

  /** Far more than any run that makes progress needs: a run that is cut off here has lost its liveness. */
  #deliveriesMax(): number {
    const { n } = this.#scenario
    return this.#epochs * n ** 3 * 400
  }

  #suite(rng: BitSource): Suite<unknown> {
    const { depth, epochsKept } = this.#scenario
    return this.#make({
      rng,
      sha256: this.#sha256,
      payloadBytesMax: PAYLOAD_BYTES_MAX,
      depth,
      epochsKept,
    })
  }

  #hooks(): Pick<Options, 'onInput' | 'onOutput' | 'onRestart'> {
    const network = this.#network
    const { workload } = this
    return {
      onInput: ({ index, input, give }) => {
        network.give = give
        workload.given(index, input, give)
      },
      onOutput: ({ index, output, correct, give }) => {
        network.give = give
        workload.took(index, output, give)
        if (correct && workload.over(index) >= this.#scenario.epochs) network.heal()
      },
      onRestart: ({ index, give }) => {
        network.reset(index)
        for (const other of this.#others(index)) {
          give({ type: 'connected', peer: other })
          give({ type: 'connected', peer: index }, other)
        }
      },
    }
  }

  #others(index: PeerIndex): readonly PeerIndex[] {
    return committee({ n: this.#scenario.n, self: index }).peers.filter(other => other !== index)
  }

  #crashOptions({
    probability,
    powerCutProbability,
    max,
    resend,
  }: NonNullable<Scenario['crashes']>): CrashOptions {
    const { seed, n } = this.#scenario
    const random = seededRandom(`crashes ${seed} ${n}`)
    const crashes = new Array<number>(n).fill(0)
    const isCut = new Set<number>()
    const crash = (member: number): CrashPoint => {
      isCut.delete(member)
      crashes[member] = (crashes[member] as number) + 1
      return random.pick(CRASH_POINTS)
    }
    const plan = (member: number): CrashPoint | undefined => {
      if (this.#network.healed) return undefined
      if (random.chance(powerCutProbability)) for (let each = 0; each < n; each += 1) isCut.add(each)
      const isDue = isCut.has(member) || random.chance(probability)
      return isDue && (crashes[member] as number) < max ? crash(member) : undefined
    }
    return { plan, resend, downMax: random.pick([5, 20, 200, 2_000]) }
  }
}

/**
 * Runs one cell: all its seeds, one after the other, in this thread.
 */
import { createHash } from 'node:crypto'
import { localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { fingerprint } from '@mc/presets'
import type { Bit } from '@mc/protocol'
import type { AgreementParams, RabaInput } from '@mc/raba'
import { abaLaws, rabaLaws, type Scenario } from '@mc/raba/conformance'
import { brachaRbc, type Rbc } from '@mc/rbc'
import { type Run, type Schedule, type SimulateOptions, simulate } from '@mc/sim'
import { distribution, histogram } from '../run/distribution.js'
import { threadCpuMs } from '../run/thread-clock.js'
import { type Agreement, agreementOf, type Variant, type VariantSetting } from '../variant.js'
import { ADVERSARIES, type LabAdversary } from './adversaries.js'
import type { AbaCell, AbaFigures } from './cell.js'
import { type Cast, castOf, reproposes } from './inputs.js'
import { type Clock, networkSchedule } from './networks.js'
import { observed } from './observed.js'
import { bitIn, roundIn } from './reading.js'
import { countedCoin, type FlipCount, simulatedCoin } from './simulated-coin.js'

/** How a cell is run, beside what it is. */
export interface RunCellOptions {
  /** A run that takes more events is cut off and counted as undecided. */
  readonly deliveriesMax?: number
  /** In place of the network of the cell: for best cases. */
  readonly schedule?: Schedule
  /** The bit that a common coin always gives: for best cases. */
  readonly favour?: Bit
}

/** Beyond this, a run is taken for one that does not end. */
export const DELIVERIES_MAX = 1_000_000

const voteRbc = brachaRbc({ sha256: nodeCrypto.sha256, payloadBytesMax: 1 }) as Rbc<unknown>

/** The figures of a cell. @throws RangeError for an unknown adversary; whatever a broken variant throws where it is made. */
export function runAbaCell(cell: AbaCell, variant: Variant, options: RunCellOptions = {}): AbaFigures {
  const cellRun = new CellRun(cell, variant, options)
  const before = threadCpuMs()
  for (let at = 0; at < cell.seeds; at += 1) cellRun.seed(cell.firstSeed + at)
  return cellRun.figures((threadCpuMs() - before) / cell.seeds)
}

class CellRun {
  readonly #cell: AbaCell
  readonly #variant: Variant
  readonly #options: RunCellOptions
  readonly #adversary: LabAdversary
  readonly #samples = {
    rounds: [],
    steps: [],
    messages: [],
    bytes: [],
    flips: [],
    shares: [],
    decidedMs: [],
  } as Record<'rounds' | 'steps' | 'messages' | 'bytes' | 'flips' | 'shares' | 'decidedMs', number[]>
  readonly #violations = new Map<string, string>()
  readonly #hash = createHash('sha256')
  readonly #definition: Agreement
  #undecided = 0
  #stuck = 0
  #ones = 0

  constructor(cell: AbaCell, variant: Variant, options: RunCellOptions) {
    const adversary = ADVERSARIES[cell.adversary]
    if (adversary === undefined) throw new RangeError(`lab: no adversary "${cell.adversary}"`)
    this.#cell = cell
    this.#variant = variant
    this.#options = options
    this.#adversary = adversary
    this.#definition = agreementOf(variant, this.#setting(0, { flips: 0, shares: 0 }, { bit: () => 0 }))
  }

  seed(seed: number): void {
    const { n, inputs, firstSeed } = this.#cell
    const cast = castOf(seed, n, inputs)
    const counted: FlipCount = { flips: 0, shares: 0 }
    const seen: Seen = { rounds: new Map(), decidedMs: 0, clock: { nowMs: 0 } }
    const run = simulate(this.#simulation(seed, cast, counted, seen))
    this.#keep(run, seen, counted)
    if (seed === firstSeed && run.n !== n) throw new RangeError('lab: another size than asked for')
  }

  figures(cpuMs: number): AbaFigures {
    const { rounds, decidedMs, ...others } = this.#samples
    const { steps, messages, bytes, flips, shares } = others
    return {
      kind: this.#definition.role,
      f: Math.floor((this.#cell.n - 1) / 3),
      fingerprint: fingerprint(this.#definition, nodeCrypto.sha256),
      rounds: distribution(rounds),
      roundsHistogram: histogram(rounds),
      steps: distribution(steps),
      messages: distribution(messages),
      bytes: distribution(bytes),
      flips: distribution(flips),
      shares: distribution(shares),
      ...(decidedMs.length > 0 ? { decidedMs: distribution(decidedMs) } : {}),
      ones: this.#ones,
      undecided: this.#undecided,
      stuck: this.#stuck,
      violations: [...this.#violations.values()],
      traceHash: this.#hash.digest('hex').slice(0, 16),
      cpuMs,
    }
  }

  #simulation(
    seed: number,
    cast: Cast,
    counted: FlipCount,
    seen: Seen,
  ): SimulateOptions<AgreementParams, RabaInput, unknown, Bit> {
    const { n, adversary, network } = this.#cell
    const { roundOf, bitOf = bitIn } = this.#variant
    const isFaulty = this.#adversary.byzantine !== undefined
    const comesBack = this.#definition.role === 'raba' && reproposes(cast, isFaulty)
    return {
      seed: `lab ${seed} ${n} ${adversary}`,
      n,
      protocol: ({ random }) =>
        observed(agreementOf(this.#variant, this.#setting(seed, counted, random)), {
          roundOf: (message, self) => (roundOf === undefined ? roundIn(message, self) : roundOf(message)),
          onDecision: (self, round) => seen.rounds.set(self, round + 1),
        }),
      params: committee => ({ committee, domain: ['lab', seed] }),
      inputs: index => ({ type: 'propose', bit: cast.proposals[index] as Bit }),
      onInput: ({ input, give }) => {
        if (comesBack && input.type === 'propose' && input.bit === 0) give({ type: 'repropose' })
      },
      onOutput: ({ correct }) => {
        if (correct) seen.decidedMs = seen.clock.nowMs
      },
      schedule:
        this.#options.schedule ?? networkSchedule(network, seen.clock, this.#adversary.holds?.(bitOf)),
      byzantine: Object.fromEntries(
        isFaulty ? cast.byzantine.map(index => [index, (this.#adversary.byzantine as () => never)()]) : [],
      ),
      invariants: this.#laws(seed, cast, isFaulty, comesBack),
      deliveriesMax: this.#options.deliveriesMax ?? DELIVERIES_MAX,
      encoded: true,
      traceLines: 1,
    }
  }

  /** All laws but termination, which is a figure here. */
  #laws(seed: number, { n, f, byzantine, proposals }: Cast, isFaulty: boolean, comesBack: boolean) {
    const scenario: Scenario = {
      seed,
      n,
      f,
      pattern: 'random',
      order: 'random',
      reproposals: comesBack ? 'any time' : 'never',
      byzantine: isFaulty ? byzantine : [],
      proposals,
    }
    const laws = this.#definition.role === 'raba' ? rabaLaws : abaLaws
    return laws.filter(({ name }) => name !== 'termination').flatMap(law => law.watch(scenario) ?? [])
  }

  #keep(run: Run<RabaInput, unknown, Bit>, seen: Seen, counted: FlipCount): void {
    this.#hash.update(run.traceHash)
    for (const { invariant, detail, line } of run.violations) {
      if (!this.#violations.has(invariant))
        this.#violations.set(invariant, `${invariant}: ${detail} (${line})`)
    }
    if (run.correct.some(index => run.outputs[index]?.length === 0)) {
      this.#undecided += 1
      if (run.quiescent) this.#stuck += 1
      return
    }
    const samples = this.#samples
    samples.rounds.push(Math.max(...run.correct.map(index => seen.rounds.get(index) ?? 0)))
    samples.steps.push(run.cost.depth)
    samples.messages.push(run.cost.messages)
    samples.bytes.push(run.cost.bytes)
    samples.flips.push(counted.flips)
    samples.shares.push(counted.shares)
    if (seen.clock.nowMs > 0) samples.decidedMs.push(seen.decidedMs)
    if (run.outputs[run.correct[0] as number]?.[0] === 1) this.#ones += 1
  }

  #setting(seed: number, counted: FlipCount, rng: VariantSetting['rng']): VariantSetting {
    return {
      rng,
      localCoin: countedCoin(localCoin({ rng }), counted),
      commonCoin: simulatedCoin(`coin ${seed}`, counted, this.#options.favour),
      voteRbc,
    }
  }
}

interface Seen {
  /** How many rounds each member took. */
  readonly rounds: Map<number, number>
  decidedMs: number
  readonly clock: Clock
}

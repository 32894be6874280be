/**
 * The laws that every agreement must pass, ours or a stranger's: runnable in any test runner.
 *
 * @packageDocumentation
 */
import { type Random, seededRandom } from '@mc/sim'
import type { Aba } from './aba.js'
import { type Adversaries, genericAdversaries } from './conformance/adversaries.js'
import { type AgreementLaw, abaLaws, abaTermination, rabaLaws } from './conformance/laws.js'
import { abaMisuse, type MisuseLaw, rabaMisuse } from './conformance/misuse.js'
import { type AgreementDefinition, requireLaws, runScenario } from './conformance/run-scenario.js'
import { drawScenario, ORDERS, type Order } from './conformance/scenario.js'
import { type BitOf, bitOf } from './conformance/schedules.js'
import type { Raba } from './raba.js'

export { type Adversaries, fickle, genericAdversaries } from './conformance/adversaries.js'
export { type AgreementLaw, abaLaws, abaTermination, rabaLaws } from './conformance/laws.js'
export { abaMisuse, type MisuseLaw, rabaMisuse } from './conformance/misuse.js'
export {
  type AgreementDefinition,
  requireLaws,
  runScenario,
  type ScenarioOptions,
} from './conformance/run-scenario.js'
export {
  describeScenario,
  drawScenario,
  INPUT_PATTERNS,
  mustTerminate,
  ORDERS,
  type Order,
  REPROPOSALS,
  type Scenario,
  type ScenarioSpace,
} from './conformance/scenario.js'
export { type BitOf, bitOf, reproposalsLast, scheduleOf, valueSplit } from './conformance/schedules.js'

/** The two functions of a test runner (those of vitest, node:test, jest or mocha will do), and how much to run. */
export interface ConformanceOptions<Message> {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
  /** Runs per committee size and adversary; 20 by default, a tenth of it for the sizes 8 to 10. */
  readonly seeds?: number
  /** Committee sizes; 4 to 10 by default. */
  readonly sizes?: readonly number[]
  /** Orders of delivery; without a round brake only the fair one, `random`, promises an end. */
  readonly orders?: readonly Order[]
  /** Adversaries that understand the protocol, beside the generic ones. */
  readonly adversaries?: Adversaries<Message>
  /** How schedules read a message; its field `bit` or `value` by default. */
  readonly bitOf?: BitOf<Message>
}

/** Makes a definition for one member; `rng` is that member's own randomness, forked from the seed. */
export type MakeAgreement<Definition> = (setting: { readonly rng: Random }) => Definition

/** Declares the tests that a `Raba` must pass. */
export function describeRaba<Message>(
  name: string,
  make: MakeAgreement<Raba<Message>>,
  options: ConformanceOptions<Message>,
): void {
  describeAgreement(`Raba: ${name}`, make, options, {
    laws: rabaLaws,
    misuse: rabaMisuse,
    reproposable: true,
  })
}

/** Declares the tests that an `Aba` must pass. */
export function describeAba<Message>(
  name: string,
  make: MakeAgreement<Aba<Message>>,
  options: ConformanceOptions<Message>,
): void {
  const laws = [...abaLaws, abaTermination]
  // No situation of an ABA has reproposals, so it is never given one.
  const definition = make as MakeAgreement<AgreementDefinition<Message>>
  describeAgreement(`Aba: ${name}`, definition, options, { laws, misuse: abaMisuse, reproposable: false })
}

interface Suite {
  readonly laws: readonly AgreementLaw[]
  readonly misuse: readonly MisuseLaw[]
  readonly reproposable: boolean
}

function describeAgreement<Message>(
  title: string,
  make: MakeAgreement<AgreementDefinition<Message>>,
  options: ConformanceOptions<Message>,
  { laws, misuse, reproposable }: Suite,
): void {
  const { describe, test, seeds = 20, sizes = [4, 5, 6, 7, 8, 9, 10], orders = ORDERS } = options
  const adversaries = { ...genericAdversaries<Message>(), ...options.adversaries }
  const read = options.bitOf ?? bitOf
  describe(title, () => {
    for (const { statement, check } of misuse) {
      test(statement, () => check(() => make({ rng: seededRandom(statement) })))
    }
    for (const n of sizes) {
      for (const [name, adversary] of Object.entries(adversaries)) {
        test(`n = ${n}, ${name}: ${laws.map(law => law.name).join(', ')}`, () => {
          const count = n > 7 ? Math.ceil(seeds / 10) : seeds
          for (let seed = 0; seed < count; seed += 1) {
            const scenario = drawScenario(seed, n, { reproposable, orders })
            const protocol = ({ random }: { readonly random: Random }) => make({ rng: random })
            const run = runScenario(scenario, { protocol, adversary, laws, bitOf: read })
            requireLaws(scenario, run, laws)
          }
        })
      }
    }
  })
}

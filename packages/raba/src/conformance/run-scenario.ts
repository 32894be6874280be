/**
 * One run under watch.
 */
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import { type Adversary, type NodeSetting, type Run, simulate } from '@mc/sim'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import type { AgreementLaw } from './laws.js'
import { describeScenario, type Scenario } from './scenario.js'
import { type BitOf, scheduleOf } from './schedules.js'

/** An agreement as a simulation takes it: a `Raba`, or an `Aba`, which is never given a reproposal. */
export type AgreementDefinition<Message> = ProtocolDefinition<AgreementParams, RabaInput, Message, Bit>

/** What is run, by whom it is attacked, what is watched. */
export interface ScenarioOptions<Message> {
  readonly protocol: (node: NodeSetting) => AgreementDefinition<Message>
  readonly adversary: () => Adversary<RabaInput, Message>
  readonly laws: readonly AgreementLaw[]
  readonly bitOf: BitOf<Message>
  readonly round?: (message: Message) => number | undefined
}

/** Runs an agreement in a situation; what laws were broken is in `violations`. */
export function runScenario<Message>(
  scenario: Scenario,
  { protocol, adversary, laws, bitOf, round }: ScenarioOptions<Message>,
): Run<RabaInput, Message, Bit> {
  return simulate<AgreementParams, RabaInput, Message, Bit>({
    seed: scenario.seed,
    n: scenario.n,
    protocol,
    params: committee => ({ committee, domain: ['conformance', scenario.seed] }),
    inputs: index => ({ type: 'propose', bit: scenario.proposals[index] as Bit }),
    onInput: ({ input, give }) => {
      if (scenario.reproposals === 'never' || input.type !== 'propose' || input.bit === 1) return
      give({ type: 'repropose' })
    },
    schedule: scheduleOf(scenario, bitOf),
    byzantine: Object.fromEntries(scenario.byzantine.map(index => [index, adversary()])),
    invariants: laws.flatMap(law => law.watch(scenario) ?? []),
    deliveriesMax: DELIVERIES_MAX,
    encoded: true,
    ...(round === undefined ? {} : { round }),
  })
}

/** @throws Error that names the broken law, the situation and the last events, if a law was broken. */
export function requireLaws<Message>(
  scenario: Scenario,
  run: Run<RabaInput, Message, Bit>,
  laws: readonly AgreementLaw[],
): void {
  const [violation] = run.violations
  if (violation === undefined) return
  const law = laws.find(({ watch }) => watch(scenario)?.name === violation.invariant)
  throw new Error(
    [
      `law broken: ${law?.statement ?? violation.invariant}`,
      violation.detail,
      describeScenario(scenario),
      violation.line,
      ...run.trace,
    ].join('\n'),
  )
}

/** A run that has not ended by then is taken for one that does not end. */
const DELIVERIES_MAX = 200_000

/**
 * Which situation a run puts an agreement into; a seed draws it.
 */
import type { Bit } from '@mc/protocol'
import { type Random, seededRandom } from '@mc/sim'

/** Who proposes what. `single 1` and `f + 1 ones` count correct members. */
export const INPUT_PATTERNS = ['all 0', 'all 1', 'random', 'single 1', 'f + 1 ones'] as const

/** How pending messages are ordered. Only `random` is fair: a race that never runs dry never ends under the others. */
export const ORDERS = ['random', 'lifo', 'starve one', 'value split'] as const

/** An order of delivery. */
export type Order = (typeof ORDERS)[number]

/** When members that proposed 0 repropose: never, whenever the network likes, or when nothing else is pending. */
export const REPROPOSALS = ['never', 'any time', 'last'] as const

/** One situation; with the adversary it determines a run. */
export interface Scenario {
  readonly seed: number
  readonly n: number
  readonly f: number
  readonly pattern: (typeof INPUT_PATTERNS)[number]
  readonly order: Order
  readonly reproposals: (typeof REPROPOSALS)[number]
  /** The members that the adversary holds, f of them. */
  readonly byzantine: readonly number[]
  /** What each member proposes, Byzantine ones included. */
  readonly proposals: readonly Bit[]
}

/** Which situations there are. */
export interface ScenarioSpace {
  readonly reproposable: boolean
  /** All of them by default. */
  readonly orders?: readonly Order[]
}

/**
 * Draws the situation of a seed.
 *
 * Members that proposed 0 repropose all or not at all, as the contract of a RABA asks of its caller; with all 0 or all 1 both
 * may happen, and in an ABA (`reproposable: false`) never.
 */
export function drawScenario(
  seed: number,
  n: number,
  { reproposable, orders = ORDERS }: ScenarioSpace,
): Scenario {
  const random = seededRandom(seed).fork('scenario')
  const f = Math.floor((n - 1) / 3)
  const members = random.shuffle(Array.from({ length: n }, (_, index) => index))
  const pattern = random.pick(INPUT_PATTERNS)
  return {
    seed,
    n,
    f,
    pattern,
    order: random.pick(orders),
    reproposals: reproposable ? random.pick(REPROPOSALS) : 'never',
    byzantine: members.slice(0, f),
    proposals: drawProposals(pattern, members, f, random),
  }
}

/** `members` in an order of which the first f are Byzantine. */
function drawProposals(
  pattern: Scenario['pattern'],
  members: readonly number[],
  f: number,
  random: Random,
): readonly Bit[] {
  const ones = { 'all 0': 0, 'all 1': members.length, 'single 1': 1, 'f + 1 ones': f + 1, random: undefined }[
    pattern
  ]
  const proposals = new Array<Bit>(members.length).fill(0)
  members.forEach((member, at) => {
    proposals[member] = ones === undefined ? random.bit() : at >= f && at < f + ones ? 1 : 0
  })
  return proposals
}

/** Whether the situation promises that all correct members decide. */
export function mustTerminate({ proposals, byzantine, reproposals }: Scenario): boolean {
  const correct = proposals.filter((_, index) => !byzantine.includes(index))
  const unanimous = correct.every(bit => bit === correct[0])
  return unanimous || reproposals !== 'never'
}

/** The situation in one line, to be pasted next to a failure. */
export const describeScenario = (scenario: Scenario): string =>
  `seed=${scenario.seed} n=${scenario.n} inputs=${scenario.proposals.join('')} (${scenario.pattern}) ` +
  `byzantine=${scenario.byzantine.join(',')} order=${scenario.order} reproposals=${scenario.reproposals}`

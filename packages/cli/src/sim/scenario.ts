/**
 * What a seed is made into: who is Byzantine and how, what the network does, who loses power, and how the system is set up.
 */
import type { AtomicBroadcastInput } from '@mc/abc'
import { faultsTolerated } from '@mc/protocol'
import {
  type Adversary,
  equivocator,
  garbler,
  latecomer,
  mutator,
  type Random,
  replayer,
  type Schedule,
  seededRandom,
  silent,
  twins,
  withholder,
} from '@mc/sim'
import { liar } from './liar.js'
import { drawPartition, drawSchedule } from './schedules.js'

/** What can be injected. */
export const FAULT_KINDS = [
  'byzantine',
  'withhold',
  'garbage',
  'crash',
  'partition',
  'loss',
  'schedule',
] as const

/** One kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number]

/** What one seed shall run. */
export interface SeedSetting {
  readonly preset: string
  readonly seed: number
  readonly n: number
  /** Epochs under faults; three more follow after healing. */
  readonly epochs: number
  readonly faults: readonly FaultKind[]
}

/** Crashes of correct members, until the network heals. */
export interface CrashPlan {
  /** Chance per turn of a member. */
  readonly probability: number
  /** Chance per turn that all correct members crash, each in its next turn. */
  readonly powerCutProbability: number
  /** Random crashes per member at most. */
  readonly max: number
  readonly resend: boolean
}

/** Links that break and lose what is on its way, until the network heals. */
export interface LinkPlan {
  /** Chance per event that some link breaks. */
  readonly probability: number
  /** It is up again after so many events at most. */
  readonly eventsMax: number
}

/** One run, as a seed determines it. */
export interface Scenario extends SeedSetting {
  readonly f: number
  readonly hash: 'sha-256' | 'fast'
  /** Messages travel as bytes. */
  readonly encoded: boolean
  readonly depth: number
  readonly epochsKept: number
  /** Headers of proposals have up to so many bytes. */
  readonly headerBytesMax: number
  /** Members that propose without being asked; among them a correct one. */
  readonly eager: ReadonlySet<number>
  readonly schedule: Schedule
  readonly byzantine: Readonly<Record<number, Adversary<AtomicBroadcastInput, unknown>>>
  readonly crashes: CrashPlan | undefined
  readonly links: LinkPlan | undefined
}

/** Draws the run of a seed. The same setting gives the same run. */
export function scenarioOf(setting: SeedSetting): Scenario {
  const { preset, seed, n, epochs, faults } = setting
  const random = seededRandom(`mc sim ${preset} n=${n} epochs=${epochs} ${faults.join(',')} seed=${seed}`)
  const draws = (kind: FaultKind, percent: number): boolean =>
    random.fork(`whether ${kind}`).chance(percent / 100) && faults.includes(kind)
  const byzantine = castOf(setting, random.fork('byzantine'))
  const isGarbling = Object.values(byzantine).some(({ name }) => name === 'garbler')
  const turns = turnsPerMember(n, epochs)
  const crashing = random.fork('crashes')
  return {
    ...setting,
    f: faultsTolerated(n),
    hash: random.fork('hash').chance(REAL_HASH_SHARE) ? 'sha-256' : 'fast',
    encoded: isGarbling || random.fork('encoded').chance(0.3),
    depth: random.fork('depth').pick([1, 1, 2, 3]),
    epochsKept: random.fork('kept').pick([1, 1, 2]),
    headerBytesMax: random.fork('header').pick([0, 32, 32, 32, 4096]),
    eager: eagerOf(n, Object.keys(byzantine).map(Number), random.fork('eager')),
    schedule: draws('partition', 30)
      ? drawPartition(n, random.fork('schedule'))
      : drawSchedule(n, random.fork('schedule'), faults.includes('schedule')),
    byzantine,
    crashes: draws('crash', 70)
      ? {
          probability: crashing.pick([0.5, 1, 2]) / turns,
          powerCutProbability: crashing.pick([0, 0.5, 1]) / (turns * n),
          max: 3,
          resend: crashing.bit() === 1,
        }
      : undefined,
    links: draws('loss', 50)
      ? { probability: crashing.pick([2, 8, 20]) / (turns * n), eventsMax: crashing.pick([20, 200, 2_000]) }
      : undefined,
  }
}

const REAL_HASH_SHARE = 0.05

/** About how many messages one member takes in; the chances of rare events are given per run, and divided by this. */
const turnsPerMember = (n: number, epochs: number): number => epochs * 7 * n * n

function castOf(
  { n, faults }: SeedSetting,
  random: Random,
): Record<number, Adversary<AtomicBroadcastInput, unknown>> {
  const peers = Array.from({ length: n }, (_, index) => index)
  const deeds: (() => Adversary<AtomicBroadcastInput, unknown>)[] = []
  if (faults.includes('byzantine')) {
    deeds.push(
      silent,
      () => equivocator<AtomicBroadcastInput>({ otherInput }),
      () => twins<AtomicBroadcastInput>({ otherInput }),
      () => latecomer({ after: random.pick([100, 1_000, Infinity]) }),
      () => replayer({ probability: 0.1 }),
      () => liar({ probability: random.pick([0.1, 0.5, 1]) }),
      () => mutator({ probability: random.pick([0.02, 0.5]) }),
    )
  }
  if (faults.includes('withhold'))
    deeds.push(() => withholder(random.shuffle(peers).slice(0, 1 + random.below(n))))
  if (faults.includes('garbage')) deeds.push(() => garbler({ probability: random.pick([0.02, 0.5]) }))
  if (deeds.length === 0) return {}
  const count = random.below(4) === 0 ? random.below(faultsTolerated(n) + 1) : faultsTolerated(n)
  return Object.fromEntries(
    random
      .shuffle(peers)
      .slice(0, count)
      .map(index => [index, random.pick(deeds)()]),
  )
}

/** Another payload for the same epoch; whatever else a node says stays as it is. */
const otherInput = (input: AtomicBroadcastInput): AtomicBroadcastInput =>
  input.type === 'propose' ? { ...input, payload: Uint8Array.of(...input.payload, 0x2a) } : input

function eagerOf(n: number, byzantine: readonly number[], random: Random): ReadonlySet<number> {
  const peers = Array.from({ length: n }, (_, index) => index)
  if (random.below(4) > 0) return new Set(peers)
  const correct = random.shuffle(peers.filter(index => !byzantine.includes(index)))
  return new Set([...correct.slice(0, 1), ...peers.filter(() => random.below(4) === 0)])
}

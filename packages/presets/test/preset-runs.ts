/**
 * Whole systems in a network that a seed determines: members propose for one epoch after the other, and their batches are compared.
 */
import type { AtomicBroadcastInput, AtomicBroadcastOutput, AtomicBroadcastParams } from '@mc/abc'
import type { Suite } from '@mc/presets'
import { epoch, faultsTolerated, peer } from '@mc/protocol'
import { hex, utf8 } from '@mc/protocol/wire'
import { type Adversary, noFaultsAgainstCorrect, type Random, type SimulateOptions, simulate } from '@mc/sim'

/** Makes the system of one member. */
export type MakeSuite = (member: {
  readonly rng: Random
  readonly index: number
  readonly n: number
}) => Suite<unknown>

type Options = SimulateOptions<AtomicBroadcastParams, AtomicBroadcastInput, unknown, AtomicBroadcastOutput>

/** What one run is made of. */
export interface PresetRun extends Partial<Pick<Options, 'schedule' | 'crashes'>> {
  readonly n: number
  readonly seed: number
  readonly epochs: number
  /** What the last f members are; correct by default. */
  readonly adversary?: Adversary<AtomicBroadcastInput, unknown>
  /** What a member proposes for an epoch; a text that names both by default. */
  readonly payloadOf?: (index: number, epoch: number) => Uint8Array
}

/** What came out: the batches of each correct member as text, epoch by epoch, and what broke a law. */
export interface PresetOutcome {
  readonly batches: readonly (readonly string[])[]
  /** What the first correct member delivered behind its batches, as `epoch/proposer`. */
  readonly linked: readonly string[]
  /** How many proposals the smallest batch holds. */
  readonly slots: number
  readonly violations: readonly string[]
}

export function runPreset(
  make: MakeSuite,
  { n, seed, epochs, adversary, payloadOf = (index, at) => utf8(`${index}/${at}`), ...options }: PresetRun,
): PresetOutcome {
  const f = faultsTolerated(n)
  const correct = Array.from({ length: adversary === undefined ? n : n - f }, (_, at) => at)
  const propose = (index: number, at: number, seen?: Uint8Array): AtomicBroadcastInput | undefined => {
    if (at >= epochs) return undefined
    return {
      type: 'propose',
      epoch: epoch(at),
      payload: payloadOf(index, at),
      ...(seen !== undefined && { seen }),
    }
  }
  const { outputs, violations } = simulate<
    AtomicBroadcastParams,
    AtomicBroadcastInput,
    unknown,
    AtomicBroadcastOutput
  >({
    seed,
    n,
    protocol: ({ random, index }) => make({ rng: random, index, n }).atomicBroadcast,
    params: committee => ({ committee, domain: ['preset', seed], firstEpoch: epoch(0) }),
    encoded: true,
    inputs: index => propose(index, 0),
    onOutput: ({ index, output, give }) => {
      if (output.type !== 'batch') return
      const next = propose(index, output.epoch + 1, output.seen)
      if (next !== undefined) give(next)
    },
    onRestart: ({ index, give }) => {
      for (let other = 0; other < n; other += 1) {
        if (other === index) continue
        give({ type: 'connected', peer: peer(other) })
        give({ type: 'connected', peer: index }, other)
      }
    },
    byzantine: Object.fromEntries(
      adversary === undefined ? [] : Array.from({ length: f }, (_, at) => [n - 1 - at, adversary] as const),
    ),
    invariants: [noFaultsAgainstCorrect()],
    ...options,
  })
  const batchesOf = (index: number) =>
    (outputs[index] ?? []).flatMap(output => (output.type === 'batch' ? [output] : []))
  const [first = 0] = correct
  return {
    batches: correct.map(index => batchesOf(index).map(textOf)),
    linked: batchesOf(first).flatMap(({ linked = [] }) =>
      linked.map(({ epoch: made, proposer }) => `${made}/${proposer}`),
    ),
    slots: Math.min(...correct.flatMap(index => batchesOf(index).map(({ proposals }) => proposals.size))),
    violations: violations.map(({ invariant, detail, line }) => `${invariant}: ${detail} (${line})`),
  }
}

const textOf = ({ proposals, linked = [] }: Batch): string =>
  [
    ...[...proposals].map(([proposer, payload]) => `${proposer}:${hex(payload)}`),
    ...linked.map(({ epoch: made, proposer, payload }) => `${made}/${proposer}:${hex(payload)}`),
  ].join(' ')

type Batch = Extract<AtomicBroadcastOutput, { readonly type: 'batch' }>

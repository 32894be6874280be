import type { AtomicBroadcastInput } from '@mc/abc'
import { PRESETS } from '@mc/presets'
import { faultsTolerated } from '@mc/protocol'
import { type Adversary, CRASH_POINTS, equivocator, seededRandom, silent } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { everyPreset, makerOf } from './every-preset.js'
import { type PresetRun, runPreset } from './preset-runs.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 1)

/** A pairing takes as long as a hundred of everything else: fewer of them, unless more are asked for. */
const isSlow = (name: string): boolean => name === 'honey-badger' && seeds === 1

const slotsOf = (name: string, n: number): number => {
  const f = faultsTolerated(n)
  return PRESETS.find(preset => preset.name === name)?.slots === 'n − f' ? n - f : Math.min(n - f, f + 2)
}

/** Another payload for the same epoch. */
const otherInput = (input: AtomicBroadcastInput): AtomicBroadcastInput =>
  input.type === 'propose' ? { ...input, payload: Uint8Array.of(...input.payload, 0x2a) } : input

const adversaries: readonly Adversary<AtomicBroadcastInput, unknown>[] = [
  silent(),
  equivocator<AtomicBroadcastInput>({ otherInput }),
]

/** A crash of each member, at any point of an early turn. */
function crashes(seed: number): NonNullable<PresetRun['crashes']> {
  const random = seededRandom(`crashes ${seed}`)
  const turns = Array.from({ length: 4 }, () => random.below(60))
  return {
    plan: (member, turn) => (turns[member] === turn ? random.pick(CRASH_POINTS) : undefined),
    resend: false,
  }
}

describe.each(everyPreset())('%s', name => {
  const sizes = isSlow(name) ? [4] : [4, 7]
  const epochs = isSlow(name) ? 1 : 2
  const agree = (run: Omit<PresetRun, 'seed' | 'epochs'>): void => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const { batches, slots, violations } = runPreset(makerOf(name), { ...run, seed, epochs })
      expect(violations).toEqual([])
      expect(batches[0]).toHaveLength(epochs)
      for (const other of batches) expect(other).toEqual(batches[0])
      expect(slots).toBeGreaterThanOrEqual(slotsOf(name, run.n))
    }
  }

  test.each(sizes)('%i members agree on every batch', n => agree({ n }))

  for (const adversary of adversaries) {
    test.each(sizes)(`with f × ${adversary.name}, %i members agree on every batch`, n =>
      agree({ n, adversary }),
    )
  }

  test('members that crash come back and agree on every batch', () => {
    for (let seed = 0; seed < seeds; seed += 1) agree({ n: 4, crashes: crashes(seed) })
  })
})

import type { Committee, ProtocolDefinition } from '@mc/protocol'
import { u8 } from '@mc/protocol/wire'
import {
  agreement,
  CRASH_POINTS,
  type CrashOptions,
  forSeeds,
  integrity,
  noContradiction,
  noFaultsAgainstCorrect,
  type Random,
  type SimulatedDisk,
  simulate,
  simulatedDisk,
  termination,
} from '@mc/sim'
import { expect, test } from 'vitest'
import { brachaToy } from './echo-broadcast.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 100)

const broadcast = (seed: number, crashes: CrashOptions) =>
  simulate({
    seed,
    n: 4,
    protocol: () => brachaToy(),
    inputs: index => (index === 0 ? 7 : undefined),
    crashes,
    invariants: [agreement(), integrity(), termination(), noContradiction(), noFaultsAgainstCorrect()],
  })

/** Each member tells all others a coin that it flips when it is first asked, and outputs what it hears. */
const flips = (
  random: Random,
): ProtocolDefinition<{ readonly committee: Committee }, 'flip', number, number> => ({
  name: 'toy/flips',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => u8(),
  create: (_, effects) => {
    let flipped = false
    return {
      handleInput() {
        if (!flipped) effects.broadcast(random.fork('coin').below(200))
        flipped = true
      },
      handleMessage: (_, value) => effects.output(value),
    }
  },
})

/** A disk that says it has synced and has not. */
function lyingDisk(random: Random): SimulatedDisk {
  const disk = simulatedDisk(random)
  return {
    append: bytes => disk.append(bytes),
    sync: () => {},
    read: () => disk.read(),
    truncate: length => disk.truncate(length),
    crash: () => disk.crash(),
  }
}

test('with append before sync before send, a sound protocol keeps its laws through crashes', () => {
  const report = forSeeds({ seeds }, seed => broadcast(seed, { probability: 0.2 }))
  for (const point of CRASH_POINTS) expect(report.injected[`crash-${point}`]).toBeGreaterThan(0)
  for (const kind of ['restart', 'resent', 'write-torn', 'write-lost', 'write-garbled']) {
    expect(report.injected[kind]).toBeGreaterThan(0)
  }
})

test('and through power cuts of all at once', () => {
  const report = forSeeds({ seeds }, seed => broadcast(seed, { powerCutProbability: 0.1 }))
  expect(report.injected['crash-power-cut']).toBeGreaterThan(seeds)
})

test.each(CRASH_POINTS)('a planned crash %s strikes where it is told to and costs nothing', point => {
  const run = broadcast(1, { plan: (member, turn) => (member === 2 && turn === 1 ? point : undefined) })
  expect(run.violations).toEqual([])
  expect(run.injected[`crash-${point}`]).toBe(1)
})

test('a disk that does not sync is caught: the member forgets what it has sent', () => {
  expect(() => forSeeds({ seeds }, seed => broadcast(seed, { probability: 0.2, disk: lyingDisk }))).toThrow(
    /^seed=\d+ n=4 f=1 protocol=toy\/bracha schedule=random crashes\nno-contradiction: member \d re-created \d+ of the \d+ messages it had sent/,
  )
})

test('a draw belongs to the log: a restarted member does not flip its coin again', () => {
  const run = (seed: number, disk?: CrashOptions['disk']) =>
    simulate({
      seed,
      n: 4,
      protocol: ({ random }) => flips(random),
      inputs: () => 'flip' as const,
      crashes: disk ? { probability: 0.3, disk } : { probability: 0.3 },
      onRestart: ({ give }) => give('flip'),
      invariants: [noContradiction({ identity: () => 'coin' })],
    })
  forSeeds({ seeds }, seed => run(seed))
  expect(() => forSeeds({ seeds }, seed => run(seed, lyingDisk))).toThrow(
    /member \d says [0-9a-f]+ as coin, earlier/,
  )
})

test('without resend only what had not left before is sent', () => {
  const report = forSeeds({ seeds }, seed => broadcast(seed, { probability: 0.2, resend: false }))
  expect(report.injected['resent']).toBeUndefined()
})

test('onRestart gives a member its inputs for coming back', () => {
  let restarts = 0
  const run = simulate({
    seed: 3,
    n: 4,
    protocol: ({ random }) => flips(random),
    inputs: () => 'flip' as const,
    crashes: { plan: (member, turn) => (member === 1 && turn === 2 ? 'after-send' : undefined) },
    onRestart: ({ index, give }) => {
      expect(index).toBe(1)
      restarts += 1
      give('flip')
    },
  })
  expect(restarts).toBe(1)
  expect(run.inputs[1]).toEqual(['flip', 'flip'])
})

test('an input that survived the crash in the log is not given a second time', () => {
  const once = (): ProtocolDefinition<{ readonly committee: Committee }, number, number, number> => ({
    name: 'toy/once',
    wireVersion: 1,
    parameters: {},
    parts: {},
    codec: () => u8(),
    create: (_, effects) => {
      let given = false
      return {
        handleInput(value) {
          if (given) throw new RangeError('toy: a second input')
          given = true
          effects.output(value)
        },
        handleMessage: () => {},
      }
    },
  })
  forSeeds({ seeds }, seed =>
    simulate({
      seed,
      n: 4,
      protocol: once,
      inputs: index => index,
      crashes: { plan: (_, turn) => (turn === 0 ? 'before-sync' : undefined) },
      invariants: [integrity(), termination()],
    }),
  )
})

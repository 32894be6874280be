import { type Committee, type ProtocolDefinition, peer } from '@mc/protocol'
import { u8 } from '@mc/protocol/wire'
import {
  type Adversary,
  agreement,
  equivocator,
  forSeeds,
  garbler,
  grafted,
  integrity,
  latecomer,
  mutated,
  mutator,
  noFaultsAgainstCorrect,
  otherValue,
  replayer,
  seededRandom,
  silent,
  simulate,
  termination,
  totality,
  twins,
  withholder,
} from '@mc/sim'
import { expect, test } from 'vitest'
import { brachaToy } from './echo-broadcast.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 50)

const cast = (byzantine: Record<number, Adversary>) => (seed: number) =>
  simulate({
    seed,
    n: 7,
    protocol: () => brachaToy(),
    inputs: index => (index === 0 ? 7 : undefined),
    byzantine,
    encoded: true,
    invariants: [agreement(), integrity(), totality(), noFaultsAgainstCorrect()],
  })

test.each([
  ['equivocation', equivocator()],
  ['equivocation', twins()],
  ['replayed', replayer()],
  ['garbled', garbler()],
  ['mutated', mutator()],
  ['withheld', withholder([1, 2])],
  ['slept', latecomer()],
] as const)('a sound broadcast withstands %s, and the deed is counted', (kind, adversary) => {
  const report = forSeeds({ seeds }, cast({ 0: adversary, 4: adversary }))
  expect(report.injected[kind]).toBeGreaterThan(0)
})

test('a correct proposer is heard whatever the others do', () => {
  forSeeds({ seeds }, seed => {
    const run = cast({ 3: mutator(), 4: garbler() })(seed)
    expect(run.correct.map(index => run.outputs[index])).toEqual([[7], [7], [7], [7], [7]])
    return run
  })
})

test('a garbler is blamed for bytes that do not decode', () => {
  const run = cast({ 4: garbler({ probability: 1 }) })(1)
  expect(run.faults.every(fault => fault.peer === 4)).toBe(true)
  expect(run.faults.some(fault => fault.rule === 'wire/undecodable')).toBe(true)
})

test('at most f members are Byzantine unless the run says that it is unsafe', () => {
  const options = {
    seed: 1,
    n: 4,
    protocol: () => brachaToy(),
    inputs: () => undefined,
    byzantine: { 1: silent(), 2: silent() },
  }
  expect(() => simulate(options)).toThrow('need at most f=1 Byzantine members, got 2')
  expect(simulate({ ...options, unsafe: true }).quiescent).toBe(true)
})

test('a puppet sees what others send and speaks for itself only', () => {
  const seen = new Set<number>()
  const run = simulate({
    seed: 1,
    n: 4,
    protocol: () => brachaToy(),
    inputs: index => (index === 0 ? 7 : undefined),
    byzantine: {
      3: (cue, world) => {
        if (cue.type !== 'sent') return
        seen.add(cue.event.from)
        expect([...world.pending()].length).toBeGreaterThan(0)
        world.send(peer(1), { type: 'echo', value: 9 })
      },
    },
    invariants: [agreement(), termination(), noFaultsAgainstCorrect()],
  })
  expect(run.violations).toEqual([])
  expect([...seen].sort()).toEqual([0, 1, 2])
})

test('what the codec cannot carry is not sent', () => {
  const run = simulate({
    seed: 1,
    n: 4,
    protocol: () => brachaToy(),
    inputs: () => undefined,
    byzantine: { 3: (cue, world) => cue.type === 'idle' && world.send('all', { type: 'echo', value: 999 }) },
  })
  expect(run.injected).toEqual({ unencodable: 1 })
})

test('an exception of a correct member is a violation, that of a copy in bad hands is not', () => {
  const touchy = (): ProtocolDefinition<{ readonly committee: Committee }, number, number, number> => ({
    name: 'toy/touchy',
    wireVersion: 1,
    parameters: {},
    parts: {},
    codec: () => u8(),
    create: ({ committee: { self } }, effects) => ({
      handleInput: value => effects.broadcast(value),
      handleMessage(from) {
        if (from !== self) throw new Error('cannot take it')
      },
    }),
  })
  const run = simulate({
    seed: 1,
    n: 4,
    protocol: touchy,
    inputs: () => 1,
    byzantine: { 3: twins() },
  })
  expect(run.violations).toMatchObject([{ invariant: 'handlers-are-total' }])
  const alone = simulate({
    seed: 1,
    n: 4,
    f: 1,
    protocol: touchy,
    inputs: () => 1,
    byzantine: { 0: silent(), 1: silent(), 2: silent(), 3: twins() },
    unsafe: true,
  })
  expect(alone.violations).toEqual([])
})

test('lies stay near the truth', () => {
  const message = { type: 'aux', round: 4, bit: 1, digest: Uint8Array.of(1, 2), list: [3] }
  const random = seededRandom(1)
  for (let lie = 0; lie < 100; lie += 1) {
    const { type, round } = mutated(message, random)
    expect(type).toBe('aux')
    expect([3, 4, 5]).toContain(round)
  }
  expect(message.digest).toEqual(Uint8Array.of(1, 2))
  expect(otherValue({ type: 'propose', bit: 0 })).toEqual({ type: 'propose', bit: 1 })
  expect(otherValue({ epoch: 3, payload: Uint8Array.of(8) })).toEqual({ epoch: 3, payload: Uint8Array.of(9) })
  expect(grafted({ round: 1 }, { round: 9 }, random)).toEqual({ round: 9 })
})

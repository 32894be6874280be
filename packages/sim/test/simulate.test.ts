import {
  agreement,
  equivocator,
  fifo,
  integrity,
  lifo,
  noFaultsAgainstCorrect,
  randomOrder,
  scriptedNetwork,
  silent,
  simulate,
  starve,
  termination,
  totality,
} from '@mc/sim'
import { expect, test } from 'vitest'
import { brachaToy, naiveToy } from './echo-broadcast.js'

const seeds = Array.from({ length: Number(process.env['MC_SEEDS'] ?? 100) }, (_, seed) => seed)

test.each([randomOrder(), fifo(), lifo(), starve(2)])(
  'a sound broadcast keeps its laws under $name',
  schedule => {
    for (const seed of seeds) {
      const run = simulate({
        seed,
        n: 4,
        protocol: () => brachaToy(),
        inputs: index => (index === 0 ? 7 : undefined),
        schedule,
        byzantine: { 3: silent() },
        invariants: [agreement(), integrity(), termination(), totality(), noFaultsAgainstCorrect()],
      })
      expect(run.violations).toEqual([])
      expect(run.outputs).toEqual([[7], [7], [7], []])
      expect(run.quiescent).toBe(true)
    }
  },
)

test('an equivocator splits a naive broadcast, and the violation names the seed', () => {
  const run = simulate({
    seed: 1,
    n: 4,
    protocol: () => naiveToy(),
    inputs: index => (index === 0 ? 7 : undefined),
    byzantine: { 0: equivocator({ otherInput: (value: number) => value + 1 }) },
    invariants: [agreement()],
  })
  expect(run.violations[0]).toMatchObject({
    invariant: 'agreement',
    line: 'seed=1 n=4 f=1 protocol=toy/naive schedule=random byz=0:equivocator',
  })
})

test('the same equivocator gains nothing against a sound broadcast', () => {
  for (const seed of seeds) {
    const run = simulate({
      seed,
      n: 4,
      protocol: () => brachaToy(),
      inputs: index => (index === 0 ? 7 : undefined),
      byzantine: { 0: equivocator() },
      schedule: event => (event.type === 'message' && event.message.type === 'ready' ? 1 : 0),
      encoded: true,
      invariants: [agreement(), integrity(), totality(), noFaultsAgainstCorrect()],
    })
    expect(run.violations).toEqual([])
  }
})

test('a script delivers message by message', () => {
  const network = scriptedNetwork({ n: 4, protocol: () => brachaToy(), byzantine: [3] })
  network.input(0, 9)
  expect(network.pending({ to: 1 }).map(({ message }) => message.type)).toEqual(['send', 'echo'])
  network.deliver({ to: 1, where: message => message.type === 'send' })
  network.inject(3, 1, { type: 'echo', value: 9 })
  expect(network.deliver({ to: 1 })).toBe(2)
  network.deliverAll()
  expect([0, 1, 2].map(index => network.outputs(index))).toEqual([[9], [9], [9]])
})

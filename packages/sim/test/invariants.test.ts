import type { Committee, ProtocolDefinition } from '@mc/protocol'
import { u8 } from '@mc/protocol/wire'
import {
  agreement,
  always,
  bounded,
  eventually,
  forSeeds,
  type Invariant,
  integrity,
  noFaultsAgainstCorrect,
  sameValue,
  simulate,
  termination,
  totality,
  validity,
} from '@mc/sim'
import { expect, test } from 'vitest'

/** Tells everybody a number; whoever hears numbers outputs what `hears` makes of them, and blames on 13. */
const gossip = (
  hears: (value: number, self: number) => readonly number[],
): ProtocolDefinition<{ readonly committee: Committee }, number, number, number> => ({
  name: 'toy/gossip',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => u8(),
  create: ({ committee: { self } }, effects) => ({
    handleInput: value => effects.broadcast(value),
    handleMessage(from, value) {
      if (value === 13) effects.fault({ rule: 'toy/unlucky', peer: from })
      for (const output of hears(value, self)) effects.output(output)
    },
  }),
})

const run = (
  hears: (value: number, self: number) => readonly number[],
  invariant: Invariant<number, number, number>,
  input = 1,
) =>
  simulate({
    seed: 0,
    n: 4,
    protocol: () => gossip(hears),
    inputs: index => (index === 0 ? input : undefined),
    invariants: [invariant],
  }).violations.map(({ detail }) => detail)

const same = (value: number): readonly number[] => [value]

test.each<[string, Invariant<number, number, number>, (value: number, self: number) => readonly number[]]>([
  ['agreement', agreement(), (_, self) => [self]],
  ['integrity', integrity(), value => [value, value]],
  ['validity', validity(output => output === 1), () => [2]],
  ['termination', termination(), (value, self) => (self === 2 ? [] : [value])],
  ['totality', totality(), (value, self) => (self === 2 ? [] : [value])],
  ['always', always('fewer than three', state => state.outputs.flat().length < 3), same],
  ['eventually', eventually('five outputs', state => state.outputs.flat().length === 5), same],
  ['bounded', bounded({ messages: 2 }), same],
])('%s finds what breaks it', (_, invariant, hears) => {
  expect(run(hears, invariant)).toHaveLength(1)
})

test.each([
  agreement(),
  integrity(),
  validity(output => output === 1),
  termination(),
  totality(),
  bounded({ messages: 3, deliveries: 3, depth: 1 }),
  noFaultsAgainstCorrect(),
])('$name is content with what keeps it', invariant => {
  expect(run(same, invariant)).toEqual([])
})

test('no-faults-against-correct names who blames whom', () => {
  expect(run(same, noFaultsAgainstCorrect(), 13)[0]).toMatch(/^member \d blames member 0 of toy\/unlucky/)
})

test('forSeeds stops at the first violation with the line to paste and the last events', () => {
  const seeds: number[] = []
  const search = () =>
    forSeeds({ seeds: 50, from: 7 }, seed => {
      seeds.push(seed)
      return simulate({
        seed,
        n: 4,
        protocol: () => gossip((_, self) => [self]),
        inputs: index => (index === 0 ? 1 : undefined),
        invariants: [agreement()],
      })
    })
  expect(search).toThrow(
    /^seed=7 n=4 f=1 protocol=toy\/gossip schedule=random\nagreement: output 0: member \d gave \d, member \d gave \d\nlast events:\n {2}#0 input at 0: 1/,
  )
  expect(seeds).toEqual([7])
})

test('values are compared by content', () => {
  const value = () => ({
    map: new Map([[1, Uint8Array.of(1)]]),
    list: [1, 'a', undefined],
    set: new Set([1]),
  })
  expect(sameValue(value(), value())).toBe(true)
  expect(sameValue(value(), { ...value(), list: [1, 'b', undefined] })).toBe(false)
  expect(sameValue(new Map([[1, 1]]), new Set([[1, 1]]))).toBe(false)
  expect(sameValue(Uint8Array.of(1), Uint8Array.of(2))).toBe(false)
  expect(sameValue([1], { 0: 1 })).toBe(false)
})

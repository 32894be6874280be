import { VoteSet } from '@mc/protocol'
import { scriptedNetwork } from '@mc/sim'
import { expect, test } from 'vitest'
import { brachaToy } from './echo-broadcast.js'

const network = () => scriptedNetwork({ n: 4, protocol: () => brachaToy(), byzantine: [3] })

test('what a step sends is pending, one per recipient, and nothing moves by itself', () => {
  const net = network()
  net.input(0, 9)
  expect(net.pending({ from: 0, to: 1 }).map(({ message }) => message.type)).toEqual(['send', 'echo'])
  expect(net.pending()).toHaveLength(6)
  expect(net.outputs(1)).toEqual([])
})

test('a script chooses which messages arrive, and in which order', () => {
  const net = network()
  net.input(0, 9)
  expect(net.deliver({ to: [1, 2] }, ({ to }) => -to)).toBe(4)
  const echoes = net.pending(({ message, from }) => message.type === 'echo' && from !== 0)
  expect(echoes.map(({ from }) => from)).toEqual([2, 2, 2, 1, 1, 1])
})

test('one pending delivery is delivered once', () => {
  const net = network()
  net.input(0, 9)
  const [first] = net.pending()
  expect(first && net.deliver(first)).toBe(1)
  expect(() => first && net.deliver(first)).toThrow('#0 is not pending')
})

test('a free run delivers until nothing is pending', () => {
  const net = network()
  net.input(0, 9)
  expect(net.deliverAll({ to: [0, 1, 2] })).toBeGreaterThan(10)
  expect(net.correct.map(index => net.outputs(index))).toEqual([[9], [9], [9]])
  expect(net.pending().every(({ to }) => to === 3)).toBe(true)
  expect(() => network().deliverAll(undefined, { max: 0 })).not.toThrow()
})

test('a free run has an end', () => {
  const net = network()
  net.input(0, 9)
  expect(() => net.deliverAll(undefined, { max: 3 })).toThrow('not quiet after')
})

test('a script speaks for Byzantine members only', () => {
  const net = network()
  net.inject(3, 1, { type: 'send', value: 1 })
  net.deliverAll()
  expect(net.faults).toEqual([{ rule: 'toy/not-the-proposer', peer: 3, by: 1, count: 1 }])
  expect(net.inject(3, 'all', { type: 'echo', value: 1 })).toHaveLength(3)
  expect(() => net.inject(2, 1, { type: 'echo', value: 1 })).toThrow(RangeError)
  expect(() => net.input(3, 1)).toThrow('member 3 is not a correct one')
})

test('the protocol object is at hand for a debug view', () => {
  const net = network()
  net.input(0, 9)
  const { echoes } = net.instance(0) as unknown as { readonly echoes: VoteSet<number> }
  expect(echoes).toBeInstanceOf(VoteSet)
  expect(echoes.count(9)).toBe(1)
})

test('drop makes a network that loses messages, for what-if scripts', () => {
  const net = network()
  net.input(0, 9)
  expect(net.drop({ to: [1, 2] })).toBe(4)
  net.deliverAll()
  expect(net.outputs(0)).toEqual([])
})

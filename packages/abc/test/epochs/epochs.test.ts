import { epochs, epochsBounds } from '@mc/abc'
import { committee, peer } from '@mc/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stubAcs } from '../stub-acs.js'
import { announce, batchEpochs, joined, member, payload, ping, pong, said, text } from './member.js'

test('a proposal starts the common subset of its epoch, whose domain ends with the epoch', () => {
  const domains: unknown[] = []
  const node = member({ acs: stubAcs({ onCreate: ({ domain }) => domains.push(domain) }) })
  expect(node.propose(0, 'm').messages).toEqual([{ to: 'all', message: payload(0, 'm') }])
  expect(domains).toEqual([['test', 0]])
})

test('a proposal is refused, without a trace, unless it is for the next epoch, open and within the cap', () => {
  const node = member()
  expect(() => node.propose(1)).toThrow(new RangeError('abc: the next proposal is for epoch 0, got epoch 1'))
  expect(() => node.propose(0, 'x'.repeat(65))).toThrow('abc: need at most 64 bytes, got 65')
  node.propose(0)
  expect(() => node.propose(0)).toThrow('abc: the next proposal is for epoch 1, got epoch 0')
  expect(() => node.propose(1)).toThrow('abc: epoch 1 is not open; 1 may run at once, from epoch 0')
  expect(node.held(1)).toEqual([0])
})

test('a batch comes out when its common subset ends, and the next epoch is announced', () => {
  const node = member()
  node.propose(0, 'a')
  node.from(1, payload(0, 'b'))
  const step = node.from(2, payload(0, 'c'))
  const proposals = new Map([
    [peer(0), text('a')],
    [peer(1), text('b')],
    [peer(2), text('c')],
  ])
  expect(step.outputs).toEqual([{ type: 'batch', epoch: 0, proposals }])
  expect(step.messages).toEqual([{ to: 'all', message: announce(1) }])
})

test('with depth 2, two epochs run at once, and batches come out in order even if the later one ends first', () => {
  const node = member({ depth: 2 })
  node.propose(0)
  const later = node.finish(1)
  expect(later.outputs).toEqual([])
  expect(() => node.propose(2)).toThrow('epoch 2 is not open; 2 may run at once, from epoch 0')
  node.from(1, payload(0, 'b'))
  const step = node.from(2, payload(0, 'c'))
  expect(batchEpochs(step)).toEqual([0, 1])
  expect(step.messages).toEqual([{ to: 'all', message: announce(2) }])
})

test('a peer that takes part in an open epoch makes us want a proposal, once', () => {
  const node = member()
  const wanted = { type: 'wanted', epoch: 0 }
  expect(node.from(1, payload(0, 'b')).outputs).toEqual([wanted])
  expect(node.from(2, ping(0)).outputs).toEqual([])
  node.propose(0)
  expect(node.from(3, ping(0)).outputs).toEqual([])
})

test('what arrived for an epoch before it opened makes us want a proposal when it opens', () => {
  const node = member()
  expect(node.from(3, payload(1, 'early')).outputs).toEqual([])
  const step = node.finish(0)
  expect(step.outputs.map(({ type, epoch }) => [type, epoch])).toEqual([
    ['batch', 0],
    ['wanted', 1],
  ])
})

test('our own messages make us want nothing', () => {
  const node = member({ depth: 2 })
  expect(node.propose(0).outputs).toEqual([])
  expect(node.from(0, ping(1)).outputs).toEqual([])
})

test('messages of the epochs ahead are handled by an instance that has no proposal of ours', () => {
  const node = member()
  node.from(1, payload(2, 'b'))
  node.from(2, payload(2, 'c'))
  node.finish(0)
  node.finish(1)
  expect(batchEpochs(node.propose(2))).toEqual([2])
})

test('an epoch that ends without our proposal is over, and the next proposal is for the one after', () => {
  const node = member({ acs: stubAcs({ slots: [1, 2] }) })
  expect(batchEpochs(joined([node.from(1, payload(0, 'b')), node.from(2, payload(0, 'c'))]))).toEqual([0])
  expect(node.propose(0)).toEqual({ messages: [], outputs: [], faults: [] })
  expect(node.propose(1).messages).toHaveLength(1)
})

test('a message beyond the window that we announced is a fault, and leaves nothing behind', () => {
  let created = 0
  const node = member({ acs: stubAcs({ onCreate: () => (created += 1) }) })
  for (let far = 3; far < 1003; far += 1) {
    const detail = `a message of epoch ${far}, we are at 0`
    const fault = { rule: 'abc/epoch-out-of-window', peer: 3, detail }
    expect(node.from(3, ping(far))).toEqual({ messages: [], outputs: [], faults: [fault] })
  }
  expect(created).toBe(0)
  node.from(3, ping(2))
  expect(created).toBe(1)
})

test('the window moves with our epoch: what was beyond it is taken', () => {
  const node = member()
  expect(node.from(3, ping(3)).faults).toHaveLength(1)
  node.finish(0)
  expect(node.from(3, ping(3))).toMatchObject({ faults: [], messages: [] })
  node.from(3, announce(1))
  expect(node.from(3, ping(3)).messages).toEqual([{ to: 3, message: pong(3) }])
})

test('an epoch is retired when n − f members have announced more than it and epochsKept, and not before', () => {
  const node = member()
  for (const number of [0, 1, 2]) node.finish(number)
  expect(node.from(1, announce(2)).outputs).toEqual([])
  expect(node.from(2, announce(2)).outputs).toEqual([{ type: 'retired', epoch: 1 }])
  expect(node.held(3)).toEqual([1, 2])
  expect(node.from(2, announce(3)).outputs).toEqual([])
  expect(node.from(1, announce(3)).outputs).toEqual([{ type: 'retired', epoch: 2 }])
  expect(node.held(3)).toEqual([2])
})

test('an epoch that is not over for us is never retired, however far the others are', () => {
  const node = member()
  node.propose(0)
  for (const index of [1, 2, 3]) node.from(index, announce(9))
  expect(node.held(1)).toEqual([0])
  node.from(1, payload(0, 'b'))
  const step = node.from(2, payload(0, 'c'))
  expect(step.outputs.map(({ type, epoch }) => [type, epoch])).toEqual([
    ['batch', 0],
    ['retired', 1],
  ])
})

test('an epoch that lies epochsHelped below ours is retired whoever is silent: nothing grows', () => {
  const node = member()
  const { epochsHelped, epochsTaken } = epochsBounds({ epochsAhead: 2, depth: 1, epochsKept: 1 })
  expect([epochsTaken, epochsHelped]).toEqual([3, 4])
  for (let number = 0; number < 20; number += 1) node.finish(number)
  node.from(3, announce(20))
  const held = node.held(40)
  expect(held).toHaveLength(epochsTaken + epochsHelped)
  expect(held).toEqual([16, 17, 18, 19, 20, 21, 22])
})

test('messages of retired epochs are ignored; a peer that is still there is told once where we are', () => {
  const node = member()
  for (let number = 0; number < 6; number += 1) node.finish(number)
  expect(node.from(3, payload(0, 'late'))).toEqual({
    messages: [{ to: 3, message: announce(6) }],
    outputs: [],
    faults: [],
  })
  expect(node.from(3, payload(1, 'late')).messages).toEqual([])
  node.from(2, announce(3))
  expect(node.from(2, payload(0, 'late')).messages).toEqual([])
})

test('on a link that came up we say where we are, and repeat everything of the epochs that are not settled', () => {
  const node = member()
  node.finish(0)
  node.propose(1)
  expect(node.connected(3).messages.map(({ message }) => message)).toEqual([
    announce(1),
    payload(0, 'own 0'),
    payload(1, 'own 1'),
  ])
})

test('a peer that has passed an epoch hears us again while fewer than n − f members have: others may need its help', () => {
  const node = member()
  node.finish(0)
  node.from(3, announce(1))
  expect(node.connected(3).messages).toEqual([
    { to: 3, message: announce(1) },
    { to: 3, message: payload(0, 'own 0') },
  ])
  node.from(1, announce(1))
  expect(node.connected(3).messages).toEqual([{ to: 3, message: announce(1) }])
  // Member 2 has not passed it, and needs what the link may have lost.
  expect(node.connected(2).messages).toContainEqual({ to: 2, message: payload(0, 'own 0') })
})

test('what we say in an epoch that is not over for us is repeated even to those that passed it', () => {
  const node = member()
  node.propose(0)
  for (const index of [1, 2, 3]) node.from(index, announce(1))
  expect(node.connected(1).messages).toContainEqual({ to: 1, message: payload(0, 'own 0') })
})

test('messages for a peer that does not take an epoch yet are held back, and leave in order when it announces', () => {
  const node = member()
  for (const number of [0, 1, 2]) node.finish(number)
  for (const index of [1, 2]) node.from(index, announce(3))
  const step = node.propose(3)
  expect(step.messages).toEqual([
    { to: 1, message: payload(3, 'own 3') },
    { to: 2, message: payload(3, 'own 3') },
  ])
  expect(node.from(3, ping(3)).messages).toEqual([])
  expect(node.connected(3).messages.map(({ message }) => message)).not.toContainEqual(payload(3, 'own 3'))
  expect(node.from(3, announce(1)).messages).toEqual([
    { to: 3, message: payload(3, 'own 3') },
    { to: 3, message: pong(3) },
  ])
  expect(node.from(3, announce(1)).messages).toEqual([])
})

test('a peer over the byte cap hears what is said, but nothing again: it has to catch up by blocks', () => {
  const node = member({ senderQueueBytesMax: 300 })
  for (const number of [0, 1]) node.finish(number)
  expect(node.connected(3).messages.map(({ message }) => message)).toContainEqual(payload(0, 'own 0'))
  const step = node.propose(2, 'x'.repeat(64))
  expect(step.messages).toHaveLength(1)
  expect(node.connected(3).messages).toEqual([{ to: 3, message: announce(2) }])
})

test('what arrives twice changes nothing', () => {
  const node = member()
  node.propose(0)
  for (const index of [1, 1, 2, 2]) node.from(index, payload(0, 'm'))
  const nothing = { messages: [], outputs: [], faults: [] }
  expect(node.from(2, payload(0, 'm'))).toEqual(nothing)
  node.from(1, announce(1))
  expect(node.from(1, announce(1))).toEqual(nothing)
})

test('announcements never go back', () => {
  const node = member()
  for (const number of [0, 1]) node.finish(number)
  node.from(3, announce(2))
  expect(node.from(3, announce(0))).toEqual({ messages: [], outputs: [], faults: [] })
  expect(node.from(2, announce(2)).outputs).toEqual([{ type: 'retired', epoch: 1 }])
})

test('f + 1 members that announce more than ours and epochsKept leave us behind, once per epoch', () => {
  const node = member()
  expect(node.from(1, announce(5)).outputs).toEqual([])
  expect(node.from(2, announce(1)).outputs).toEqual([])
  expect(node.from(2, announce(2)).outputs).toEqual([{ type: 'behind', epoch: 2 }])
  expect(node.from(3, announce(2)).outputs).toEqual([])
  expect(node.from(3, announce(7)).outputs).toEqual([{ type: 'behind', epoch: 5 }])
})

test('f liars never make us believe that we are behind', () => {
  const node = member({ n: 7 })
  for (const index of [5, 6]) expect(node.from(index, announce(2 ** 53 - 1)).outputs).toEqual([])
})

test('advance: every epoch below is over, we announce, and the next proposal is for that epoch', () => {
  const node = member()
  node.propose(0)
  const step = node.advance(3)
  expect(step.messages).toEqual([{ to: 'all', message: announce(3) }])
  expect(step.outputs).toEqual([])
  expect(() => node.propose(4)).toThrow('the next proposal is for epoch 3')
  for (const index of [1, 2]) node.from(index, announce(3))
  expect(batchEpochs(node.finish(3))).toEqual([3])
})

test('advance keeps what arrived for the epochs above, and asks for the proposal that they want', () => {
  const node = member()
  node.from(1, payload(2, 'b'))
  expect(node.advance(2).outputs).toEqual([{ type: 'wanted', epoch: 2 }])
  node.from(2, payload(2, 'c'))
  expect(batchEpochs(node.propose(2))).toEqual([2])
})

test('advance outputs at once what is agreed already above', () => {
  const node = member({ acs: stubAcs({ slots: [1, 2] }) })
  for (const index of [1, 2]) node.from(index, payload(1, 'm'))
  const step = node.advance(1)
  expect(batchEpochs(step)).toEqual([1])
  expect(step.messages).toEqual([{ to: 'all', message: announce(2) }])
})

test('advance to where we are, or below, changes nothing', () => {
  const node = member()
  node.finish(0)
  expect(node.advance(1)).toEqual({ messages: [], outputs: [], faults: [] })
  expect(node.advance(0)).toEqual({ messages: [], outputs: [], faults: [] })
})

test('after advance we go on helping in the epochs below, without a batch of them', () => {
  const node = member()
  node.propose(0)
  node.advance(2)
  expect(node.from(3, ping(0)).messages).toEqual([{ to: 3, message: pong(0) }])
  expect(node.from(3, ping(1)).messages).toEqual([{ to: 3, message: pong(1) }])
  for (const index of [1, 2]) expect(node.from(index, payload(0, 'm')).outputs).toEqual([])
})

test('an advance over many epochs drops what lies too far below', () => {
  const node = member()
  node.propose(0)
  expect(node.advance(1000).outputs).toEqual([{ type: 'retired', epoch: 996 }])
  expect(node.held(1)).toEqual([])
})

test('a node that missed k epochs is behind, advances, and takes part again', () => {
  const node = member()
  for (const index of [1, 2]) node.from(index, announce(10))
  node.advance(10)
  expect(node.from(1, payload(10, 'b')).outputs).toEqual([{ type: 'wanted', epoch: 10 }])
  node.from(2, payload(10, 'c'))
  expect(batchEpochs(node.propose(10))).toEqual([10])
})

test('a replay from a later epoch ignores logged messages and proposals of earlier ones silently', () => {
  const node = member({ firstEpoch: 5 })
  const nothing = { messages: [], outputs: [], faults: [] }
  expect(node.from(1, payload(4, 'old'))).toEqual(nothing)
  expect(node.propose(3)).toEqual(nothing)
  expect(node.advance(4)).toEqual(nothing)
  expect(batchEpochs(node.finish(5))).toEqual([5])
})

test('a replay of the same log gives the same steps, and from a retired epoch on the same batches', () => {
  const log: ((node: ReturnType<typeof member>) => unknown)[] = []
  for (let number = 0; number < 6; number += 1) {
    log.push(node => node.finish(number))
    for (const index of [1, 2]) log.push(node => node.from(index, announce(number + 1)))
    log.push(node => node.from(3, ping(number + 2)))
  }
  const replay = (firstEpoch: number) => {
    const node = member({ firstEpoch })
    return log.map(entry => entry(node))
  }
  expect(replay(0)).toEqual(replay(0))
  const batches = (steps: unknown[]) => steps.flatMap(step => batchEpochs(step as never))
  expect(batches(replay(3))).toEqual([3, 4, 5])
})

test('a peer that has announced nothing is taken to be at epoch 0', () => {
  const node = member({ firstEpoch: 50 })
  expect(node.propose(50).messages).toEqual([])
  expect(node.from(1, announce(50)).messages).toEqual([{ to: 1, message: payload(50, 'own 50') }])
})

test('connected names another member', () => {
  const node = member()
  expect(() => node.connected(0)).toThrow('abc: need another member of 0..3, got 0')
  expect(() => node.connected(4)).toThrow('abc: need another member of 0..3, got 4')
})

test('a committee of one runs alone', () => {
  const node = member({ n: 1 })
  for (let number = 0; number < 5; number += 1) expect(batchEpochs(node.propose(number))).toEqual([number])
})

test('the numbers of epochs and bytes are checked', () => {
  const acs = stubAcs()
  for (const options of [
    { depth: 0 },
    { epochsAhead: -1 },
    { epochsKept: 0.5 },
    { senderQueueBytesMax: -1 },
  ]) {
    expect(() => epochs({ acs, senderQueueBytesMax: 1, ...options })).toThrow(RangeError)
  }
})

test('whatever peers send, handlers return and no more epochs are held than the bounds say', () => {
  const peers = fc.integer({ min: 0, max: 3 })
  const number = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(2 ** 53 - 1))
  const message = fc.oneof(
    number.map(announce),
    number.map(ping),
    number.map(at => payload(at, 'm')),
  )
  const event = fc.oneof(
    { weight: 8, arbitrary: fc.record({ from: peers, message }) },
    { weight: 1, arbitrary: fc.record({ connected: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ advance: fc.integer({ min: 0, max: 12 }) }) },
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (events, depth) => {
      const node = member({ depth, acs: stubAcs({ slots: [1, 2] }) })
      const out: number[] = []
      for (const at of events) {
        const step =
          'message' in at
            ? node.from(at.from, at.message)
            : 'connected' in at
              ? node.connected(at.connected)
              : node.advance(at.advance)
        out.push(...batchEpochs(step))
      }
      expect(out).toEqual(out.toSorted((a, b) => a - b))
      expect(new Set(out).size).toBe(out.length)
      const { epochsTaken, epochsHelped } = epochsBounds({ epochsAhead: 2, depth, epochsKept: 1 })
      expect(node.held(40).length).toBeLessThanOrEqual(epochsTaken + epochsHelped)
    }),
    { seed: 7, numRuns: Number(process.env['MC_SEEDS'] ?? 200) },
  )
})

test('the descriptor names what all members must share', () => {
  const definition = epochs({ acs: stubAcs(), senderQueueBytesMax: 1 })
  expect(definition).toMatchObject({
    role: 'abc',
    name: 'abc/epochs',
    parameters: { epochsAhead: 2, depth: 1, epochsKept: 1 },
    payloadBytesMax: 64,
    depth: 1,
  })
  expect(committee({ n: 4, self: 0 }).n).toBe(4)
  expect(said(0, { type: 'ping' })).toEqual(ping(0))
})

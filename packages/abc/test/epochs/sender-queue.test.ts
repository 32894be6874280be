import { committee, epoch, peer } from '@mc/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { footprint } from '../../src/epochs/footprint.js'
import { SenderQueue } from '../../src/epochs/sender-queue.js'

/** Messages are byte strings of a given length, named by their first byte. */
const message = (name: number, length = 100): Uint8Array => new Uint8Array(length).fill(name)
const weight = footprint(message(0))

function queueOf({ bytesMax = 10 * weight, n = 4 } = {}) {
  const sent: (readonly [to: number | 'all', name: number])[] = []
  const queue = new SenderQueue<Uint8Array>({
    committee: committee({ n, self: 0 }),
    effects: {
      send: (to, { 0: name }) => sent.push([to, name as number]),
      broadcast: ({ 0: name }) => sent.push(['all', name as number]),
    },
    epochsTaken: 2,
    bytesMax,
  })
  const drained = () => sent.splice(0)
  return { queue, drained }
}

const all = () => true

test('a footprint is that of the byte strings, and a slot for every other value', () => {
  expect(footprint(new Uint8Array(1000))).toBe(1016)
  expect(footprint({ type: 'ab', epoch: 7, parts: [new Uint8Array(10), undefined, null] })).toBe(
    16 + 20 + 16 + (16 + 26 + 16 + 16),
  )
})

test('a message to everybody leaves as one if everybody takes its epoch, else peer by peer', () => {
  const { queue, drained } = queueOf()
  queue.broadcast(epoch(1), message(1))
  expect(drained()).toEqual([['all', 1]])
  queue.release(peer(2), epoch(1))
  queue.broadcast(epoch(2), message(2))
  expect(drained()).toEqual([
    [0, 2],
    [2, 2],
  ])
})

test('what is held back for a peer leaves in the order of epochs, then of our words, once', () => {
  const { queue, drained } = queueOf()
  queue.broadcast(epoch(3), message(30))
  queue.broadcast(epoch(2), message(20))
  queue.send(epoch(2), peer(1), message(21))
  queue.send(epoch(2), peer(3), message(22))
  drained()
  queue.release(peer(1), epoch(2))
  expect(drained()).toEqual([
    [1, 20],
    [1, 21],
    [1, 30],
  ])
  queue.release(peer(1), epoch(2))
  queue.release(peer(1), epoch(0))
  expect(drained()).toEqual([])
})

test('what a peer takes already is not sent again when its window moves', () => {
  const { queue, drained } = queueOf()
  queue.broadcast(epoch(1), message(1))
  queue.broadcast(epoch(2), message(2))
  drained()
  queue.release(peer(1), epoch(1))
  expect(drained()).toEqual([[1, 2]])
})

test('a message to ourselves is never kept', () => {
  const { queue, drained } = queueOf()
  queue.send(epoch(9), peer(0), message(1))
  expect(drained()).toEqual([[0, 1]])
  expect(queue.size).toBe(0)
})

test('what was sent is kept until its epoch is retired', () => {
  const { queue, drained } = queueOf()
  queue.broadcast(epoch(0), message(1))
  queue.send(epoch(1), peer(1), message(2))
  drained()
  queue.resend(peer(1), all)
  expect(drained()).toEqual([
    [1, 1],
    [1, 2],
  ])
  expect(queue.bytesFor(peer(1))).toBe(2 * weight)
  queue.retire(epoch(1))
  queue.resend(peer(1), all)
  expect(drained()).toEqual([[1, 2]])
  expect([1, 2].map(index => queue.bytesFor(peer(index)))).toEqual([weight, 0])
  queue.retire(epoch(2))
  expect(queue.size).toBe(0)
})

test('a message to everybody is stored once', () => {
  const { queue } = queueOf({ n: 10 })
  queue.broadcast(epoch(0), message(1))
  expect(queue.size).toBe(1)
})

test('a peer over its byte cap loses all that is kept for it; others keep theirs', () => {
  const { queue, drained } = queueOf({ bytesMax: 3 * weight })
  queue.broadcast(epoch(0), message(1))
  for (const name of [2, 3]) queue.send(epoch(0), peer(1), message(name))
  expect(queue.bytesFor(peer(1))).toBe(3 * weight)
  queue.send(epoch(0), peer(1), message(4))
  expect(queue.bytesFor(peer(1))).toBe(0)
  drained()
  queue.resend(peer(1), all)
  expect(drained()).toEqual([])
  queue.resend(peer(2), all)
  expect(drained()).toEqual([[2, 1]])
  expect(queue.size).toBe(1)
})

test('a peer that lost its queue still hears what it takes, and is kept for again from the next epoch on', () => {
  const { queue, drained } = queueOf({ bytesMax: 2 * weight })
  for (const name of [1, 2, 3]) queue.send(epoch(1), peer(1), message(name))
  queue.send(epoch(0), peer(1), message(4))
  expect(drained()).toContainEqual([1, 4])
  queue.send(epoch(2), peer(1), message(5))
  queue.release(peer(1), epoch(1))
  expect(drained()).toEqual([[1, 5]])
  expect(queue.bytesFor(peer(1))).toBe(weight)
})

test('when everybody has lost an epoch, nothing of it is stored', () => {
  const { queue } = queueOf({ bytesMax: 2 * weight })
  for (const name of [1, 2, 3]) queue.broadcast(epoch(0), message(name))
  expect(queue.size).toBe(0)
  queue.broadcast(epoch(0), message(4))
  expect(queue.size).toBe(0)
})

test('whatever happens, no peer has more kept than its cap, and the account agrees with what is repeated', () => {
  const operation = fc.record({
    kind: fc.constantFrom('broadcast', 'send', 'release', 'retire'),
    epoch: fc.integer({ min: 0, max: 5 }),
    peer: fc.integer({ min: 1, max: 3 }),
    length: fc.integer({ min: 1, max: 120 }),
  })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), operations => {
      const { queue, drained } = queueOf({ bytesMax: 500 })
      for (const { kind, epoch: number, peer: index, length } of operations) {
        if (kind === 'broadcast') queue.broadcast(epoch(number), message(length, length))
        else if (kind === 'send') queue.send(epoch(number), peer(index), message(length, length))
        else if (kind === 'release') queue.release(peer(index), epoch(number))
        else queue.retire(epoch(number))
        for (const at of [1, 2, 3]) expect(queue.bytesFor(peer(at))).toBeLessThanOrEqual(500)
      }
      for (const at of [1, 2, 3]) {
        queue.release(peer(at), epoch(100))
        drained()
        queue.resend(peer(at), all)
        const repeated = drained().reduce((sum, [, name]) => sum + footprint(message(0, name)), 0)
        expect(repeated).toBe(queue.bytesFor(peer(at)))
      }
    }),
    { seed: 11, numRuns: Number(process.env['MC_SEEDS'] ?? 200) },
  )
})

import { Mempool, type MempoolOptions, type OperationOrigin } from '@mc/abc'
import { epoch, peer } from '@mc/protocol'
import { seededRandom } from '@mc/sim'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** An operation of `length` bytes that is named by a number. */
const operation = (name: number, length = 10): Uint8Array => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, name)
  return bytes
}
const nameOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
const idOf = (bytes: Uint8Array): string => `operation ${nameOf(bytes)}`

const pool = (options: Partial<MempoolOptions> = {}) =>
  new Mempool({ self: peer(0), n: 4, bytesMax: 10_000, operationsMax: 600, idOf, ...options })

const add = (mempool: Mempool, names: Iterable<number>, origin: OperationOrigin = 'own', at = 0) => {
  for (const name of names) expect(mempool.add(operation(name), origin, epoch(at))).toBe('added')
}

const selected = (mempool: Mempool, at: number, bytesMax = 10_000): number[] =>
  mempool.select({ epoch: epoch(at), bytesMax }).map(nameOf)

test('an operation is added once', () => {
  const mempool = pool()
  add(mempool, [1])
  expect(mempool.add(operation(1), 'own', epoch(0))).toBe('duplicate')
  expect(mempool.add(operation(1), peer(2), epoch(0))).toBe('duplicate')
  expect([mempool.size, mempool.has('operation 1')]).toEqual([1, true])
})

test('an operation that was forwarded to us becomes our own when our client gives it', () => {
  const mempool = pool()
  add(mempool, [1], peer(2))
  expect(mempool.add(operation(1), 'own', epoch(0))).toBe('added')
  expect(mempool.size).toBe(1)
  for (const at of [0, 1, 2, 3]) expect(selected(mempool, at)).toEqual([1])
})

test('a removed operation is gone, and its room is free again', () => {
  const mempool = pool({ operationsMax: 2 })
  add(mempool, [1])
  expect(mempool.add(operation(2), 'own', epoch(0))).toBe('full')
  mempool.remove(['operation 1', 'unknown'])
  expect(mempool.size).toBe(0)
  add(mempool, [2])
  expect(selected(mempool, 0)).toEqual([2])
})

test('a flood of forwarded operations pushes out neither our own nor those that others forward', () => {
  const mempool = pool()
  for (let name = 1000; name < 3000; name += 1) mempool.add(operation(name), peer(3), epoch(0))
  expect(mempool.size).toBe(100)
  expect(mempool.add(operation(3001), peer(3), epoch(0))).toBe('full')
  expect(mempool.add(operation(1), 'own', epoch(0))).toBe('added')
  expect(mempool.add(operation(2), peer(2), epoch(0))).toBe('added')
})

test('bytes are bounded like operations: half for our own, equal parts for what others forward', () => {
  const mempool = pool({ bytesMax: 600, operationsMax: 1000 })
  const fill = (origin: OperationOrigin, from: number) => {
    let name = from
    while (mempool.add(operation(name), origin, epoch(0)) === 'added') name += 1
    return name - from
  }
  expect([fill('own', 0), fill(peer(1), 100), fill(peer(2), 200), fill(peer(3), 300)]).toEqual([
    30, 10, 10, 10,
  ])
})

test('our own operations are proposed in every epoch until they are committed, oldest first', () => {
  const mempool = pool()
  add(mempool, [3, 1, 2])
  expect(selected(mempool, 0)).toEqual([3, 1, 2])
  mempool.remove(['operation 1'])
  expect(selected(mempool, 1)).toEqual([3, 2])
})

test('over n epochs each forwarded operation is assigned to each member once, and in each epoch to one', () => {
  const n = 7
  const pools = Array.from({ length: n }, (_, self) => pool({ n, self: peer(self) }))
  const names = Array.from({ length: 40 }, (_, name) => name)
  for (const mempool of pools) add(mempool, names, peer(1), 100)
  const turns = new Map(names.map(name => [name, new Set<number>()]))
  for (let at = 100; at < 100 + n; at += 1) {
    const picks = pools.map(mempool => selected(mempool, at))
    expect(picks.flat().toSorted((a, b) => a - b)).toEqual(names)
    picks.forEach((chosen, self) => {
      for (const name of chosen) turns.get(name)?.add(self)
    })
  }
  for (const members of turns.values()) expect(members.size).toBe(n)
})

test('an operation that has waited for n epochs is proposed by everybody in every epoch', () => {
  const mempool = pool()
  add(mempool, [1, 2, 3, 4, 5], peer(1), 10)
  for (const at of [14, 15, 16]) expect(selected(mempool, at)).toEqual([1, 2, 3, 4, 5])
})

test('while assigned operations wait, our own get half of the room; what is left is for our own again', () => {
  const mempool = pool()
  add(mempool, [1, 2, 3, 4, 5, 6, 7, 8])
  add(mempool, [100, 101, 102], peer(1))
  expect(selected(mempool, 4, 80)).toEqual([1, 2, 3, 4, 100, 101, 102, 5])
})

test('a proposal keeps to its caps, and no operation is passed over for being large', () => {
  const mempool = pool()
  mempool.add(operation(1, 60), 'own', epoch(0))
  mempool.add(operation(2, 60), 'own', epoch(0))
  mempool.add(operation(3, 10), 'own', epoch(0))
  expect(selected(mempool, 0, 100)).toEqual([1])
  expect(mempool.select({ epoch: epoch(1), bytesMax: 10_000, operationsMax: 2 }).map(nameOf)).toEqual([1, 2])
  expect(selected(mempool, 2, 59)).toEqual([])
})

test('with depth 2, what is in an epoch that may still run is not proposed again', () => {
  const mempool = pool({ depth: 2 })
  add(mempool, [1])
  expect(selected(mempool, 0)).toEqual([1])
  expect(selected(mempool, 1)).toEqual([])
  expect(selected(mempool, 2)).toEqual([1])
})

test('own operations that were proposed overdueEpochs ago are to be forwarded, again and again', () => {
  const mempool = pool({ overdueEpochs: 2 })
  add(mempool, [1, 2, 3])
  selected(mempool, 5, 20)
  add(mempool, [9], peer(1))
  selected(mempool, 6)
  const overdue = (at: number) => mempool.overdue(epoch(at)).map(nameOf)
  expect(overdue(6)).toEqual([])
  expect(overdue(7)).toEqual([1, 2])
  expect(overdue(7)).toEqual([])
  mempool.remove(['operation 2'])
  expect(overdue(9)).toEqual([3, 1])
})

test('its options are checked', () => {
  const wrong = [
    { n: 0 },
    { self: peer(4) },
    { bytesMax: -1 },
    { operationsMax: 0.5 },
    { depth: 0 },
    { overdueEpochs: 0 },
  ]
  for (const options of wrong) expect(() => pool(options)).toThrow(RangeError)
})

test('it agrees with a plain model', () => {
  const event = fc.record({
    kind: fc.constantFrom('own', 'forwarded', 'remove', 'select'),
    name: fc.integer({ min: 0, max: 12 }),
    from: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), events => {
      const mempool = pool({ bytesMax: 200, operationsMax: 20 })
      const model = new Map<number, OperationOrigin>()
      const room = (origin: OperationOrigin) =>
        [...model.values()].filter(held => held === origin).length < (origin === 'own' ? 10 : 3)
      events.forEach(({ kind, name, from }, at) => {
        if (kind === 'remove') {
          mempool.remove([`operation ${name}`])
          model.delete(name)
        } else if (kind === 'select') {
          const names = selected(mempool, at)
          const own = [...model].filter(([, origin]) => origin === 'own').map(([held]) => held)
          expect(new Set(names).size).toBe(names.length)
          expect(names.filter(held => model.get(held) === 'own').toSorted()).toEqual(own.toSorted())
          for (const held of names) expect(model.has(held)).toBe(true)
        } else {
          const origin = kind === 'own' ? 'own' : peer(from)
          const known = model.get(name)
          const isKnown = known !== undefined && (origin !== 'own' || known === 'own')
          const expected = isKnown ? 'duplicate' : room(origin) ? 'added' : 'full'
          expect(mempool.add(operation(name), origin, epoch(at))).toBe(expected)
          if (expected === 'added') model.set(name, origin)
        }
        expect(mempool.size).toBe(model.size)
      })
    }),
    { seed: 3, numRuns: Number(process.env['MC_SEEDS'] ?? 200) },
  )
})

/** Epochs until an operation of `victim` is in, when the network picks the smallest legal batch against it. */
function epochsUntilCommitted({ n, f, seed, flood }: { n: number; f: number; seed: number; flood: boolean }) {
  const random = seededRandom(seed)
  const victim = 0
  const pools = Array.from({ length: n }, (_, self) => pool({ n, self: peer(self), operationsMax: 60 * n }))
  const isByzantine = (index: number) => index >= n - f
  let fresh = 1000
  pools[victim]?.add(operation(1), 'own', epoch(0))
  for (let at = 0; at < 200; at += 1) {
    for (const [index, mempool] of pools.entries()) {
      // Everybody has more of their own than fits.
      for (let more = 0; more < 6; more += 1) mempool.add(operation(fresh++), 'own', epoch(at))
      if (flood) {
        for (let from = n - f; from < n; from += 1) {
          for (let more = 0; more < 40; more += 1) mempool.add(operation(fresh++), peer(from), epoch(at))
        }
      }
      for (const bytes of isByzantine(index) ? [] : mempool.overdue(epoch(at))) {
        for (const other of pools) if (other !== mempool) other.add(bytes, peer(index), epoch(at))
      }
    }
    const proposals = pools.map((mempool, index) => (isByzantine(index) ? [] : selected(mempool, at, 60)))
    // The smallest batch that is guaranteed holds two correct proposals; the network picks those without the victim's.
    const correct = random.shuffle(proposals.flatMap((_, index) => (isByzantine(index) ? [] : [index])))
    const preferred = correct.toSorted(
      (a, b) => Number(proposals[a]?.includes(1)) - Number(proposals[b]?.includes(1)),
    )
    const committed = preferred.slice(0, 2).flatMap(index => proposals[index] ?? [])
    if (committed.includes(1)) return at
    for (const mempool of pools) mempool.remove(committed.map(name => `operation ${name}`))
  }
  return Number.POSITIVE_INFINITY
}

test.each([
  { n: 4, f: 1, flood: false },
  { n: 7, f: 2, flood: false },
  { n: 7, f: 2, flood: true },
])(
  'an operation of one correct member is committed though f ignore it and the network is against it: %o',
  setting => {
    for (let seed = 0; seed < Number(process.env['MC_SEEDS'] ?? 10); seed += 1) {
      expect(epochsUntilCommitted({ ...setting, seed })).toBeLessThan(60)
    }
  },
)

test('among 100 000 operations, a selection looks only at what it selects', () => {
  let looks = 0
  const observed = (name: number): Uint8Array =>
    Object.defineProperty(operation(name), 'length', {
      get: () => {
        looks += 1
        return 10
      },
    })
  const mempool = pool({ bytesMax: 4_000_000, operationsMax: 400_000 })
  for (let name = 0; name < 50_000; name += 1) mempool.add(observed(name), 'own', epoch(0))
  for (let name = 50_000; name < 100_000; name += 1) mempool.add(observed(name), peer(1), epoch(0))
  expect(mempool.size).toBe(100_000)
  looks = 0
  expect(mempool.select({ epoch: epoch(0), bytesMax: 1000 })).toHaveLength(100)
  expect(mempool.select({ epoch: epoch(4), bytesMax: 1000 })).toHaveLength(100)
  expect(looks).toBeLessThan(1000)
  mempool.remove(Array.from({ length: 100_000 }, (_, name) => `operation ${name}`))
  expect(mempool.size).toBe(0)
})

test('by chance: ⌈B/n⌉ of the oldest B, own or forwarded, in the order in which they wait', () => {
  const mempool = pool({ atRandom: seededRandom('chance') })
  add(mempool, [1, 3, 5, 7])
  add(mempool, [2, 4, 6, 8], peer(1))
  const seen = new Set<number>()
  for (let at = 0; at < 40; at += 1) {
    const names = mempool.select({ epoch: epoch(at), bytesMax: 1_000, operationsMax: 1 }).map(nameOf)
    expect(names).toHaveLength(1)
    for (const name of names) seen.add(name)
  }
  // B = 4 · 1: the four that came first.
  expect([...seen].toSorted()).toEqual([1, 3, 5, 7])
  const all = mempool.select({ epoch: epoch(50), bytesMax: 1_000, operationsMax: 100 }).map(nameOf)
  expect(all).toEqual([1, 3, 5, 7, 2, 4, 6, 8])
  expect(mempool.select({ epoch: epoch(60), bytesMax: 1_000 })).toHaveLength(2)
  expect(mempool.select({ epoch: epoch(70), bytesMax: 25, operationsMax: 100 })).toHaveLength(2)
})

test('by chance: nothing is chosen where nothing waits, and nothing twice while an epoch is open', () => {
  const mempool = pool({ atRandom: seededRandom('chance'), depth: 2 })
  expect(selected(mempool, 0)).toEqual([])
  add(mempool, [1])
  expect([0, 1, 2].map(at => selected(mempool, at))).toEqual([[1], [], [1]])
})

test('by chance: what is our own is forwarded at once, and again while it waits', () => {
  const mempool = pool({ atRandom: seededRandom('chance'), overdueEpochs: 2 })
  add(mempool, [1, 2])
  add(mempool, [3], peer(1))
  mempool.remove(['operation 2'])
  const due = (at: number) => mempool.overdue(epoch(at)).map(nameOf)
  expect([due(0), due(1), due(2), due(3)]).toEqual([[1], [], [1], []])
})

test('by chance: different members choose different parts, so a batch holds a constant share of the oldest', () => {
  const n = 10
  const total = 100
  let distinct = 0
  for (let seed = 0; seed < 20; seed += 1) {
    const chosen = new Set<number>()
    for (let self = 0; self < n; self += 1) {
      const mempool = pool({ self: peer(self), n, atRandom: seededRandom(`${seed} ${self}`) })
      add(
        mempool,
        Array.from({ length: total }, (_, name) => name),
      )
      for (const name of selected(mempool, 0)) chosen.add(name)
    }
    distinct += chosen.size
  }
  // 1 − (1 − 1/n)^n of them, about 65 of 100.
  expect(Math.abs(distinct / 20 - 65)).toBeLessThan(5)
})

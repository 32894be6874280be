import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from '../src/schedules/heap.js'

test('the smallest key comes first, equals in the order of insertion, whatever is added in between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 9 }))), moves => {
      const heap = new Heap<number>()
      const expected: { key: number; item: number }[] = []
      for (const [item, key] of moves.entries()) {
        if (key !== null) {
          heap.add(item, key)
          expected.push({ key, item })
          expected.sort((a, b) => a.key - b.key)
        } else expect(heap.next()).toBe(expected.shift()?.item)
        expect([heap.size, heap.least]).toEqual([expected.length, expected[0]?.key])
      }
      for (const { item } of expected) expect(heap.next()).toBe(item)
      expect(heap.next()).toBeUndefined()
    }),
    { seed: 1, numRuns: 500 },
  )
})

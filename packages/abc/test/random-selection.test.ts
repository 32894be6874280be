import { selectAtRandom } from '@mc/abc'
import { seededRandom } from '@mc/sim'
import { expect, test } from 'vitest'

const waiting = Array.from({ length: 20 }, (_, index) => Uint8Array.of(index))
const rng = () => seededRandom('selection')

test('⌈B/n⌉ different operations of the oldest B are chosen, in the order in which they wait', () => {
  const random = rng()
  for (let run = 0; run < 100; run += 1) {
    const chosen = selectAtRandom({ waiting, batch: 10, n: 4, rng: random }).map(([first]) => first as number)
    expect(chosen).toHaveLength(3)
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b))
    expect(chosen.every(index => index < 10)).toBe(true)
  }
})

test('everything is chosen where less waits than is wanted, and nothing where nothing waits', () => {
  expect(selectAtRandom({ waiting: waiting.slice(0, 2), batch: 20, n: 4, rng: rng() })).toHaveLength(2)
  expect(selectAtRandom({ waiting, batch: 20, n: 1, rng: rng() })).toEqual(waiting)
  expect(selectAtRandom({ waiting: [], batch: 20, n: 4, rng: rng() })).toEqual([])
})

test('no operation is favoured', () => {
  const random = rng()
  const counts = new Array<number>(10).fill(0)
  for (let run = 0; run < 4_000; run += 1) {
    for (const [index] of selectAtRandom({ waiting, batch: 10, n: 4, rng: random })) {
      counts[index as number] = (counts[index as number] as number) + 1
    }
  }
  // 1,200 each expected, with a deviation of 29.
  for (const count of counts) expect(Math.abs(count - 1_200)).toBeLessThan(150)
})

test('sizes that are none are refused', () => {
  for (const wrong of [{ batch: 0 }, { n: 0 }, { batch: 1.5 }]) {
    expect(() => selectAtRandom({ waiting, batch: 10, n: 4, rng: rng(), ...wrong })).toThrow(RangeError)
  }
})

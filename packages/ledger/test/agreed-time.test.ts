import { type AgreedTime, advanceTime, CLOCK_ADVANCE_MS_MAX, initialTime, reseatMembers } from '@mc/ledger'
import { faultsTolerated } from '@mc/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const START = 1_000_000
const runs = { seed: 9, numRuns: Number(process.env['MC_SEEDS'] ?? 400) }

/** Blocks in which some members report their clocks: the last f lie as they like, the others drift but never run back. */
const history = fc.integer({ min: 1, max: 13 }).chain(n =>
  fc.record({
    n: fc.constant(n),
    blocks: fc.array(
      fc.array(
        fc.record({
          present: fc.boolean(),
          step: fc.nat(2_000_000),
          lie: fc.oneof(fc.nat(), fc.maxSafeNat()),
        }),
        { minLength: n, maxLength: n },
      ),
      { minLength: 1, maxLength: 20 },
    ),
  }),
)

test('T_h = max(T_{h−1}, the (f + 1)-th largest of all members’ most recent agreed values)', () => {
  const first = advanceTime(
    initialTime(100, 4),
    new Map([
      [0, 400],
      [1, 300],
      [2, 200],
    ]),
  )
  expect(first).toEqual({ time: 300, clock: 200, members: [400, 300, 200, 100] })
  const second = advanceTime(first, new Map([[3, 350]]))
  expect(second).toEqual({ time: 350, clock: 250, members: [400, 300, 200, 350] })
})

test('entries are replaced, also downwards: a clock that was wrong and is repaired counts as correct again', () => {
  const ahead = advanceTime(initialTime(100, 4), new Map([[3, 1_000_000]]))
  const repaired = advanceTime(
    ahead,
    new Map([
      [0, 200],
      [3, 210],
    ]),
  )
  expect(repaired.members).toEqual([200, 100, 100, 210])
  expect(repaired.time).toBe(200)
})

test('f liars never push T past the fastest correct clock, however few proposals a batch holds', () => {
  fc.assert(
    fc.property(history, ({ n, blocks }) => {
      const liars = faultsTolerated(n)
      const clocks = new Array<number>(n).fill(START)
      let now = initialTime(START, n)
      for (const block of blocks) {
        const proposed = new Map<number, number>()
        block.forEach(({ present, step, lie }, member) => {
          clocks[member] = clocks[member]! + step
          if (present) proposed.set(member, member >= n - liars ? lie : clocks[member]!)
        })
        now = advanceTime(now, proposed)
        expect(now.time).toBeLessThanOrEqual(Math.max(...clocks.slice(0, n - liars)))
      }
    }),
    runs,
  )
})

test('f + 1 liars do push it: the bound is sharp', () => {
  const { time } = advanceTime(
    initialTime(0, 4),
    new Map([
      [2, 9e15],
      [3, 9e15],
    ]),
  )
  expect(time).toBe(9e15)
})

test('T and L never go back, and L advances by at most 600 s per block and never more than T', () => {
  fc.assert(
    fc.property(history, ({ n, blocks }) => {
      let before = initialTime(START, n)
      for (const block of blocks) {
        const proposed = new Map(
          block.flatMap(({ present, lie }, member) => (present ? [[member, lie] as const] : [])),
        )
        const after = advanceTime(before, proposed)
        expect(after.time).toBeGreaterThanOrEqual(before.time)
        expect(after.clock - before.clock).toBe(Math.min(after.time - before.time, CLOCK_ADVANCE_MS_MAX))
        before = after
      }
    }),
    runs,
  )
})

test('an outage pauses deadlines: after a day of silence L has advanced by 600 s', () => {
  const day = 86_400_000
  const { time, clock } = advanceTime(initialTime(0, 1), new Map([[0, day]]))
  expect([time, clock]).toEqual([day, 600_000])
})

test('a block without clocks changes nothing, and a clock of nobody says nothing', () => {
  const now = initialTime(START, 4)
  expect(advanceTime(now, new Map())).toEqual(now)
  expect(
    advanceTime(
      now,
      new Map([
        [4, 9e15],
        [-1, 9e15],
        [7, 9e15],
      ]),
    ),
  ).toEqual(now)
})

describe('another configuration', () => {
  const now: AgreedTime = { time: 300, clock: 10, members: [400, 300, 200, 100] }

  test('a clock follows its member, and a new member starts at T', () => {
    expect(reseatMembers(now, [3, -1, 0]).members).toEqual([100, 300, 400])
  })

  test('T and L stay', () => {
    const { time, clock } = reseatMembers(now, [-1, -1, -1, -1, -1, -1, -1])
    expect([time, clock]).toEqual([300, 10])
  })
})

import {
  agreement,
  contentAware,
  delay,
  equivocator,
  fifo,
  lifo,
  mutator,
  partition,
  randomOrder,
  replay,
  type Schedule,
  type SimEvent,
  seededRandom,
  simulate,
  starve,
  virtualTime,
} from '@mc/sim'
import { expect, test } from 'vitest'
import { type BroadcastMessage, brachaToy } from './echo-broadcast.js'

const run = (seed: number, schedule: Schedule<number, BroadcastMessage>, extra = {}) =>
  simulate({
    seed,
    n: 7,
    protocol: ({ random }) => {
      random.u32()
      return brachaToy()
    },
    inputs: index => (index === 0 ? 7 : undefined),
    schedule,
    byzantine: { 0: equivocator(), 5: mutator() },
    encoded: true,
    invariants: [agreement()],
    ...extra,
  })

const schedules: readonly Schedule<number, BroadcastMessage>[] = [
  randomOrder(),
  fifo(),
  lifo(),
  starve(2),
  starve(2, { direction: 'both' }),
  delay(1, 30),
  partition(
    [
      [0, 1],
      [2, 3],
    ],
    { healAfter: 40 },
  ),
  partition([[0, 1, 2]], { healAfter: 10, againAfter: 10 }),
  contentAware((event: SimEvent<number, BroadcastMessage>) =>
    event.type === 'message' ? event.message.value : 0,
  ),
  virtualTime({ latencyMs: [5, 80], bandwidth: 1 }),
]

test.each(schedules)('one seed reproduces a run under $name to the bit', schedule => {
  const first = run(11, schedule)
  expect(run(11, schedule).traceHash).toBe(first.traceHash)
  expect(run(12, schedule).traceHash).not.toBe(first.traceHash)
})

test.each(schedules)('$name delivers everything in the end', schedule => {
  const { quiescent, cost, violations } = run(3, schedule, { byzantine: {} })
  expect({ quiescent, violations }).toEqual({ quiescent: true, violations: [] })
  expect(cost.deliveries).toBe(cost.messages)
})

test('one more consumer of randomness does not shift the draws of another', () => {
  const [a, b] = [seededRandom('s'), seededRandom('s')]
  a.fork('one').u32()
  a.u32()
  expect(a.fork('two').bytes(16)).toEqual(b.fork('two').bytes(16))
  expect(a.fork('two').u32()).not.toBe(a.fork('one').u32())
})

test('a trace that is kept whole replays the run that wrote it', () => {
  const first = run(5, randomOrder(), { traceLines: Infinity })
  const again = run(5, replay(first.trace), { traceLines: Infinity })
  expect(again.trace).toEqual(first.trace)
  expect(again.outputs).toEqual(first.outputs)
})

test('a trace with lines cut out still runs to the end', () => {
  const { trace } = run(5, randomOrder(), { traceLines: Infinity })
  const shortened = run(5, replay(trace.filter((_, at) => at % 3 !== 0)))
  expect(shortened.quiescent).toBe(true)
})

test('the trace keeps the last events only, unless asked for more', () => {
  expect(run(5, randomOrder()).trace).toHaveLength(20)
  expect(run(5, randomOrder(), { traceLines: 3 }).trace).toEqual(run(5, randomOrder()).trace.slice(-3))
})

test('virtual time delivers in the order of arrival, and a narrow line takes longer', () => {
  const quick = run(5, virtualTime({ latencyMs: [10, 10] }), { byzantine: {} })
  const narrow = run(5, virtualTime({ latencyMs: [10, 10], bandwidth: 0.5 }), { byzantine: {} })
  expect([quick.virtualMs, quick.cost.depth]).toEqual([30, 3])
  expect(narrow.virtualMs).toBeGreaterThan(2 * quick.virtualMs)
  expect(() => virtualTime({ latencyMs: [2, 1] })).toThrow(RangeError)
})

import { initialKeys, type KeyEvent, type KeySchedule, keyEpochOf, keysAfter, keysFrom } from '@mc/dkg'
import { epoch } from '@mc/protocol'
import { expect, test } from 'vitest'

const configured = (configuration: string, from: number): KeyEvent => ({
  type: 'configured',
  configuration,
  from: epoch(from),
})

const generated = (configuration: string, from: number, keySet = `key of ${configuration}`): KeyEvent => ({
  type: 'generated',
  configuration,
  keySet,
  from: epoch(from),
})

const after = (schedule: KeySchedule, ...events: readonly KeyEvent[]): KeySchedule =>
  events.reduce(keysAfter, schedule)

/** Configuration and coin of the epochs 0 … 9, in short. */
const told = (schedule: KeySchedule): string =>
  Array.from({ length: 10 }, (_, number) => {
    const { configuration, coin } = keyEpochOf(schedule, epoch(number))
    return configuration + (coin.type === 'local' ? '' : `:${coin.keySet.replace('key of ', '')}`)
  }).join(' ')

test('a network begins with local coins', () => {
  expect(told(initialKeys('A'))).toBe('A A A A A A A A A A')
})

test('a key serves its configuration from the epoch that the log names', () => {
  expect(told(after(initialKeys('A'), generated('A', 4)))).toBe('A A A A A:A A:A A:A A:A A:A A:A')
})

test('other members start at once with local coins, and go on until their own key is there', () => {
  const schedule = after(initialKeys('A'), generated('A', 2), configured('B', 5), generated('B', 8))
  expect(told(schedule)).toBe('A A A:A A:A A:A B B B B:B B:B')
})

test('a key never serves another configuration: one that comes too late changes nothing', () => {
  const schedule = after(initialKeys('A'), configured('B', 3), generated('A', 5))
  expect(told(schedule)).toBe('A A A B B B B B B B')
})

test('who chose to wait goes on with the old members and their key until the new key is there', () => {
  const waiting = initialKeys('A', { policy: 'wait-for-keys' })
  const schedule = after(waiting, generated('A', 1), configured('B', 3), generated('B', 6))
  expect(told(schedule)).toBe('A A:A A:A A:A A:A A:A B:B B:B B:B B:B')
  expect(schedule.waiting).toBeUndefined()
})

test('who waits for a key that never comes waits for ever, and says so', () => {
  const schedule = after(initialKeys('A', { policy: 'wait-for-keys' }), configured('B', 3))
  expect(told(schedule)).toBe('A A A A A A A A A A')
  expect(schedule.waiting).toBe('B')
})

test('of two configurations that wait only the later one starts', () => {
  const waiting = initialKeys('A', { policy: 'wait-for-keys' })
  const schedule = after(
    waiting,
    configured('B', 2),
    configured('C', 3),
    generated('B', 4),
    generated('C', 5),
  )
  expect(told(schedule)).toBe('A A A A A C:C C:C C:C C:C C:C')
})

test('while a configuration waits, a key of the old one still serves', () => {
  const waiting = initialKeys('A', { policy: 'wait-for-keys' })
  const schedule = after(waiting, configured('B', 2), generated('A', 3), generated('B', 5))
  expect(told(schedule)).toBe('A A A A:A A:A B:B B:B B:B B:B B:B')
})

test('a second key of a configuration replaces the first: keys are changed without any change of members', () => {
  const schedule = after(initialKeys('A'), generated('A', 2, 'one'), generated('A', 5, 'two'))
  expect(told(schedule)).toBe('A A A:one A:one A:one A:two A:two A:two A:two A:two')
})

test('two changes of one epoch: the later one governs it', () => {
  const schedule = after(initialKeys('A'), configured('B', 3), generated('B', 3))
  expect(told(schedule)).toBe('A A A B:B B:B B:B B:B B:B B:B B:B')
  expect(schedule.epochs).toHaveLength(2)
})

test('what is past is not changed', () => {
  expect(() => after(initialKeys('A'), configured('B', 5), generated('B', 4))).toThrow(RangeError)
})

test('what only past epochs need is forgotten, the rest stays as it was', () => {
  const schedule = after(initialKeys('A'), generated('A', 2), configured('B', 5), generated('B', 8))
  const kept = keysFrom(schedule, epoch(6))
  expect(kept.epochs.map(({ from }) => from)).toEqual([5, 8])
  expect(keyEpochOf(kept, epoch(9))).toEqual(keyEpochOf(schedule, epoch(9)))
  expect(() => keyEpochOf(kept, epoch(4))).toThrow(RangeError)
})

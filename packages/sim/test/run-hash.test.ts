import { expect, test } from 'vitest'
import { RunHash } from '../src/run-hash.js'

const digestOf = (outcome: unknown): string => new RunHash().digest(outcome)

test('outcomes of equal content have one digest', () => {
  const outcome = () => [
    [{ type: 'batch', proposals: new Map([[1, Uint8Array.of(1, 2)]]) }],
    { a: 1.5, b: undefined },
  ]
  expect(digestOf(outcome())).toBe(digestOf(outcome()))
  expect(digestOf(outcome())).toMatch(/^[0-9a-f]{16}$/)
})

test('outcomes that differ anywhere have different digests', () => {
  const long = new Uint8Array(100)
  const outcomes: readonly unknown[] = [
    [],
    [[]],
    [[], []],
    {},
    [{}],
    [{ a: {} }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1, b: 1 }],
    [{ a: { b: 1 } }],
    1,
    1.5,
    -1,
    2 ** 32 + 1,
    '1',
    true,
    undefined,
    null,
    Uint8Array.of(),
    Uint8Array.of(1),
    long,
    long.with(99, 1),
    [1, 2],
    [2, 1],
    new Map([[1, 2]]),
  ]
  expect(new Set(outcomes.map(digestOf)).size).toBe(outcomes.length)
})

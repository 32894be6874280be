import {
  epoch,
  InvariantViolation,
  invariant,
  opposite,
  peer,
  round,
  subdomain,
  unreachable,
} from '@mc/protocol'
import { describe, expect, test } from 'vitest'

describe.each([
  ['peer', peer],
  ['epoch', epoch],
  ['round', round],
])('%s', (what, brand) => {
  test('a non-negative safe integer keeps its value', () => {
    for (const number of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) expect(brand(number)).toBe(number)
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    '%d is refused, and the message says what is wanted',
    number => {
      expect(() => brand(number)).toThrow(
        new RangeError(`${what}: need a non-negative safe integer, got ${number}`),
      )
    },
  )
})

test('the opposite of a bit is the other one', () => {
  expect([opposite(0), opposite(1)]).toEqual([1, 0])
})

describe('invariants', () => {
  test('what holds passes, what does not stops us and says what must hold', () => {
    expect(() => invariant(true, 'one is one')).not.toThrow()
    expect(() => invariant(false, 'delivered once')).toThrow(
      new InvariantViolation('invariant: delivered once'),
    )
  })

  test('a violation can be told from other errors by its name', () => {
    expect(new InvariantViolation('x').name).toBe('InvariantViolation')
  })

  test('a case that the compiler excluded is a bug when it comes all the same', () => {
    expect(() => unreachable({ type: 'forgotten' } as never)).toThrow(
      'invariant: no case left for {"type":"forgotten"}',
    )
  })
})

test('a child’s domain is its parent’s and its own parts, and the parent’s stays as it was', () => {
  const parent = ['network', 3] as const
  expect(subdomain(parent, 'raba', 0)).toEqual(['network', 3, 'raba', 0])
  expect(parent).toEqual(['network', 3])
})

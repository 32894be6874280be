import { expect, test } from 'vitest'
import { tellLedger } from '../src/ledger.js'

test('a signed operation ends in a certified block that a light client verifies', () => {
  const { lines, ledgers } = tellLedger('A well')
  expect(lines.at(-2)).toMatch(/checks [34] seals: the block is certified/)
  expect(lines.at(-1)).toContain('the operation is in.')
  expect(new Set(ledgers.map(({ tip }) => String(tip?.cid))).size).toBe(1)
})

test('it tells the same every time', () => {
  expect(tellLedger('A well').lines).toEqual(tellLedger('A well').lines)
})

import type { Receipt } from '@mc/ledger'
import { expect, test } from 'vitest'
import { RecentRefusals } from '../../src/api/recent-refusals.js'

const idOf = (number: number): Uint8Array => new Uint8Array(32).fill(number & 255).fill(number >>> 8, 0, 1)
const refused = (number: number): Receipt => ({
  id: idOf(number),
  accepted: false,
  refusal: { rule: 'topics/closed', detail: `number ${number}` },
})

test('the refusals of agreed operations are remembered, and nothing that was accepted', () => {
  const refusals = new RecentRefusals()
  refusals.onBlock({ receipts: [refused(1), { id: idOf(2), accepted: true, position: 0 }] })
  expect(refusals.of(idOf(1))).toEqual({ rule: 'topics/closed', detail: 'number 1' })
  expect(refusals.of(idOf(2))).toBeUndefined()
})

test('the oldest refusals go first: memory is bounded', () => {
  const refusals = new RecentRefusals()
  for (let number = 0; number < 8_192; number += 1) refusals.onBlock({ receipts: [refused(number)] })
  refusals.onBlock({ receipts: [refused(0), refused(8_192)] })
  expect(refusals.of(idOf(1))).toBeUndefined()
  expect(refusals.of(idOf(0))).toBeDefined()
  expect(refusals.of(idOf(2))).toBeDefined()
})

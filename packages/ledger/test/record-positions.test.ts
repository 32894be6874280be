import { digestKey } from '@mc/crypto'
import { RecordsState } from '@mc/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from './network-of.js'

const author = new Uint8Array(32)

/** An id that begins with these bytes and ends with a number. */
function idOf(head: readonly number[], number: number): Uint8Array {
  const id = new Uint8Array(32)
  id.set(head)
  new DataView(id.buffer).setUint32(28, number)
  return id
}

test('every id is found at its position, and no other id is', () => {
  const heads = fc.array(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), { maxLength: 300 })
  fc.assert(
    fc.property(heads, all => {
      const state = new RecordsState(sha256)
      const ids = all.map((head, number) => idOf(head, number))
      for (const id of ids) state.append(id, author)
      expect(ids.map(id => state.position(id))).toEqual(ids.map((_, at) => at))
      expect(all.map((head, number) => state.position(idOf(head, number + 1_000)))).toEqual(
        all.map(() => undefined),
      )
    }),
    { seed: 1, numRuns: 50 },
  )
})

test('ids that all begin alike are told apart', () => {
  const state = new RecordsState(sha256)
  const ids = Array.from({ length: 500 }, (_, number) => idOf([255, 255, 255, 255], number))
  for (const id of ids) state.append(id, author)
  expect(ids.map(id => state.positionOf(digestKey(id)))).toEqual(ids.map((_, at) => at))
  expect(state.position(idOf([255, 255, 255, 255], 500))).toBeUndefined()
})

test('what was found stays found while the table grows', () => {
  const state = new RecordsState(sha256)
  const ids = Array.from({ length: 10_000 }, (_, number) => sha256(idOf([], number)))
  for (const [at, id] of ids.entries()) {
    state.append(id, author)
    expect(state.position(ids[at >> 1] as Uint8Array)).toBe(at >> 1)
  }
  expect(ids.every((id, at) => state.position(id) === at)).toBe(true)
})

/** Tables and the map that commits to them. */
import { digestKey } from '@mc/crypto'
import { bytesEntry, StateMap } from '@mc/ledger'
import { hex, uint, utf8 } from '@mc/protocol/wire'
import { Table, tableKey } from '@mc/topics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from './village.js'

const runs = { seed: 19, numRuns: Number(process.env['MC_SEEDS'] ?? 200) }
const PREFIX = 0x7f
const codec = uint()
const keyOf = (name: number): Uint8Array => utf8(`row ${name}`)

/** What can happen to a table. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('set' as const), name: fc.nat(12), value: fc.nat(300) }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('delete' as const), name: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('flush', 'draft', 'commit', 'rollback') }) },
)

test('the map holds the rows as they are, whatever was set, deleted, set again or taken back since it was told', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), all => {
      const table = new Table('counts', PREFIX, codec)
      const map = new StateMap(sha256)
      const heard = new Map<string, number>()
      table.listen((before, after, key) => {
        expect(heard.get(key)).toBe(before)
        if (after === undefined) heard.delete(key)
        else heard.set(key, after)
      })
      let [model, kept] = [new Map<number, number>(), undefined as Map<number, number> | undefined]
      for (const one of all) {
        switch (one.type) {
          case 'set':
            table.set(keyOf(one.name), one.value)
            model.set(one.name, one.value)
            break
          case 'delete':
            expect(table.delete(keyOf(one.name))).toBe(model.delete(one.name))
            break
          case 'flush':
            table.flush(map)
            break
          case 'draft':
            if (kept === undefined) table.begin()
            kept ??= new Map(model)
            break
          case 'commit':
            table.commit()
            kept = undefined
            break
          case 'rollback':
            table.rollback()
            model = kept ?? model
            kept = undefined
        }
      }
      table.flush(map)
      const fresh = new StateMap(sha256)
      for (const [name, value] of model) {
        const key = digestKey(keyOf(name))
        expect([table.at(key), heard.get(key)]).toEqual([value, value])
        fresh.put(bytesEntry(tableKey(PREFIX, key), codec.encode(value)))
      }
      expect([table.size, heard.size, map.size]).toEqual([model.size, model.size, model.size])
      expect(hex(map.root())).toBe(hex(fresh.root()))
    }),
    runs,
  )
})

test('a table that takes over restored places goes on from there', () => {
  const restored = new StateMap<ReturnType<typeof bytesEntry>>(sha256)
  for (let name = 0; name < 20; name += 1) {
    restored.put(bytesEntry(tableKey(PREFIX, digestKey(keyOf(name))), codec.encode(name)))
  }
  const root = hex(restored.root())
  const table = new Table('counts', PREFIX, codec)
  for (const [place, entry] of restored.entries()) table.load(restored, place, entry)
  table.flush(restored)
  expect(hex(restored.root())).toBe(root)
  table.set(keyOf(3), 300)
  table.delete(keyOf(4))
  table.flush(restored)
  expect(hex(restored.root())).not.toBe(root)
  expect(restored.size).toBe(19)
  table.set(keyOf(4), 4)
  table.set(keyOf(3), 3)
  table.flush(restored)
  expect(hex(restored.root())).toBe(root)
})

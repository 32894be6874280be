import type { Configuration } from '@mc/ledger'
import { type JournalRecord, journalCodec } from '@mc/node'
import { describe, expect, test } from 'vitest'
import { readJournal, replayOf, salvagedOperations } from '../../src/log/journal.js'
import { Spoken } from '../../src/log/spoken.js'

const bytes = Uint8Array.of(1, 2, 3)
const message = (epoch: number): JournalRecord => ({
  type: 'message',
  from: 1 as never,
  epoch: epoch as never,
  bytes,
})
const proposal = (epoch: number): JournalRecord => ({
  type: 'proposal',
  epoch: epoch as never,
  payload: bytes,
})
const at = (type: 'advance' | 'retired' | 'quarantine', epoch: number): JournalRecord => ({
  type,
  epoch: epoch as never,
})

const RECORDS: readonly JournalRecord[] = [
  { type: 'begin' },
  { type: 'lost' },
  message(7),
  proposal(8),
  at('advance', 9),
  { type: 'draw', label: 'a/b/3', bit: 1 },
  { type: 'operation', bytes },
  at('retired', 6),
  at('quarantine', 5),
  { type: 'configuration', index: 3 },
  { type: 'continue', index: 3 },
]

describe('the journal', () => {
  test('every record reads back as it was written', () => {
    expect(readJournal(RECORDS.map(record => journalCodec.encode(record)))).toEqual(RECORDS)
  })

  test('golden bytes', () => {
    const hexes = RECORDS.map(record => Buffer.from(journalCodec.encode(record)).toString('hex'))
    expect(hexes).toEqual([
      '07',
      '08',
      '0001070301020 3'.replace(' ', ''),
      '010803010203',
      '0609',
      '0205612f622f3301',
      '0303010203',
      '0406',
      '0505',
      '0903',
      '0a03',
    ])
  })

  test('a record that is none of ours says that what was said before is not known', () => {
    const bodies = [journalCodec.encode(message(1)), Uint8Array.of(99), journalCodec.encode(message(2))]
    const replay = replayOf(readJournal(bodies), 1, 0)
    expect([replay.isWhole, replay.events.map(({ epoch }) => epoch)]).toEqual([false, [2]])
  })

  test('what is retired is not heard again, and the store may be behind it', () => {
    const records = [message(1), message(2), at('retired', 2), at('advance', 3), message(3)]
    expect(replayOf(records, 4, 0)).toMatchObject({ firstEpoch: 2, isWhole: true })
    expect(replayOf(records, 4, 0).events.map(({ epoch }) => epoch)).toEqual([2, 3, 3])
    expect(replayOf(records, 1, 0).firstEpoch).toBe(1)
  })

  test('nothing is built on what was said before a quarantine', () => {
    const records = [
      message(1),
      { type: 'lost' } as const,
      message(2),
      at('quarantine', 9),
      at('advance', 9),
      message(9),
    ]
    const replay = replayOf(records, 9, 0)
    expect(replay).toMatchObject({ isWhole: true, quarantinedUntil: 9 })
    expect(replay.events.map(({ epoch }) => epoch)).toEqual([9, 9])
  })

  test('what was said in another configuration is not heard again in this one, and a new segment is no new one', () => {
    const records = [
      message(1),
      { type: 'configuration', index: 1 } as const,
      message(5),
      { type: 'continue', index: 1 } as const,
      message(6),
    ]
    expect(replayOf(records, 7, 5).events.map(({ epoch }) => epoch)).toEqual([5, 6])
    const spoken = new Spoken(records, 0)
    expect(spoken.index).toBe(1)
    expect(new Spoken(records.slice(3), 0).index).toBe(1)
    expect(new Spoken(records.slice(0, 1), 0).index).toBe(0)
  })

  test('where nothing was said the log says so before anything is, and where it may have been, it says that too', () => {
    const configuration = { index: 2, firstEpoch: 9 } as Configuration
    const sure = new Spoken([message(1)], 0)
    expect(sure.replay(configuration, 9)).toBeUndefined()
    expect(sure.enter(2)).toEqual([{ type: 'configuration', index: 2 }])
    const lost = new Spoken([message(1), { type: 'lost' }], 0)
    expect(lost.enter(2)).toEqual([{ type: 'configuration', index: 2 }, { type: 'lost' }])
    for (const [until, isSure] of [
      [8, true],
      [9, false],
    ] as const) {
      const spoken = new Spoken([{ type: 'lost' }, at('quarantine', until)], 0)
      spoken.leave(9)
      expect([spoken.isSure, spoken.enter(2).length]).toEqual([isSure, isSure ? 1 : 2])
    }
  })

  test('of a damaged log the operations are salvaged', () => {
    const bodies = [Uint8Array.of(99), ...RECORDS.map(record => journalCodec.encode(record))]
    expect(salvagedOperations(bodies)).toEqual([bytes])
  })
})

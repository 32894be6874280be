import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenedLog, WriteAheadLog } from '@mc/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RECORD_HEADER_BYTES, scanSegment } from '../../src/log/frame.js'
import { SEGMENT_HEADER_BYTES } from '../../src/log/segment.js'
import { seeded } from '../seeded.js'

const network = new Uint8Array(32).fill(7)
const body = (text: string): Uint8Array => Buffer.from(text)
const texts = (records: readonly Uint8Array[]): string[] =>
  records.map(record => Buffer.from(record).toString())

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mc-log-'))
})

afterEach(() => rm(root, { recursive: true, force: true }))

const open = (name = 'log'): Promise<OpenedLog> =>
  WriteAheadLog.open({ directory: join(root, name), network })

/** Opens a log, says what it holds, and closes it. */
async function held(name = 'log'): Promise<{ condition: string; records: string[]; salvaged: string[] }> {
  const { log, condition, records, salvaged } = await open(name)
  await log.close()
  return { condition, records: texts(records), salvaged: texts(salvaged) }
}

/** A log with these records in one segment, all on disk; each group in one write. */
async function written(groups: readonly (readonly string[])[], durable = true): Promise<Buffer> {
  const { log } = await open()
  for (const group of groups) {
    for (const text of group) log.append(body(text))
    await log.sync(durable)
  }
  await log.close()
  return readFile(join(root, 'log', '00000001.log'))
}

const segment = (name: string, number: number): string => join(root, name, `0000000${number}.log`)

async function withBytes(name: string, bytes: Buffer): Promise<void> {
  await mkdir(join(root, name), { recursive: true })
  await writeFile(segment(name, 1), bytes)
}

describe('the write-ahead log', () => {
  test('what was synced is there again, in order, and a further life goes on behind it', async () => {
    await written([['a', 'b'], [], ['c']])
    const { log, records, condition } = await open()
    expect([condition, texts(records)]).toEqual(['intact', ['a', 'b', 'c']])
    log.append(body('d'))
    await log.close()
    expect(await held()).toEqual({ condition: 'intact', records: ['a', 'b', 'c', 'd'], salvaged: [] })
  })

  test('small and large records of one turn, more than there is room kept for, are read back in order', async () => {
    const lengths = [10, 4_095, 4_096, 0, 100_000, 3, ...new Array<number>(100).fill(4_000), 70_000, 1]
    const turns = [lengths, lengths.slice(0, 6), [5_000], lengths.slice(0, 3)]
    const all = turns.map((turn, at) => turn.map((length, item) => `${at}${item}`.padEnd(length, '.')))
    await written(all)
    expect(await held()).toEqual({ condition: 'intact', records: all.flat(), salvaged: [] })
  })

  test('cut at any byte, it is an exact prefix', async () => {
    const bytes = await written([['one', 'two'], ['three'], ['four', 'five', 'six']])
    const all = ['one', 'two', 'three', 'four', 'five', 'six']
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const whole = scanSegment(bytes.subarray(0, cut), SEGMENT_HEADER_BYTES, 0)
      if (cut < SEGMENT_HEADER_BYTES) continue
      const found = texts(whole.records.map(record => record.body))
      expect(found).toEqual(all.slice(0, found.length))
      const good =
        SEGMENT_HEADER_BYTES +
        all.slice(0, found.length).reduce((sum, text) => sum + RECORD_HEADER_BYTES + text.length, 0)
      const next = RECORD_HEADER_BYTES + (all[found.length] ?? '').length
      expect([whole.goodBytes, cut < good + next]).toEqual([good, true])
      expect(whole.end).toBe(cut === good ? 'clean' : 'torn')
    }
    for (const cut of [0, 1, SEGMENT_HEADER_BYTES - 1, SEGMENT_HEADER_BYTES, bytes.length - 1]) {
      await withBytes(`cut-${cut}`, bytes.subarray(0, cut))
      const { condition, records } = await held(`cut-${cut}`)
      expect(condition).toBe(cut < SEGMENT_HEADER_BYTES ? 'new' : 'intact')
      expect(records).toEqual(all.slice(0, records.length))
      // What was cut off never comes back, whatever is written behind it.
      const again = await open(`cut-${cut}`)
      again.log.append(body('next'))
      await again.log.close()
      expect((await held(`cut-${cut}`)).records).toEqual([...records, 'next'])
    }
  })

  test('each flipped byte is noticed: damage if it was on disk before something else was, a cut tail otherwise', async () => {
    const bytes = await written([['one', 'two'], ['three'], ['four', 'five']])
    const all = ['one', 'two', 'three', 'four', 'five']
    // The last group is the only one that no later record says to be on disk.
    const lastGroup = bytes.length - 2 * RECORD_HEADER_BYTES - 'fourfive'.length
    for (let at = SEGMENT_HEADER_BYTES; at < bytes.length; at += 1) {
      for (const mask of [1, 0x80, 0xff]) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] as number) ^ mask
        const scan = scanSegment(flipped, SEGMENT_HEADER_BYTES, 0)
        const found = texts(scan.records.map(record => record.body))
        expect(found).toEqual(all.slice(0, found.length))
        expect(found.length).toBeLessThan(all.length)
        expect([at, scan.end]).toEqual([at, at < lastGroup ? 'damaged' : 'torn'])
      }
    }
  })

  test('a flipped byte of the header is damage, not another network', async () => {
    const bytes = await written([['one']])
    for (let at = 0; at < SEGMENT_HEADER_BYTES; at += 1) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] as number) ^ 1
      await withBytes(`head-${at}`, flipped)
      expect(await held(`head-${at}`)).toMatchObject({ condition: 'damaged', records: [] })
    }
  })

  test('writes that were never synced may be lost in any order without being damage', async () => {
    const synced = await written([['kept']])
    await rm(join(root, 'log'), { recursive: true })
    const { log } = await open()
    log.append(body('kept'))
    await log.sync(true)
    for (const text of ['x', 'y', 'z']) {
      log.append(body(text))
      await log.sync(false)
    }
    const bytes = await readFile(segment('log', 1))
    await log.close()
    const random = seeded(1)
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const torn = Buffer.from(bytes)
      const at = synced.length + random.below(bytes.length - synced.length - 1)
      torn.fill(0, at, Math.min(bytes.length, at + 1 + random.below(20)))
      const scan = scanSegment(torn, SEGMENT_HEADER_BYTES, 0)
      expect(texts(scan.records.map(record => record.body))[0]).toBe('kept')
      expect(['torn', 'clean']).toContain(scan.end)
    }
  })

  test('a damaged log begins anew: nothing of it counts, what can be read of it is salvaged, later lives are whole', async () => {
    const bytes = await written([['one'], ['two'], ['three'], ['four']])
    const flipped = Buffer.from(bytes)
    const at = SEGMENT_HEADER_BYTES + RECORD_HEADER_BYTES + 'one'.length + RECORD_HEADER_BYTES
    flipped[at] = 0
    await writeFile(segment('log', 1), flipped)
    const { log, condition, records, salvaged } = await open()
    expect([condition, records, texts(salvaged)]).toEqual(['damaged', [], ['one', 'three', 'four']])
    log.append(body('new'))
    await log.close()
    expect(await held()).toEqual({
      condition: 'intact',
      records: ['new'],
      salvaged: ['one', 'three', 'four'],
    })
    // The old files go with the next segment that is needed no more.
    const again = await open()
    await again.log.dropBefore(await again.log.rotate())
    await again.log.close()
    expect(await readdir(join(root, 'log'))).toEqual(['00000003.log'])
  })

  test('the log of another network is refused', async () => {
    await written([['one']])
    const other = WriteAheadLog.open({ directory: join(root, 'log'), network: new Uint8Array(32) })
    await expect(other).rejects.toThrow('another network')
  })

  test('segments: records are numbered through all of them, a missing one is damage', async () => {
    const { log } = await open()
    for (const text of ['a', 'b', 'c']) {
      log.append(body(text))
      await log.rotate()
    }
    log.append(body('d'))
    await log.close()
    expect(await held()).toMatchObject({ condition: 'intact', records: ['a', 'b', 'c', 'd'] })
    await cp(join(root, 'log'), join(root, 'gap'), { recursive: true })
    await rm(segment('gap', 2))
    expect(await held('gap')).toMatchObject({ condition: 'damaged', records: [] })
    await cp(join(root, 'log'), join(root, 'short'), { recursive: true })
    await truncate(segment('short', 2), SEGMENT_HEADER_BYTES + 5)
    expect(await held('short')).toMatchObject({ condition: 'damaged' })
  })

  test('a segment whose header was never finished is as if it had never been begun', async () => {
    await written([['a']])
    for (const header of [Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(SEGMENT_HEADER_BYTES)]) {
      await copyFile(segment('log', 1), join(root, 'kept'))
      await writeFile(segment('log', 2), header)
      expect(await held()).toEqual({ condition: 'intact', records: ['a'], salvaged: [] })
      expect(await readFile(segment('log', 1))).toEqual(await readFile(join(root, 'kept')))
    }
  })

  test('segments are dropped oldest first, so whatever remains is whole', async () => {
    const { log } = await open()
    for (const text of ['a', 'b', 'c']) {
      log.append(body(text))
      await log.rotate()
    }
    await log.dropBefore(3)
    log.append(body('d'))
    await log.close()
    expect(await held()).toMatchObject({ condition: 'intact', records: ['c', 'd'] })
  })

  test('after the first failure it refuses everything', async () => {
    const { log } = await open()
    await log.close()
    expect(() => log.append(body('late'))).toThrow('closed')
    await expect(log.sync(true)).rejects.toThrow('closed')
  })

  test('a record over the cap is the caller’s mistake', async () => {
    const { log } = await open()
    expect(() => log.append(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(RangeError)
    await log.close()
  })
})

test('a log of more records than a call takes arguments is read back', async () => {
  const { log } = await open()
  const count = 200_000
  for (let record = 0; record < count; record += 1) log.append(body('x'))
  await log.close()
  const again = await open()
  expect([again.records.length, again.condition]).toEqual([count, 'intact'])
  await again.log.close()
})

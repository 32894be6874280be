import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AbcBenchOptions, abcCells, benchAbc } from '../../src/lab/abc/abc-bench.js'
import { abcReport } from '../../src/lab/abc/abc-report.js'
import { abcSummary } from '../../src/lab/abc/abc-summary.js'
import type { AbcCell } from '../../src/lab/abc/cell.js'
import { FAULTS } from '../../src/lab/abc/faults.js'
import { runAbcCell } from '../../src/lab/abc/run-cell.js'
import { type LabSystem, SYSTEMS, systemOf } from '../../src/lab/abc/systems.js'
import { workOf } from '../../src/lab/abc/work.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-abc-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const system = SYSTEMS[0] as LabSystem
const bkr = systemOf('acs/bkr,rbc/ct,aba/quadratic,coin/local')

const cell = (more: Partial<AbcCell> = {}): AbcCell => ({
  preset: system.name,
  n: 4,
  batch: 5,
  txBytes: 64,
  transport: 'memory',
  faults: 'none',
  seconds: 3_600,
  repeat: 1,
  ...more,
})

/** A clock of which every look costs a millisecond. */
const steps = () => {
  let now = 0
  return () => {
    now += 1
    return now
  }
}

const options = (more: Partial<AbcBenchOptions> = {}): AbcBenchOptions => ({
  systems: [system, bkr],
  sizes: [4, 5],
  batches: [1, 4],
  txBytes: 64,
  transport: 'memory',
  faults: ['none'],
  seconds: 0.01,
  repeat: 1,
  out: join(folder, 'run'),
  inThisProcess: true,
  cellSeconds: 60,
  onProgress: () => {},
  ...more,
})

describe('a cell in memory', () => {
  test('every proposal of every epoch is delivered everywhere, and counted once', () => {
    const figures = runAbcCell(cell(), system, { now: steps(), epochsMax: 4 })
    expect(figures).toMatchObject({
      epochs: 4,
      emptyEpochs: 0,
      proposalsPerEpoch: 4,
      committedTx: 4 * 4 * 5,
      agrees: true,
    })
    expect(figures.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  test('counts are the same every time, whatever the clock says', () => {
    const first = runAbcCell(cell(), system, { now: steps(), epochsMax: 1 }).counted
    expect(runAbcCell(cell(), system, { epochsMax: 1 }).counted).toEqual(first)
    const { messagesByWork, messagesPerEpoch = 0, steps: chain } = first ?? {}
    expect(Object.values(messagesByWork ?? {}).reduce((sum, count) => sum + count, 0)).toBeCloseTo(
      messagesPerEpoch,
    )
    // Three steps of the broadcast, and one of the agreement on what all propose.
    expect(chain).toBe(4)
  })

  test.each(Object.keys(FAULTS))('under %s correct members agree and go on', faults => {
    for (const one of [system, bkr]) {
      const figures = runAbcCell(cell({ faults, preset: one.name }), one, { now: steps(), epochsMax: 3 })
      expect(figures.agrees).toBe(true)
      expect(figures.epochs).toBe(3)
      if (faults === 'crash-f' || faults === 'byz2') expect(figures.proposalsPerEpoch).toBe(3)
    }
  })

  test('a system with dealt keys runs with its real coin', () => {
    const cobalt = systemOf('acs/bkr,rbc/ct,aba/cobalt,coin/cks')
    const figures = runAbcCell(cell({ preset: cobalt.name, batch: 1 }), cobalt, {
      now: steps(),
      epochsMax: 1,
    })
    expect(figures.counted?.messagesByWork.coin).toBeGreaterThan(0)
    expect(figures.workMsPerEpoch?.coin).toBeGreaterThan(0)
  })
})

test('a composition that does not fit is refused with a sentence', () => {
  expect(() => systemOf('acs/bkr,rbc/ct,raba/quadratic,coin/local')).toThrow('needs an Aba, because')
})

test('a message belongs to the deepest part that it is for', () => {
  const inner = { type: 'raba', proposer: 1, message: { type: 'coin', round: 1, message: {} } }
  expect(workOf({ epoch: 1, message: inner })).toBe('coin')
  expect(
    workOf({ epoch: 1, message: { ...inner, message: { type: 'finalvote', message: { type: 'rbc' } } } }),
  ).toBe('agreement')
  expect(workOf({ epoch: 1, message: { type: 'rbc', proposer: 0, message: { type: 'echo' } } })).toBe(
    'broadcast',
  )
})

test('a comparison resumes, reports, and says what ran where', async () => {
  expect(abcCells(options({ repeat: 2 }))).toHaveLength(16)
  const result = await benchAbc(options())
  expect(result).toMatchObject({ resumed: 0, isComplete: true, failures: [] })
  expect((await benchAbc(options())).resumed).toBe(8)
  const report = abcReport(result, { parts: [], keys: [{ keys: 'coin/cks', n: 4, cpuMs: 3 }] })
  expect(report.figures.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'F1-memory-n4',
      'F2-memory-n4',
      'F3-memory-n4',
      'F4-memory',
      'F5-memory',
      'F6-memory',
      'F8-messages',
      'F8-bytes',
    ]),
  )
  expect(report.tables.map(({ id }) => id)).toEqual(['T2', 'Cells', 'T3'])
  for (const { svg } of report.figures) expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  expect(abcSummary(result, 'x')).toContain(system.name)
})

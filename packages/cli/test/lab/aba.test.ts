import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bit, Effects } from '@mc/protocol'
import { type AgreementParams, quadraticRaba } from '@mc/raba'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AbaBenchOptions, benchAba } from '../../src/lab/aba/aba-bench.js'
import { abaReport } from '../../src/lab/aba/aba-report.js'
import { abaSummary } from '../../src/lab/aba/aba-summary.js'
import { ADVERSARIES } from '../../src/lab/aba/adversaries.js'
import type { AbaCell } from '../../src/lab/aba/cell.js'
import { countGoodCase } from '../../src/lab/aba/good-case.js'
import { castOf, INPUTS, type InputPattern } from '../../src/lab/aba/inputs.js'
import { variantsOf } from '../../src/lab/aba/job.js'
import { TIMED_NETWORKS } from '../../src/lab/aba/networks.js'
import { runAbaCell } from '../../src/lab/aba/run-cell.js'
import { VARIANTS } from '../../src/lab/aba/variants.js'
import { htmlPage } from '../../src/lab/report/html.js'
import type { Variant } from '../../src/lab/variant.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const cellOf = (variant: string, more: Partial<AbaCell> = {}): AbaCell => ({
  variant,
  n: 4,
  inputs: 'mixed',
  adversary: 'none',
  network: 'random',
  firstSeed: 0,
  seeds: 6,
  ...more,
})

const options = (out: string, more: Partial<AbaBenchOptions> = {}): AbaBenchOptions => ({
  variants: ['raba/quadratic', 'aba/cobalt'],
  sizes: [4],
  inputs: ['all1', 'mixed'],
  adversaries: ['none'],
  networks: ['random'],
  firstSeed: 0,
  seeds: 4,
  out: join(folder, out),
  jobs: 0,
  cellSeconds: 60,
  onProgress: () => {},
  ...more,
})

describe('theory: the good case of every variant costs what its formula says, to the message and to the step', () => {
  test.each(VARIANTS.map(variant => [variant.name, variant] as const))('%s', (_, variant) => {
    for (const n of [4, 5, 6, 7, 8, 9, 10]) {
      for (const bit of [0, 1] as const) {
        const { formula, messages, steps } = countGoodCase(variant, n, bit)
        expect({ n, bit, messages, steps }).toEqual({
          n,
          bit,
          messages: formula?.messages,
          steps: formula?.steps,
        })
      }
    }
  })
})

describe('cells', () => {
  test.each(VARIANTS.map(variant => [variant.name, variant] as const))(
    '%s decides and keeps its laws under every adversary',
    (name, variant) => {
      for (const adversary of Object.keys(ADVERSARIES)) {
        const figures = runAbaCell(cellOf(name, { adversary }), variant)
        expect(figures.violations).toEqual([])
        expect({ adversary, undecided: figures.undecided }).toEqual({ adversary, undecided: 0 })
        expect(figures.rounds.min).toBeGreaterThanOrEqual(1)
      }
    },
  )

  test('equal cells give equal figures but for processor time; another seed gives others', () => {
    const [variant] = VARIANTS as [Variant]
    const { cpuMs: _, ...first } = runAbaCell(cellOf(variant.name, { adversary: 'content-aware' }), variant)
    const { cpuMs: __, ...second } = runAbaCell(cellOf(variant.name, { adversary: 'content-aware' }), variant)
    expect(second).toEqual(first)
    const other = runAbaCell(cellOf(variant.name, { adversary: 'content-aware', firstSeed: 100 }), variant)
    expect(other.traceHash).not.toBe(first.traceHash)
  })

  test('a network with a clock tells virtual time, more of it where members are further apart', () => {
    const [variant] = VARIANTS as [Variant]
    const medians = Object.keys(TIMED_NETWORKS).map(
      network =>
        runAbaCell(cellOf(variant.name, { network, inputs: 'all1' }), variant).decidedMs?.median as number,
    )
    const [lan = 0, wan5 = 0] = medians
    expect(lan).toBeGreaterThan(0)
    expect(wan5).toBeGreaterThan(10 * lan)
  })

  test('one correct member, or f + 1 of them, propose 1; the cast of a seed is the same for all variants', () => {
    const ones = (inputs: InputPattern) => {
      const { proposals, byzantine } = castOf(3, 7, inputs)
      return proposals.filter((bit, member) => bit === 1 && !byzantine.includes(member)).length
    }
    expect([ones('all0'), ones('one'), ones('fplus1'), ones('all1')]).toEqual([0, 1, 3, 5])
    expect(castOf(3, 7, 'mixed')).toEqual(castOf(3, 7, 'mixed'))
    expect(Object.keys(INPUTS)).toHaveLength(5)
  })
})

describe('journal', () => {
  test('a finished cell is not run again, a line that was cut off is', async () => {
    const first = await benchAba(options('resume'))
    const path = join(folder, 'resume', 'cells.jsonl')
    expect(first).toMatchObject({ resumed: 0, isComplete: true })
    const lines = readFileSync(path, 'utf8')
    expect((await benchAba(options('resume'))).resumed).toBe(4)
    expect(readFileSync(path, 'utf8')).toBe(lines)
    truncateSync(path, lines.length - 40)
    expect((await benchAba(options('resume'))).resumed).toBe(3)
    const after = await benchAba(options('resume'))
    expect(after.resumed).toBe(4)
    expect(after.rows.map(({ figures }) => figures?.traceHash)).toEqual(
      first.rows.map(({ figures }) => figures?.traceHash),
    )
  })

  test('a run that is stopped keeps what it has, and goes on later', async () => {
    const answers = [false, false, true]
    const stopped = await benchAba(options('stopped', { isOver: () => answers.shift() ?? true }))
    expect(stopped.isComplete).toBe(false)
    expect(stopped.rows).toHaveLength(2)
    expect(await benchAba(options('stopped'))).toMatchObject({ resumed: 2, isComplete: true })
  })

  test('each line names its cell, the fingerprint, the seeds, the commit and the machine, and says that it is simulated', async () => {
    await benchAba(options('lines'))
    appendFileSync(join(folder, 'lines', 'cells.jsonl'), 'not json\n')
    const [line = ''] = readFileSync(join(folder, 'lines', 'cells.jsonl'), 'utf8').split('\n')
    const row = JSON.parse(line)
    expect(row).toMatchObject({ schema: 'mc-lab/1', taken: 'simulated', cell: { firstSeed: 0, seeds: 4 } })
    expect(row.figures.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(row.commit).not.toBe('')
    expect(row.machine.cores).toBeGreaterThan(0)
  })
})

describe('a stranger’s variants', () => {
  const config = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  test('one that throws becomes rows with the reason, and the run goes on', async () => {
    const path = config(
      'throws.mjs',
      `export const variants = [{ name: 'mine', make: () => { throw new Error('no coin today') } }]`,
    )
    const result = await benchAba(options('throws', { config: path, variants: ['mine', 'raba/quadratic'] }))
    expect(result.isComplete).toBe(true)
    expect(result.failures.map(({ failure }) => failure)).toEqual(['no coin today', 'no coin today'])
    expect(result.rows.filter(({ figures }) => figures !== undefined)).toHaveLength(2)
    const report = abaReport(result)
    expect(report.tables.find(({ id }) => id === 'Failures')?.rows).toHaveLength(2)
    expect(abaSummary(result, 'x')).toContain('FAILED')
  })

  test('one that breaks a law is told so, and no figure is drawn of it', () => {
    const stubborn: Variant = {
      name: 'stubborn',
      make: ({ localCoin }) => ({
        ...quadraticRaba({ coin: localCoin }),
        create: ({ committee }: AgreementParams, effects: Effects<unknown, Bit>) => ({
          handleInput: () => effects.output(committee.self === 0 ? 0 : 1),
          handleMessage: () => {},
        }),
      }),
    }
    const figures = runAbaCell(cellOf('stubborn'), stubborn)
    expect(figures.violations.join()).toMatch(/^(agreement|support)/)
  })

  test.each([
    ['nothing.mjs', 'export default {}', 'exports no list of variants'],
    ['unnamed.mjs', 'export default { variants: [{ make: () => 0 }] }', 'variants[0].name'],
    ['unmade.mjs', `export default { variants: [{ name: 'mine' }] }`, 'variants[0].make (mine)'],
    ['broken.mjs', 'export default {', 'broken.mjs: '],
  ])('a module that is wrong is told what is wrong: %s', async (name, text, expected) => {
    await expect(variantsOf(config(name, text))).rejects.toThrow(expected)
  })
})

test('the report has its fixed figures and tables, loads nothing, and cannot be broken by a name', async () => {
  const path = join(folder, 'named.mjs')
  const result = await benchAba(options('report', { sizes: [4, 5] }))
  const report = abaReport(result)
  expect(report.figures.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['F8-raba-messages', 'F9-raba-means', 'F9-aba-none']),
  )
  expect(report.tables.map(({ id }) => id)).toEqual(['T2', 'T2b', 'Cells'])
  expect(report.facts.join(' ')).toContain('Simulated')
  const html = htmlPage({ ...report, title: '<img src=x onerror=alert(1)>' })
  expect(html).not.toContain('<img')
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<script|<link/)
  expect(html).toContain('prefers-color-scheme:dark')
  expect(path).toContain(folder)
})

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, mc, running } from '../mc.js'

let folder = ''
beforeAll(async () => {
  await build()
  folder = await mkdtemp(join(tmpdir(), 'mc-lab-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const small = ['--n', '4', '--inputs', 'all1,mixed', '--adversary', 'none,split', '--seeds', '3']

test('mc bench aba compares a stranger’s variant with ours in threads, and writes journal, tables, figures and one page', async () => {
  const out = join(folder, 'own')
  const config = ['--config', 'examples/your-own-aba/my-bench.mjs', '--variants', 'mine,raba/quadratic']
  const { code, json } = await mc(['bench', 'aba', ...config, ...small, '--out', out, '--json'])
  expect(code).toBe(0)
  expect(json).toMatchObject({ isComplete: true, cells: 8, failures: [] })
  expect((await readdir(out)).sort()).toEqual([
    'cells.jsonl',
    'command.txt',
    'figures',
    'report.html',
    'tables.md',
  ])
  const rows = (await readFile(join(out, 'cells.jsonl'), 'utf8')).trim().split('\n')
  expect(rows).toHaveLength(8)
  const again = await mc(['bench', 'aba', ...config, ...small, '--out', out, '--json'])
  expect(again.json.resumed).toBe(8)
})

test('a run that is interrupted ends with 130, and the same command goes on', async () => {
  const out = join(folder, 'interrupted')
  const args = ['bench', 'aba', '--n', '4,7', '--seeds', '40', '--jobs', '1', '--out', out, '--json']
  const { child, ended } = running(args)
  const told = new Promise<void>(resolve =>
    child.stderr?.on('data', chunk => /\d+\/\d+ cells/.test(String(chunk)) && resolve()),
  )
  await told
  child.kill('SIGINT')
  const { code, json } = await ended
  expect(code).toBe(130)
  expect(json.isComplete).toBe(false)
  expect(json.cells).toBeGreaterThan(0)
  const rows = (await readFile(join(out, 'cells.jsonl'), 'utf8')).trim().split('\n')
  expect(rows).toHaveLength(json.cells)
})

test('mc bench abc measures each cell in a process of its own', async () => {
  const out = join(folder, 'systems')
  const args = [
    '--presets',
    'waterbear-qs-q',
    '--n',
    '4',
    '--batch',
    '5',
    '--seconds',
    '1',
    '--repeat',
    '1',
    '--no-crypto',
  ]
  const { code, json } = await mc(['bench', 'abc', ...args, '--faults', 'none,byz3', '--out', out, '--json'])
  expect(code).toBe(0)
  expect(json.rows.map((row: { readonly faults: string }) => row.faults)).toEqual(['none', 'byz3'])
  for (const { figures } of json.rows) expect(figures).toMatchObject({ agrees: true, emptyEpochs: 0 })
})

test('mc variants lists all parts and systems, and shows one in full', async () => {
  const { json } = await mc(['variants', '--json'])
  expect(json.parts.map((part: { readonly name: string }) => part.name)).toContain('raba/quadratic')
  expect(json.presets.map((preset: { readonly name: string }) => preset.name)).toContain('waterbear-qs-q')
  expect((await mc(['variants', 'raba/quadratic'])).out).toContain('quadraticRaba')
})

test.each([
  [['bench', 'aba', '--variants', 'nobody'], "option '--variants <names>' argument 'nobody'", 'aba/bracha'],
  [['bench', 'aba', '--n', '3'], "option '--n <sizes>' argument '3'", 'whole numbers from 4 to 64'],
  [['bench', 'aba', '--adversary', 'evil'], "option '--adversary <names>' argument 'evil'", 'content-aware'],
  [['bench', 'aba', '--config', '/does/not/exist.mjs'], '--config /does/not/exist.mjs', 'Cannot find module'],
  [['bench', 'abc', '--faults', 'byz9'], "option '--faults <names>' argument 'byz9'", 'byz3'],
  [
    ['bench', 'abc', '--transport', 'pigeon'],
    "option '--transport <kind>' argument 'pigeon'",
    'memory, libp2p',
  ],
  [
    ['bench', 'abc', '--compose', 'acs/bkr,rbc/ct,raba/quadratic,coin/local'],
    '--compose',
    'needs an Aba, because',
  ],
  [['variants', 'nobody'], 'there is no "nobody"', 'raba/quadratic'],
] as const)('wrong usage ends with 2 and says what is allowed: %j', async (args, named, allowed) => {
  const { code, json } = await mc([...args, '--json'])
  expect(code).toBe(2)
  expect(json.error.message).toContain(named)
  expect(json.error.message).toContain(allowed)
})

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { build, mc, type Running, running } from './mc.js'
import { line } from './operations.js'

vi.setConfig({ testTimeout: 120_000 })

/** One story, told in order: a network is founded, used, stopped, started again, disturbed. */
let directory = ''
let network = ''
let genesis = ''
let ops = ''
const started: Running[] = []

beforeAll(async () => {
  await build()
  directory = await mkdtemp(join(tmpdir(), 'mc-start-'))
  network = join(directory, 'network')
  genesis = join(network, 'genesis.json')
  ops = join(directory, 'operations.jsonl')
  const good = Array.from({ length: 24 }, (_, at) => line(at).text)
  const forged = line(100).text.replace(/"signature":"[0-9a-f]{8}/, '"signature":"00000000')
  const long = JSON.stringify({ ...JSON.parse(good[0] ?? ''), body: { text: 'x'.repeat(66_000) } })
  const lines = [...good, '{"realm":', good[3], forged, long, line(101, 'hello', 'elsewhere').text]
  await writeFile(ops, lines.join('\n'))
})

afterAll(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGKILL')
    await ended
  }
  await rm(directory, { recursive: true, force: true })
})

const start = (...args: string[]): string[] => ['start', '--dir', network, '--ops', ops, '--json', ...args]

const agreeing = { nodes: 4, sameBlocks: true, sameStateRoot: true, lightClientVerified: true }

test('a network is founded, all good operations are on the ledger of all, each bad line is named, and it stays up', async () => {
  const run = running(start())
  started.push(run)
  const summary = await run.firstJson()
  expect(summary).toMatchObject({
    ...agreeing,
    operationsSubmitted: 26,
    operationsCommitted: 24,
    operationsRefused: 5,
    operationsAlreadyOnLedger: 0,
    operationsOnLedger: 24,
  })
  expect(summary.epochs).toBeGreaterThan(0)
  expect(summary.latencyMs.p50).toBeGreaterThan(0)
  expect(summary.latencyMs.p99).toBeGreaterThanOrEqual(summary.latencyMs.p50)
  expect(summary.api).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)

  const inUse = await mc(start('--once'))
  expect(inUse.json.error).toMatchObject({
    rule: 'directory/in-use',
    message: expect.stringContaining(String(run.child.pid)),
  })
  expect(inUse.code).toBe(2)

  const key = join(directory, 'author.key')
  await mc(['key', 'new', key])
  const input = '{"kind":"comment","body":{"text":"新的一条 \\u001b[31m"}}\n{"kind":7}\n'
  const submitted = await mc(['op', 'submit', '-', '--key', key, '--dir', network, '--json'], input)
  expect(submitted.json).toMatchObject({ submitted: 1, committed: 1, refused: [{ line: 2, field: 'kind' }] })
  expect(submitted.code).toBe(2)
  const [id] = submitted.json.ids
  const [got, listed, proven, block, status] = await Promise.all([
    mc(['op', 'get', id, '--dir', network]),
    mc(['op', 'ls', '--from', '24', '--dir', join(network, 'nodes', '3'), '--json']),
    mc(['op', 'verify', id, '--genesis', genesis, '--dir', network, '--json']),
    mc(['block', 'verify', '0', '--genesis', genesis, '--dir', network, '--json']),
    mc(['node', 'status', '--api', summary.api, '--token-file', summary.apiTokenFile, '--json']),
  ])
  expect(got.out).toContain('新的一条')
  expect(got.out).not.toContain('\u001b')
  expect(listed.json.operations).toMatchObject([{ id, position: 24 }])
  expect(proven.json).toMatchObject({ verified: true })
  expect(block.json).toMatchObject({ verified: true, epoch: 0 })
  expect(status.json).toMatchObject({ name: 'town-hall', operations: 25, peersConnected: 3, state: 'voting' })
  expect((await mc(['op', 'get', '0'.repeat(64), '--dir', network])).code).toBe(1)

  run.child.kill('SIGINT')
  const { code, err } = await run.ended
  expect(code).toBe(0)
  for (const text of [
    'line 25: no JSON',
    'line 26: the same operation as line 4',
    'line 27: the signature is not the author’s',
    'line 28: body: 66011 bytes, need at most 65536',
    'line 29: signed for "elsewhere", this network is "town-hall"',
  ]) {
    expect(err).toContain(text)
  }
  await expect(stat(join(network, 'lock'))).rejects.toThrow()
  for (const node of [0, 1, 2, 3])
    await expect(stat(join(network, 'nodes', String(node), 'lock'))).rejects.toThrow()
})

test('a port that is taken is named with its file; new ports mend it; members end with a starter that is killed', async () => {
  const settings = JSON.parse(await readFile(join(network, 'nodes', '1', 'node.json'), 'utf8'))
  const other = createServer()
  await new Promise<void>(resolve => other.listen(settings.api.port, '127.0.0.1', resolve))
  const refused = await mc(start('--once'))
  expect(refused.json.error).toMatchObject({ rule: 'port/taken', field: 'api.port' })
  expect(refused.json.error.message).toContain(`port ${settings.api.port}`)
  expect(refused.code).toBe(2)
  const run = running(['net', 'up', '--new-ports', '--dir', network, '--json'])
  started.push(run)
  const { members } = await run.firstJson()
  await new Promise(resolve => other.close(resolve))
  expect(members).toHaveLength(4)
  run.child.kill('SIGKILL')
  await run.ended
  const isUp = (url: string): Promise<boolean> =>
    fetch(`${url}/v1/health`).then(
      () => true,
      () => false,
    )
  for (const { api } of members) while (await isUp(api)) await new Promise(resolve => setImmediate(resolve))
})

test('a second start goes on where the first ended: nothing is submitted twice, nothing is lost', async () => {
  const again = await mc(start('--once'))
  expect(again.json).toMatchObject({
    ...agreeing,
    operationsCommitted: 24,
    operationsAlreadyOnLedger: 24,
    operationsRefused: 5,
    operationsOnLedger: 25,
  })
  expect(again.code).toBe(0)
})

test('what a network was founded with stays: another number of members or another system is a mistake', async () => {
  const [nodes, preset] = await Promise.all([mc(start('--nodes', '5')), mc(start('--preset', 'waterbear-q'))])
  expect(nodes.json.error).toMatchObject({
    rule: 'usage/nodes',
    message: expect.stringContaining('has 4 members'),
  })
  expect(preset.json.error).toMatchObject({
    rule: 'usage/preset',
    message: expect.stringContaining('waterbear-qs-q'),
  })
  expect([nodes.code, preset.code]).toEqual([2, 2])
})

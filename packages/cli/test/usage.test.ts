import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, mc } from './mc.js'

let directory = ''
beforeAll(async () => {
  await build()
  directory = await mkdtemp(join(tmpdir(), 'mc-usage-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('every command explains itself with examples and exits with 0', async () => {
  const commands = [
    'start',
    'net up',
    'net genesis',
    'node init',
    'node start',
    'node status',
    'op submit',
    'op get',
  ]
  const more = [
    'op ls',
    'op verify',
    'block show',
    'block verify',
    'key new',
    'key show',
    'bench',
    'bench aba',
    'bench abc',
    'variants',
    'sim',
    ...['org init', 'org show', 'id new', 'id rotate', 'member ls', 'member add', 'domain show'],
    ...['topic new', 'topic why', 'topic vectors', 'propose', 'comment', 'vote', 'freeze', 'evaluate'],
    ...['challenge', 'candidate', 'mandate ls', 'exception ls', 'contract simulate', 'verify split'],
    ...['watch', 'outbox send', 'defend', 'topic log', 'member leave', 'mandate report', 'contract actions'],
  ]
  const helps = await Promise.all([...commands, ...more].map(name => mc([...name.split(' '), '--help'])))
  for (const { code, out } of helps) {
    expect(code).toBe(0)
    expect(out).toContain('Usage: mc ')
    expect(out).toMatch(/Examples?:/)
  }
  const { out } = await mc(['--help'])
  for (const name of ['start', 'net', 'node', 'op', 'block', 'key', 'bench', 'variants', 'sim'])
    expect(out).toContain(`\n  ${name} `)
})

test.each([
  [['start', '--preset', 'nobody'], 'preset/unknown', 'waterbear-qs-q'],
  [['start', '--nodes', '3'], 'usage/nodes', 'need 4 to 64'],
  [['start', '--nodes', 'many'], 'usage/wrong', 'need a whole number'],
  [['start', '--ops', '/does/not/exist'], 'input/unreadable', 'no such file'],
  [['frobnicate'], 'usage/wrong', 'frobnicate'],
  [['op', 'get', 'x', '--dir', '/does/not/exist'], 'directory/no-node', '/does/not/exist'],
  [['op', 'get', 'x', '--api', 'ftp://x'], 'usage/api', 'http://127.0.0.1'],
  [
    ['block', 'verify', '1', '--genesis', '/does/not/exist', '--dir', '/x'],
    'directory/unreadable',
    '/does/not/exist',
  ],
  [['key', 'show', '/does/not/exist'], 'key/unreadable', '/does/not/exist'],
  [['org', 'init', '--name', 'x', '--dir', '/does/not/exist'], 'usage/people', '--people or --card'],
  [['vote', 'aa', '--as', 'ann', '--dir', '/does/not/exist'], 'usage/vote', '--approve'],
  [['freeze', 'aa', '--as', 'ann', '--dir', '/does/not/exist'], 'usage/freeze', 'freezes you too'],
  [['topic', 'new', 'раураl', '--dir', '/does/not/exist'], 'input/title', 'Cyrillic and Latin'],
  [['topic', 'leave', 'aa', '--as', 'ann', '--dir', '/does/not/exist'], 'usage/as', 'nobody has a keystore'],
])('wrong usage ends with 2 and says why: mc %j', async (args, rule, message) => {
  const { code, json } = await mc([...args, '--json'])
  expect(json?.error).toMatchObject({ rule, message: expect.stringContaining(message) })
  expect(code).toBe(2)
})

test('the vectors of the rules hold in this program, and one that does not ends with 1', async () => {
  const vectors = fileURLToPath(new URL('../../topics/test/topics.vectors.json', import.meta.url))
  const right = await mc(['topic', 'vectors', vectors, '--json'])
  expect(right).toMatchObject({ code: 0, json: { failed: 0 } })
  expect(right.json.cases.length).toBeGreaterThan(20)
  const changed = JSON.parse(await readFile(vectors, 'utf8'))
  await writeFile(
    join(directory, 'wrong.json'),
    JSON.stringify({ ...changed, splitSizes: [{ ...changed.splitSizes[0], g: 99 }] }),
  )
  const wrong = await mc(['topic', 'vectors', join(directory, 'wrong.json'), '--json'])
  expect(wrong).toMatchObject({ code: 1, json: { failed: 1 } })
})

test('without --json an error is one line on standard error, harmless on a terminal', async () => {
  const { code, out, err } = await mc(['op', 'get', 'x', '--dir', '/does/not/\u001b[31mexist'])
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toContain('/does/not/\\u{1b}[31mexist is no data directory of a node')
  expect(err).not.toContain('\u001b')
})

test('members on different machines: keys, a genesis, a data directory for each', async () => {
  const keys = await Promise.all(
    [0, 1, 2, 3].map(index => mc(['key', 'new', join(directory, `${index}.key`), '--json'])),
  )
  const again = await mc(['key', 'new', join(directory, '0.key'), '--json'])
  expect(again.json.error.rule).toBe('key/unwritable')
  expect((await stat(join(directory, '0.key'))).mode & 0o777).toBe(0o600)
  expect((await mc(['key', 'show', join(directory, '0.key')])).out.trim()).toBe(keys[0]?.json.publicKey)
  const members = keys.flatMap(({ json }, index) => [
    '--member',
    `m${index},${json.publicKey},/ip4/10.0.0.${index}/tcp/4001`,
  ])
  const genesis = join(directory, 'genesis.json')
  const written = await mc(['net', 'genesis', '--name', 'our-town', ...members])
  await writeFile(genesis, written.out)
  const init = (key: string, dir: string) =>
    mc([
      'node',
      'init',
      '--dir',
      join(directory, dir),
      '--genesis',
      genesis,
      '--key',
      join(directory, key),
      '--json',
    ])
  const first = await init('2.key', 'node')
  expect(first.json).toMatchObject({ member: 2, name: 'm2', listen: ['/ip4/10.0.0.2/tcp/4001'] })
  expect(JSON.parse(await readFile(join(directory, 'node', 'genesis.json'), 'utf8'))).toEqual(
    JSON.parse(written.out),
  )
  expect((await init('2.key', 'node')).json.error.rule).toBe('directory/exists')
  await mc(['key', 'new', join(directory, 'stranger.key')])
  expect((await init('stranger.key', 'other')).json.error.rule).toBe('key/no-member')
})

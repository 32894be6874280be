import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, mc, running } from './mc.js'

let directory = ''
beforeAll(async () => {
  await build()
  directory = await mkdtemp(join(tmpdir(), 'mc-keys-'))
}, 300_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a network begins without keys, generates those of beat0 on its log, and an operation on them is proven from the genesis', async () => {
  const network = join(directory, 'keyed')
  const up = running(['net', 'up', '--dir', network, '--keys', 'beat0', '--json'])
  try {
    expect(await up.firstJson()).toMatchObject({ preset: 'beat0', directory: network })
    const key = join(directory, 'me.key')
    await mc(['key', 'new', key])
    const line = JSON.stringify({ kind: 'comment', body: { text: 'on keys that nobody dealt' } })
    const submitted = await mc(['op', 'submit', '-', '--key', key, '--dir', network, '--json'], line)
    expect(submitted.code, submitted.err).toBe(0)
    const { out } = await mc(['op', 'ls', '--dir', network, '--json'])
    const comment = JSON.parse(out).operations.find(
      ({ operation }: { readonly operation: { readonly kind: string } }) => operation.kind === 'comment',
    )
    const genesis = join(network, 'genesis.json')
    const verified = await mc(['op', 'verify', comment.id, '--genesis', genesis, '--dir', network, '--json'])
    expect(verified.code, verified.err).toBe(0)
  } finally {
    up.child.kill('SIGINT')
    await up.ended
  }
  const again = await mc(['net', 'up', '--dir', network, '--once', '--json'])
  expect(again.code, again.err).toBe(0)
  expect(again.json.preset).toBe('beat0')
}, 300_000)

test.each([
  [['--keys', 'nobody'], 'preset/unknown', 'honey-badger, beat0'],
  [['--keys', 'waterbear-q'], 'preset/unknown', 'over keys'],
  [['--preset', 'beat0'], 'preset/unknown', '--keys beat0'],
])('net up %s: exit code 2, %s', async (flags, rule, hint) => {
  const { code, json } = await mc(['net', 'up', '--dir', join(directory, 'none'), ...flags, '--json'])
  expect(code).toBe(2)
  expect(json.error).toMatchObject({ rule })
  expect(json.error.message).toContain(hint)
})

/** The prompt for a password, on a terminal that `script` of util-linux makes. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readKeystore } from '../../src/organisation/keystore-file.js'
import { build } from '../mc.js'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const hasTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')

let directory = ''
beforeAll(async () => {
  await build()
  directory = await mkdtemp(join(tmpdir(), 'mc-prompt-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** Runs `mc` on a terminal; each answer is typed when its question stands there. */
function onTerminal(args: string, answers: readonly (readonly [question: string, typed: string])[]) {
  const { MC_PASSWORD: _, ...env } = process.env
  const command = `${process.execPath} packages/cli/dist/mc.js ${args}`
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: root, env })
  let shown = ''
  let seen = 0
  const waiting = [...answers]
  child.stdout.on('data', chunk => {
    shown += chunk
    const [next] = waiting
    if (next === undefined || !shown.slice(seen).includes(next[0])) return
    seen = shown.length
    waiting.shift()
    child.stdin.write(next[1])
  })
  return new Promise<{ readonly code: number | null; readonly shown: string }>(resolve =>
    child.once('close', code => resolve({ code, shown })),
  )
}

const make = (name: string): string => `id new ${join(directory, name)} --quick-keystores --lang en`

describe.skipIf(hasTerminals !== true)('a password that is typed', () => {
  test('is asked for twice, is not shown, and opens the keystore; a letter can be taken back', async () => {
    const { code, shown } = await onTerminal(make('ann.keys'), [
      ['New password for', 'secreX\u007ft\r'],
      ['The same again', 'secret\r'],
    ])
    expect({ code, shown }).toMatchObject({ code: 0 })
    expect(shown).not.toContain('secre')
    const { secrets } = await readKeystore(join(directory, 'ann.keys'), 'secret')
    expect(secrets.keys).toHaveLength(1)
    const words = await onTerminal(`id backup --keys ${join(directory, 'ann.keys')} --lang zh`, [
      ['密码，密钥库', 'secret\r'],
    ])
    expect(words).toMatchObject({ code: 0, shown: expect.stringContaining('24 ') })
  })

  test('twice differently, or empty, makes no keystore', async () => {
    const different = await onTerminal(make('bob.keys'), [
      ['New password for', 'one\r'],
      ['The same again', 'two\r'],
    ])
    expect(different).toMatchObject({ code: 2, shown: expect.stringContaining('the two passwords differ') })
    const empty = await onTerminal(make('bob.keys'), [
      ['New password for', '\r'],
      ['The same again', '\r'],
    ])
    expect(empty).toMatchObject({ code: 2, shown: expect.stringContaining('protects nothing') })
    await expect(readKeystore(join(directory, 'bob.keys'), 'one')).rejects.toMatchObject({
      rule: 'key/unreadable',
    })
  })

  test('is not given: Ctrl-C ends with 130', async () => {
    const { code, shown } = await onTerminal(make('eve.keys'), [['New password for', 'se\u0003']])
    expect({ code, shown }).toMatchObject({
      code: 130,
      shown: expect.stringContaining('no password was given'),
    })
  })
})

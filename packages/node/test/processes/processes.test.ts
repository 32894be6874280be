import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

interface Figures {
  readonly [name: string]: unknown
  readonly contradictions: readonly string[]
  readonly failures: readonly string[]
}

async function scenario(name: string, ...options: readonly string[]): Promise<Figures> {
  const { stdout } = await run(process.execPath, [path('run.mjs'), name, ...options, '--json'])
  const figures = JSON.parse(stdout) as Figures
  console.info(figures)
  return figures
}

const KILLS = process.env['MC_KILLS'] ?? '6'

describe('real processes, real transport', () => {
  beforeAll(async () => {
    await run(process.execPath, [path('../../../../scripts/build.mjs')])
  }, 300_000)

  test('members that are killed at any moment lose nothing acknowledged and contradict nothing', async () => {
    const figures = await scenario('kill', '--kills', KILLS)
    expect(figures).toMatchObject({ lost: 0, contradictions: [], failures: [] })
  }, 1_800_000)

  test('a member that floods is named and disconnected, and the others go on', async () => {
    const figures = await scenario('flood', '--seconds', '4')
    expect(figures).toMatchObject({ failures: [], accusedOthers: [] })
    expect(figures['disconnections']).toBeGreaterThan(0)
    expect(figures['ratio']).toBeGreaterThan(0.1)
    expect(figures['rssGrowthMiB']).toBeLessThan(300)
  }, 300_000)

  test('a member that was away for many epochs comes back under load', async () => {
    const figures = await scenario('away', '--epochs', '30')
    expect(figures).toMatchObject({ lost: 0, contradictions: [], failures: [] })
  }, 300_000)

  test('two of four stop: nothing is agreed; one comes back, and nothing is lost', async () => {
    const figures = await scenario('halves')
    expect(figures).toMatchObject({ committedByTwo: 0, lost: 0, contradictions: [], failures: [] })
  }, 300_000)

  test('members and system change while they run, and a node is killed during each change', async () => {
    const figures = await scenario('change')
    expect(figures).toMatchObject({
      lost: 0,
      failures: [],
      states: ['voting', 'following', 'following', 'voting', 'voting', 'voting'],
      verified: { configuration: 4 },
    })
  }, 600_000)
})

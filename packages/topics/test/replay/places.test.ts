/** Two independent replays, in different locales and time zones, give the same state roots. */
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { TOPIC_STATES } from '@mc/topics'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @ts-expect-error a program without types
import { PLACES, replayAt, replayProgram } from './program.mjs'

interface Replay {
  readonly where: Readonly<Record<string, string | number>>
  readonly histories: readonly (readonly string[])[]
  readonly states: readonly string[]
}

let program = ''
beforeAll(async () => {
  program = await replayProgram()
})
afterAll(() => rmSync(dirname(program), { recursive: true }))

const histories = Math.min(200, Number(process.env['MC_SEEDS'] ?? 10))

test('every block has the same root in every language and time zone', async () => {
  const replays: Replay[] = []
  for (const place of PLACES) replays.push(await replayAt(program, place, { histories }))
  const [first] = replays as [Replay]
  for (const one of replays) expect(one.histories).toEqual(first.histories)
  expect(first.histories).toHaveLength(histories)
  // The places are really different: letters, numbers and hours are written otherwise there.
  const seen = (what: string) => new Set(replays.map(({ where }) => where[what])).size
  expect([seen('locale'), seen('order'), seen('noon')]).toEqual([PLACES.length, 2, PLACES.length])
  expect(seen('number')).toBeGreaterThanOrEqual(3)
  // And the histories see something of the world.
  expect(TOPIC_STATES.filter(state => first.states.includes(state)).length).toBeGreaterThan(8)
})

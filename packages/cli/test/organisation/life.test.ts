/** An organisation of three people on four nodes, by the built command alone. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, type Ended, mc, type Running, running } from '../mc.js'

const PEOPLE = ['ann', 'bob', 'eve'] as const
type Name = (typeof PEOPLE)[number]

let directory = ''
let up: Running | undefined

const CODE = `01551220${'ab'.repeat(32)}`
const EXPECTING = ['--meet', '25s', '--publicity', '3s', '--capacity', '5']

beforeAll(async () => {
  process.env['MC_PASSWORD'] = 'a password for trying out'
  await build()
  directory = await mkdtemp(join(tmpdir(), 'mc-organisation-'))
  const rules = { rules: { general: { minActivate: 3, activeSlots: 3 } } }
  await writeFile(join(directory, 'rules.json'), JSON.stringify(rules))
  const action = { type: 'registry.set', key: 'roof', cid: CODE, expect: null }
  await writeFile(join(directory, 'actions.json'), JSON.stringify([action]))
})

afterAll(async () => {
  up?.child.kill('SIGTERM')
  await up?.ended
  await rm(directory, { recursive: true, force: true })
})

const here = (...args: readonly string[]): Promise<Ended> => mc([...args, '--dir', directory, '--json'])

/** A command that must succeed, and what it says. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
async function done(...args: readonly string[]): Promise<any> {
  const { code, json, err } = await here(...args)
  expect({ code, err, json }, args.join(' ')).toMatchObject({ code: 0 })
  return json
}

const as = (name: Name, ...args: readonly string[]) => done(...args, '--as', name)

/** Waits until a topic is in this state; in meetings, until everybody has a seat. */
async function reached(topic: string, state: string) {
  for (;;) {
    const view = await done('topic', 'show', topic)
    const seated = view.meetings.reduce((sum: number, { voters }: { voters: number }) => sum + voters, 0)
    if (view.topic.state === state && (state !== 'meeting' || seated === 3)) return view
  }
}

async function inMeetings(
  title: string,
  privacy: string,
  opener: Name,
  expecting = EXPECTING,
): Promise<string> {
  const { topic } = await as(opener, 'topic', 'new', title, '--privacy', privacy, ...expecting)
  const others = PEOPLE.filter(name => name !== opener)
  await Promise.all(others.map(name => as(name, 'topic', 'join', topic.slice(0, 12), ...expecting)))
  await reached(topic, 'meeting')
  return topic
}

async function decided(topic: string, proposer: Name, program: readonly string[]): Promise<void> {
  const { proposal } = await as(proposer, 'propose', topic, '--text', 'our words', ...program)
  await Promise.all(PEOPLE.map(name => as(name, 'vote', topic, '--approve', proposal.slice(0, 12))))
  await reached(topic, 'executed')
}

test('three people found an organisation, decide in the open and in secret, and prove what came of it', {
  timeout: 240_000,
}, async () => {
  const founded = await done(
    ...['org', 'init', '--name', 'village', '--people', PEOPLE.join(','), '--nodes', '4', '--quick'],
    ...['--quick-keystores', '--rules', join(directory, 'rules.json')],
  )
  expect(founded).toMatchObject({ name: 'village', nodes: 4, unowned: 1, people: [...PEOPLE] })
  up = running(['net', 'up', '--dir', directory, '--json'])
  await up.firstJson()
  const [open, secret] = await Promise.all([
    inMeetings('A new roof', 'identified', 'ann'),
    inMeetings('谁来管钥匙', 'secret', 'eve'),
  ])
  await Promise.all([
    decided(open, 'ann', ['--actions', join(directory, 'actions.json')]),
    decided(secret, 'eve', []),
  ])
  const small = ['--meet', '1h', '--publicity', '3s', '--capacity', '2']
  const fence = await inMeetings('A fence', 'pseudonymous', 'bob', small)
  const split = await done('verify', 'split', fence)
  expect(split).toMatchObject({ verified: true, round: 1, seed: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(split.groups.map((group: readonly string[]) => group.length)).toEqual([2, 1])
  const tally = await done('verify', 'tally', open)
  expect(tally.meetings[0]).toMatchObject({ ballots: 3, tally: [{ approvals: 3 }] })
  expect((await done('verify', 'tally', secret)).meetings[0]).toMatchObject({ ballots: 3 })
  expect((await done('verify', 'topic', open)).state).toBe('executed')
  expect((await as('bob', 'verify', 'ballot', secret)).ballots).toHaveLength(1)
  const { topics } = await done('topic', 'ls', '--state', 'executed')
  expect(topics).toHaveLength(2)

  const late = await here('vote', open, '--none', '--as', 'bob')
  expect(late).toMatchObject({ code: 1, json: { error: { rule: 'topics/meeting-closed' } } })
  expect(late.json.error.message).toMatch(/closed at L=\d+, now L=\d+/)
  const { operations } = await as('bob', 'outbox', 'ls')
  expect(operations).toMatchObject([{ what: 'vote', topic: open, reason: { rule: 'topics/meeting-closed' } }])

  const text = (await mc(['topic', 'show', open, '--dir', directory, '--lang', 'zh'])).out
  expect(text).toContain('已执行')

  const genesis = JSON.parse(await readFile(join(directory, 'genesis.json'), 'utf8'))
  await writeFile(join(directory, 'other.json'), JSON.stringify({ ...genesis, time: genesis.time + 1 }))
  const other = await here('verify', 'topic', open, '--genesis', join(directory, 'other.json'))
  expect(other).toMatchObject({ code: 1, json: { error: { rule: 'light/not-verified' } } })
})

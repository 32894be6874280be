/** Whole lives by the commands as people type them: one network, seven people, every command of an organisation. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, type Ended, mc, type Running, running } from '../mc.js'

const FOUNDERS = ['ann', 'bob', 'eve', 'sun', 'kim', 'joe'] as const
const quickly = (): readonly string[] => ['--meet', window, '--publicity', '2s', '--capacity', '9']

let directory = ''
let up: Running | undefined
let window = '12s'

beforeAll(async () => {
  process.env['MC_PASSWORD'] = 'a password for trying out'
  await build()
  directory = await mkdtemp(join(tmpdir(), 'mc-commands-'))
  const rules = Object.fromEntries(
    ['general', 'constitution', 'membership'].map(name => [
      name,
      { minActivate: 4, activeSlots: 9, evaluationWindow: 60 },
    ]),
  )
  await written('rules.json', { rules, parameters: { epochLength: 10, resumeMin: 1 } })
  await done(
    ...['org', 'init', '--name', 'village', '--people', FOUNDERS.join(','), '--nodes', '4', '--quick'],
    ...['--quick-keystores', '--rules', at('rules.json')],
  )
  up = running(['net', 'up', '--dir', directory, '--json'])
  await up.firstJson()
  window = await paceOf()
})

/** Seconds of a meeting: enough for a dozen commands on this machine, as busy as it is. */
async function paceOf(): Promise<string> {
  const from = performance.now()
  await Promise.all(['ann', 'bob', 'eve', 'sun'].map(name => as(name, 'id', 'show')))
  return `${Math.min(45, Math.max(16, Math.ceil((25 * (performance.now() - from)) / 1_000)))}s`
}

afterAll(async () => {
  up?.child.kill('SIGTERM')
  await up?.ended
  await rm(directory, { recursive: true, force: true })
})

const at = (name: string): string => join(directory, name)

async function written(name: string, value: unknown): Promise<string> {
  await writeFile(at(name), JSON.stringify(value))
  return at(name)
}

const here = (...args: readonly string[]): Promise<Ended> => mc([...args, '--dir', directory, '--json'])

/** A command that must succeed, and what it says. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
async function done(...args: readonly string[]): Promise<any> {
  const { code, json, err } = await here(...args)
  expect(code, `mc ${args.join(' ')}: ${json?.error?.message ?? err}`).toBe(0)
  return json
}

const as = (name: string, ...args: readonly string[]) => done(...args, '--as', name)

/** A command that must fail by this rule, with this exit code; what it says about it. */
async function refused(code: 1 | 2, rule: string, ...args: readonly string[]): Promise<string> {
  const ended = await here(...args)
  expect({ code: ended.code, error: ended.json?.error }, args.join(' ')).toMatchObject({
    code,
    error: { rule },
  })
  return ended.json.error.message
}

/** What people read. */
async function read(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await mc([...args, '--dir', directory])
  expect({ code, err }, args.join(' ')).toMatchObject({ code: 0 })
  return out
}

/** Waits for an event, or a state. */
const happens = (topic: string, what: string) =>
  done('watch', '--topic', topic, '--until', what, '--timeout', '300s')

/** Three others join; the rules open the meetings when there are four. */
async function joined(topic: string, people: readonly [string, string, string]): Promise<void> {
  await Promise.all(people.map(name => as(name, 'topic', 'join', topic, ...quickly())))
  await happens(topic, 'meeting')
}

const vote = (people: readonly string[], topic: string, approve: string) =>
  Promise.all(people.map(name => as(name, 'vote', topic, '--approve', approve)))

/** What others wait for is done once. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= run()
    return running
  }
}

const school = once(async () => {
  const kind = ['--domain', 'constitution', '--kind', 'domain']
  const { topic } = await as('ann', 'topic', 'new', 'A domain for the school', ...kind, ...quickly())
  await joined(topic, ['bob', 'eve', 'joe'])
  const actions = await written('school.json', {
    type: 'domain.create',
    names: { en: 'School', zh: '学校' },
    parameters: { activeSlots: 2 },
  })
  const { proposal } = await as('ann', 'propose', topic, '--text', 'they decide', '--actions', actions)
  await vote(['ann', 'bob', 'eve'], topic, proposal.slice(0, 8))
  await happens(topic, 'executed')
  return done('domain', 'show', 'school')
})

const newcomer = once(async () => {
  const genesis = ['--genesis', at('genesis.json'), '--quick-keystores', '--json']
  const { code, json } = await mc(['id', 'new', at('zoe.keys'), '--name', 'Zoe', ...genesis])
  expect({ code, json }).toMatchObject({ code: 0, json: { cardFile: at('zoe.card.json') } })
  await refused(1, 'identity/not-a-member', 'id', 'show', '--keys', at('zoe.keys'))
  const { topic } = await as(
    'bob',
    'member',
    'add',
    at('zoe.card.json'),
    '--text',
    'we know her',
    ...quickly(),
  )
  await joined(topic, ['ann', 'eve', 'joe'])
  const { proposal } = await as('bob', 'propose', topic, '--admit', at('zoe.card.json'), '--text', 'yes')
  await vote(['ann', 'bob', 'eve'], topic, proposal.slice(0, 8))
  await happens(topic, 'executed')
  return done('id', 'show', '--keys', at('zoe.keys'))
})

describe.concurrent('by the commands alone', { timeout: 400_000 }, () => {
  test('a domain is created: what an action leaves out is as it is elsewhere', async () => {
    const { names, parameters } = await school()
    expect(names).toContainEqual({ language: 'zh', text: '学校' })
    expect(parameters).toMatchObject({ minActivate: 4, activeSlots: 2, evaluationWindow: 60 })
  })

  test('a person comes in, from its own keys and card to membership', async () => {
    const { state, id } = await newcomer()
    expect(state).toBe('active')
    expect((await done('member', 'ls')).members).toContainEqual(expect.objectContaining({ id, state }))
    const other = ['--quick-keystores', '--json']
    await mc(['id', 'new', at('stranger.keys'), ...other])
    const said = await refused(
      2,
      'input/other-organisation',
      ...['member', 'add', at('stranger.card.json'), '--as', 'joe'],
    )
    expect(said).toContain('made for the organisation')
  })

  test('a suspicious member is challenged by name, defends itself, and is removed', async () => {
    const evidence = randomBytes(32).toString('hex')
    const about = ['challenge', 'kim', '--title', 'Two nodes, one person', '--evidence', evidence]
    await refused(
      2,
      'usage/evidence',
      'challenge',
      'kim',
      '--title',
      'x',
      '--evidence',
      'abcd',
      '--as',
      'eve',
    )
    const { topic, target } = await as('eve', ...about, '--text', 'look', ...quickly())
    await joined(topic, ['ann', 'joe', 'kim'])
    await as('kim', 'defend', topic, '--text', 'one is my sister’s')
    await refused(1, 'topics/not-the-target', 'defend', topic, '--text', 'no', '--as', 'joe')
    await Promise.all([vote(['ann', 'eve', 'joe'], topic, 'remove'), vote(['kim'], topic, 'keep')])
    const text = await read('topic', 'show', topic, '--lang', 'zh')
    expect(text).toContain(`对象`)
    expect(text).toContain(`${target} (kim)`)
    await happens(topic, 'executed')
    expect(await done('member', 'show', 'kim')).toMatchObject({ id: target, state: 'removed', name: 'kim' })
    await refused(1, 'topics/not-a-member', 'topic', 'new', 'again', '--as', 'kim')
  })

  test('somebody is elected on a condition, reports, and the power ends when the condition holds', async () => {
    const { topic } = await as(
      'sun',
      'topic',
      'new',
      'Who keeps the keys?',
      '--kind',
      'election',
      ...quickly(),
    )
    await joined(topic, ['ann', 'eve', 'joe'])
    await refused(1, 'topics/wrong-candidacy', 'propose', topic, '--text', 'me', '--as', 'sun')
    const none = await written('no-terms.json', { powers: ['event'], term: '90d' })
    const candidate = ['candidate', topic, '--text', 'until there are rules', '--as', 'sun', '--terms']
    expect(await refused(2, 'input/malformed-terms', ...candidate, none)).toContain('terms.conversion')
    const { clock } = await done('org', 'show')
    const conversion = { type: 'clockAtLeast', clock: clock + 2 * Number.parseInt(window, 10) }
    const ended = done('watch', '--until', 'converted', '--timeout', '300s')
    const terms = await written('terms.json', {
      powers: ['event'],
      term: '90d',
      reportEvery: '1d',
      conversion,
    })
    const { proposal } = await done(...candidate, terms)
    expect(await read('topic', 'show', topic)).toContain('This ends when')
    await vote(['eve', 'joe', 'sun'], topic, proposal.slice(0, 8))
    await happens(topic, 'executed')
    const [mandate] = (await done('mandate', 'ls')).mandates
    expect(mandate).toMatchObject({ powers: ['event'], isEnded: false })
    await as('sun', 'mandate', 'report', mandate.id.slice(0, 10), '--text', 'all keys are there')
    await ended
    expect(await done('mandate', 'show', mandate.id)).toMatchObject({ isEnded: true })
    expect(await read('mandate', 'ls', '--lang', 'zh')).toContain('已结束')
  })

  test('a decision is simulated, made, frozen, judged, carried out, and proven', async () => {
    const { id: domain } = await school()
    const meet = ['--meet', window, '--publicity', window]
    const { topic } = await as(
      'ann',
      'topic',
      'new',
      'A new roof',
      '--text',
      'the old one leaks',
      ...meet,
      '--domain',
      'school',
    )
    expect((await done('topic', 'ls', '--domain', domain.slice(0, 8))).topics).toHaveLength(1)
    await Promise.all(['bob', 'joe', 'sun'].map(name => as(name, 'topic', 'join', topic, ...meet)))
    await happens(topic, 'meeting')
    const actions = await written('roof.json', { type: 'registry.set', key: 'roof', text: 'slate' })
    expect(await done('contract', 'simulate', topic, '--actions', actions)).toMatchObject({
      execution: { outcome: 'executed' },
    })
    const wrong = await written('wrong.json', { type: 'registry.sett', key: 'roof' })
    expect(
      await refused(2, 'input/malformed-action', 'contract', 'simulate', topic, '--actions', wrong),
    ).toContain('there are registry.set')
    await as('joe', 'comment', topic, '--text', 'tiles are cheaper')
    const { proposal } = await as('ann', 'propose', topic, '--text', 'slate', '--actions', actions)
    expect(await read('topic', 'show', topic, '--lang', 'zh')).toContain('将“roof”设为内容')
    await vote(['ann', 'bob', 'joe'], topic, proposal.slice(0, 8))
    await as('sun', 'vote', topic, '--none')
    expect((await as('ann', 'topic', 'show', topic)).own).toEqual({
      isParticipant: true,
      meeting: 0,
      approvals: [proposal],
    })
    await refused(1, 'topics/not-in-publicity', 'freeze', topic, '--yes', '--as', 'sun')
    await happens(topic, 'publicity')
    await refused(2, 'usage/freeze', 'freeze', topic, '--as', 'sun')
    expect(await as('sun', 'freeze', topic, '--yes')).toMatchObject({ state: 'frozen' })
    await refused(1, 'topics/frozen-member', 'evaluate', 'resume', topic, '--as', 'sun')
    expect(await read('topic', 'show', topic)).toContain('stands still')

    const kept = await here('topic', 'new', 'While frozen', ...meet, '--as', 'sun')
    expect(kept).toMatchObject({ code: 1, json: { error: { rule: 'topics/frozen-member', kept: true } } })
    for (const name of ['ann', 'bob', 'joe', 'eve']) {
      const ended = await here('evaluate', 'resume', topic, '--as', name)
      if (ended.json.state === 'publicity') break
    }
    await refused(1, 'topics/unknown-case', 'evaluate', 'cancel', topic, '--as', 'bob')
    const [one] = (await as('sun', 'outbox', 'ls')).operations.filter(
      ({ what }: { what: string }) => what === 'createTopic',
    )
    expect(await as('sun', 'outbox', 'send', one.id.slice(0, 8))).toMatchObject({
      sent: [{ id: expect.any(String) }],
    })
    await as('sun', 'outbox', 'drop', '--all')
    expect((await as('sun', 'outbox', 'ls')).operations).toEqual([])

    await happens(topic, 'executed')
    await refused(1, 'watch/over', 'watch', '--topic', topic, '--until', 'topic-cancelled')
    const { log } = await done('topic', 'log', topic)
    expect(log.map(({ what }: { what: string }) => what)).toEqual(
      expect.arrayContaining(['createTopic', 'join', 'comment', 'propose', 'vote', 'freeze', 'evaluate']),
    )
    expect(log).toContainEqual(expect.objectContaining({ what: 'comment', text: 'tiles are cheaper' }))
    expect(await done('verify', 'topic', topic)).toMatchObject({ verified: true, state: 'executed' })
    const tally = await done('verify', 'tally', topic)
    expect(tally.meetings[0]).toMatchObject({ ballots: 4, tally: [{ proposal, approvals: 3 }] })
    expect((await as('ann', 'verify', 'ballot', topic)).ballots).toMatchObject([{ approvals: [proposal] }])
    expect(await read('verify', 'tally', topic, '--lang', 'zh')).toContain('已证明')
    expect((await done('topic', 'why', topic)).reasons.map(({ of }: { of: string }) => of)).toContain(
      'publicity',
    )
  })

  test('a newcomer and somebody with a new key sit in small meetings, and every round is dealt again', async () => {
    await newcomer()
    const meet = ['--meet', window, '--publicity', '2s', '--capacity', '2']
    const hidden = ['--privacy', 'pseudonymous', ...meet]
    const { topic } = await as('joe', 'topic', 'new', 'Where does the bench go?', ...hidden)
    const people = ['bob', 'joe', 'sun', 'zoe'] as const
    const keysOf = (name: string): readonly string[] =>
      name === 'zoe' ? ['--keys', at('zoe.keys')] : ['--as', name]
    await Promise.all(
      ['bob', 'sun', 'zoe'].map(name => done('topic', 'join', topic, ...meet, ...keysOf(name))),
    )
    const { fromEpoch } = await as('sun', 'id', 'rotate')
    expect((await as('sun', 'id', 'show')).keys.at(-1)).toMatchObject({ from: fromEpoch })
    await happens(topic, 'meeting')
    expect((await done('topic', 'show', topic)).topic.round).toMatchObject({ number: 1, meetings: 2 })
    const nextRound = happens(topic, 'round-opened')
    await Promise.all(
      people.map(async name => {
        const { proposal } = await done('propose', topic, '--text', `where ${name} likes it`, ...keysOf(name))
        await done('vote', topic, '--approve', proposal.slice(0, 10), ...keysOf(name))
      }),
    )
    await nextRound
    const first = await done('verify', 'split', topic, '--round', '1')
    expect(first.groups.map((group: readonly string[]) => group.length)).toEqual([2, 2])
    const second = await done('verify', 'split', topic)
    expect(second).toMatchObject({ verified: true, round: 2, groups: [expect.any(Array)] })
    expect(second.groups[0]).toHaveLength(4)
    expect((await done('verify', 'tally', topic, '--round', '1')).meetings).toHaveLength(2)
    await refused(1, 'light/not-verified', 'verify', 'split', topic, '--round', '3')
    const { candidates } = (await done('topic', 'show', topic)).meetings[0]
    await done('vote', topic, '--approve', candidates[0].slice(0, 10), ...keysOf('sun'))
    await happens(topic, 'executed')
    expect((await done('topic', 'tree', topic)).meetings).toHaveLength(3)
  })

  test('what is asked wrongly ends with 2 and says what there is; what does not happen in time, with 1', async () => {
    await refused(2, 'input/unknown-id', 'topic', 'show', '00000000')
    await refused(2, 'usage/as', 'topic', 'new', 'x', '--as', 'nobody')
    await refused(2, 'usage/wrong', 'org', 'show', '--lang', 'fr')
    await refused(2, 'usage/wrong', 'watch', '--until', 'topic-finished')
    await refused(1, 'watch/timeout', 'watch', '--until', 'upgrade-settled', '--timeout', '1s')
    const { code, err } = await mc(['topic', 'show', 'zz', '--dir', directory, '--lang', 'zh'])
    expect(code).toBe(2)
    expect(err).toContain('需要十六进制的 id 开头')
    expect(err).toContain('mc topic ls')
    const { org } = await done('org', 'show')
    expect(org).toBe(JSON.parse(await readFile(join(directory, 'people', 'ann.card.json'), 'utf8')).org)
  })
})

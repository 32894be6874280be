import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import { genesisDomainId } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { actionsIn } from '../../src/organisation/action-json.js'
import { durationFrom, durationText } from '../../src/organisation/duration.js'
import { byPrefix } from '../../src/organisation/ids.js'
import { fill, languageOf } from '../../src/organisation/language.js'
import { EVENTS } from '../../src/organisation/texts/events.js'
import { HINTS } from '../../src/organisation/texts/hints.js'
import { RULES_ZH } from '../../src/organisation/texts/rules-zh.js'
import { textsIn } from '../../src/organisation/texts/texts.js'
import { plainFrom, titleFrom } from '../../src/organisation/writing.js'
import { columns, table } from '../../src/terminal/table.js'

const flawed = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    const { rule, field, message } = error as { rule: string; field: string; message: string }
    return { rule, field, message }
  }
  return undefined
}

describe('ids', () => {
  const things = [
    { id: `aa11${'0'.repeat(60)}` },
    { id: `aa22${'0'.repeat(60)}` },
    { id: `bb${'0'.repeat(62)}` },
  ]

  test('the beginning of an id is enough while it fits one thing only', () => {
    expect(byPrefix('topic', 'B', things)).toBe(things[2])
    expect(byPrefix('topic', 'aa2', things)).toBe(things[1])
    expect(flawed(() => byPrefix('topic', 'aa', things))).toMatchObject({
      rule: 'input/ambiguous-id',
      field: 'topic',
      message: expect.stringContaining('aa110000, aa220000'),
    })
    expect(flawed(() => byPrefix('topic', 'cc', things))).toMatchObject({ rule: 'input/unknown-id' })
    expect(flawed(() => byPrefix('topic', 'roof', things))).toMatchObject({ rule: 'input/malformed-id' })
    expect(flawed(() => byPrefix('topic', '', things))).toMatchObject({ rule: 'input/malformed-id' })
  })
})

describe('lengths of time', () => {
  test.each([
    ['90', 90],
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['3d', 259_200],
  ])('%s is %i seconds', (text, seconds) => {
    expect(durationFrom(text)).toBe(seconds)
  })

  test.each(['', '1.5h', '-3d', '3w', 'soon', '1 h'])('"%s" is none', text => {
    expect(() => durationFrom(text)).toThrow('length of time')
  })

  test('people read the two largest units', () => {
    expect([0, 59, 3_600, 90_061].map(durationText)).toEqual(['0s', '59s', '1h', '1d 1h'])
  })
})

describe('actions in JSON', () => {
  const member = '11'.repeat(32)

  test('bytes are hexadecimal, and the first domains may be named', () => {
    const text = JSON.stringify({ type: 'domain.setSlots', domain: 'general', slots: 3, expect: 1 })
    const [action] = actionsIn(text)
    expect(action).toMatchObject({ type: 'domain.setSlots', slots: 3, expect: 1 })
    const id = hex((action as { domain: Uint8Array }).domain)
    expect(id).toBe(hex(genesisDomainId('general', crypto.sha256)))
  })

  test.each([
    [
      [
        { type: 'member.remove', member },
        { type: 'member.remove', member: 'xyz' },
      ],
      'actions[1].member',
    ],
    [[{ type: 'member.abolish' }], 'actions[0].type'],
    [[{ type: 'member.remove', member, because: 'x' }], 'actions[0].because'],
    [[{ type: 'parameter.set', name: 'heartbeat', value: '9', expect: 60 }], 'actions[0].value'],
    [[7], 'actions[0]'],
  ])('what is wrong is named: %j', (actions, field) => {
    expect(flawed(() => actionsIn(JSON.stringify(actions)))).toMatchObject({
      rule: 'input/malformed-action',
      field,
    })
  })

  test('fractions and no JSON are refused', () => {
    expect(flawed(() => actionsIn('[{"value":1.5}]'))).toMatchObject({ rule: 'input/malformed-json' })
    expect(flawed(() => actionsIn('roof'))).toMatchObject({ rule: 'input/malformed-json' })
  })
})

describe('what people write', () => {
  test('a title that could be taken for another is refused with the reason', () => {
    expect(titleFrom('新屋顶 / A new roof')).toBe('新屋顶 / A new roof')
    expect(flawed(() => titleFrom('раураl'))).toMatchObject({
      rule: 'input/title',
      field: 'title',
      message: expect.stringContaining('Cyrillic and Latin'),
    })
    expect(flawed(() => titleFrom('roof\u202e'))).toMatchObject({
      message: expect.stringContaining('U+202E'),
    })
    expect(flawed(() => titleFrom(''))).toMatchObject({ rule: 'input/title' })
    expect(flawed(() => titleFrom('屋'.repeat(100)))).toMatchObject({
      message: expect.stringContaining('300 bytes'),
    })
  })

  test('a text keeps its lines, and no escape sequence', () => {
    expect(plainFrom('one\ntwo', 100)).toBe('one\ntwo')
    expect(flawed(() => plainFrom('\u001b[31mred', 100))).toMatchObject({ rule: 'input/text', field: 'text' })
  })
})

describe('languages', () => {
  test('--lang counts before the environment', () => {
    expect(languageOf(['topic', 'ls', '--lang', 'zh'], { LANG: 'en_GB.UTF-8' })).toBe('zh')
    expect(languageOf(['--lang=en'], { LC_ALL: 'zh_CN.UTF-8' })).toBe('en')
    expect(languageOf([], { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_GB.UTF-8' })).toBe('zh')
    expect(languageOf([], { LC_ALL: '', LANG: 'zh_TW' })).toBe('zh')
    expect(languageOf([], { LANG: 'de_DE' })).toBe('en')
    expect(languageOf(['--lang', 'fr'], { LANG: 'zh_CN' })).toBe('zh')
  })

  const [EN, ZH] = [textsIn('en'), textsIn('zh')]
  const leaves = (texts: object, path = ''): readonly (readonly [string, string])[] =>
    Object.entries(texts).flatMap(([name, value]) =>
      typeof value === 'string' ? [[`${path}${name}`, value] as const] : leaves(value, `${path}${name}.`),
    )
  const places = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort()

  test('both have the same texts, none empty, with the same places for values', () => {
    const [english, chinese] = [leaves(EN), new Map(leaves(ZH))]
    expect([...chinese.keys()].sort()).toEqual(english.map(([name]) => name).sort())
    for (const [name, text] of english) {
      const other = chinese.get(name) as string
      expect(text.length * other.length, name).toBeGreaterThan(0)
      expect(places(other), name).toEqual(places(text))
    }
  })

  test('help in both languages gives the same examples', () => {
    for (const [name, text] of leaves(EN).filter(([name]) => /help$/i.test(name))) {
      const commands = (help: string): readonly string[] =>
        help.split('\n').flatMap(line => /^ {2}mc [a-z]+( [a-z]+)?/.exec(line)?.[0] ?? [])
      const other = new Map(leaves(ZH)).get(name) as string
      expect(commands(other), name).toEqual(commands(text))
      expect(commands(text).length, name).toBeGreaterThan(0)
    }
  })

  test('every rule of topics, and every error of these commands, has its meaning in Chinese', async () => {
    const faults = await readFile(
      fileURLToPath(new URL('../../../../docs/faults.md', import.meta.url)),
      'utf8',
    )
    const rules = [...faults.matchAll(/`(topics\/[a-z-]+)`/g)].map(([, rule = '']) => rule)
    expect(rules.length).toBeGreaterThan(30)
    expect(rules.filter(rule => !Object.hasOwn(RULES_ZH, rule))).toEqual([])
  })

  test('hints and events speak both languages', () => {
    for (const [name, { en, zh }] of [...Object.entries(HINTS), ...Object.entries(EVENTS)])
      expect([name, en.length > 0, /[\u4e00-\u9fff]/.test(zh)]).toEqual([name, true, true])
  })

  test('a place without a value stays', () => {
    expect(fill('{who} on {where}', { who: 'ann' })).toBe('ann on {where}')
  })

  test('columns of a table stand under each other in both scripts', () => {
    expect(columns('账本时钟L')).toBe(9)
    expect(
      table([
        ['状态', 1],
        ['clock', 2],
      ]),
    ).toBe('状态   1\nclock  2\n')
  })
})

/** Operations on the wire, signers, sequence numbers, limits: section 14, example G. */
import { hex, utf8 } from '@mc/protocol/wire'
import {
  BUCKET_RULES,
  bodyCodec,
  flawOfText,
  flawOfTitle,
  fullBucket,
  OPERATION_BYTES_MAX,
  readOperation,
  signedOperationCodec,
  statementCodec,
  taken,
} from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { createTopic, DAY, note, PARAMS, registrySet, secretOf, sha256, Village } from './village.js'

const say = (topic: Uint8Array, text = 'hello') => ({ type: 'comment', topic, text }) as const

describe('operations on the wire', () => {
  test('one intent has one id, however it is proven and signed', () => {
    const village = new Village()
    const bytes = village.by('p0', { type: 'depart' })
    const decoded = signedOperationCodec.decode(bytes)
    const other = signedOperationCodec.encode({ ...decoded, signature: new Uint8Array(64).fill(7) })
    expect(hex(village.machine.operationId(other))).toBe(hex(village.machine.operationId(bytes)))
    expect(hex(village.machine.operationId(village.by('p0', { type: 'depart' })))).not.toBe(
      hex(village.machine.operationId(bytes)),
    )
  })

  test('any bytes have an id, and no bytes throw', () => {
    const village = new Village()
    for (const bytes of [new Uint8Array(0), Uint8Array.of(255), new Uint8Array(200).fill(9)]) {
      expect(village.machine.operationId(bytes)).toHaveLength(32)
      expect(village.refused(bytes)).toBe('topics/malformed-operation')
      expect(village.machine.admit(village.state, bytes)?.rule).toBe('topics/malformed-operation')
      expect(village.machine.author(bytes)).toHaveLength(32)
    }
    expect(readOperation(new Uint8Array(OPERATION_BYTES_MAX + 1), sha256())).toMatch(/bytes, need at most/)
  })

  test('a statement is bound to its organisation', () => {
    const village = new Village()
    const foreign = village.signed(
      { type: 'member', id: village.id('p0') },
      { type: 'depart' },
      message => village.identity.sign(secretOf('p0'), message),
      undefined,
      { realm: 'another village' },
    )
    expect(village.refused(foreign)).toBe('topics/wrong-realm')
  })

  test('golden bytes of a statement', () => {
    const statement = {
      realm: 'village',
      signer: { type: 'member', id: sha256() },
      seq: 3,
      body: { type: 'leave', topic: sha256() },
    } as const
    expect(hex(statementCodec.encode(statement))).toBe(
      `0776696c6c6167650${'0'}${hex(sha256())}03${'03'}${hex(sha256())}`,
    )
    expect(statementCodec.decode(statementCodec.encode(statement))).toEqual(statement)
  })

  test('actions nested too deep cannot be written', () => {
    const nested = (depth: number): never =>
      (depth === 0 ? note('x') : { type: 'schedule.at', clock: 1, actions: [nested(depth - 1)] }) as never
    const body = (depth: number) =>
      ({
        type: 'propose',
        meeting: sha256(),
        text: { type: 'cid', cid: sha256() },
        program: { type: 'actions', actions: [nested(depth)] },
        parent: undefined,
        candidacy: undefined,
      }) as const
    expect(() => bodyCodec.encode(body(2))).not.toThrow()
    expect(() => bodyCodec.encode(body(3))).toThrow(RangeError)
  })

  test('every kind of signer speaks of what is its own', () => {
    const village = new Village()
    expect(village.refused(village.by('p0', { type: 'ready' }))).toBe('topics/wrong-signer')
    expect(village.refused(village.byNode('p0', { type: 'depart' }))).toBe('topics/wrong-signer')
  })
})

describe('titles and texts', () => {
  test.each([
    ['', 'empty'],
    [' a', 'spaces'],
    ['a  b', 'spaces'],
    ['a\u0007', 'U+0007'],
    ['a\nb', 'U+000A'],
    ['\u202Eevil', 'U+202E'],
    ['\u2067x', 'U+2067'],
    ['a\u200Bb', 'U+200B'],
    ['soft\u00ADhyphen', 'U+00AD'],
    ['раyраl', 'Cyrillic and Latin'],
    ['Αthens', 'Greek and Latin'],
    ['ab\u200Dc', 'U+200D'],
    ['e\u0301\u0301\u0301\u0301', 'accents'],
    ['tag\u{E0041}', 'U+E0041'],
  ])('the title %j is refused: %s', (title, reason) => {
    expect(flawOfTitle(title)).toContain(reason)
  })

  test.each([
    '一座桥',
    'A bridge – Мост – Γέφυρα',
    'café',
    'cafe\u0301',
    'نص عربي',
    'नमस्ते क्‍ष',
    'Brücke №5',
    '橋を架ける',
  ])('the title %j is fine', title => {
    expect(flawOfTitle(title)).toBeUndefined()
  })

  test('a text may have lines, and no overrides', () => {
    expect(flawOfText('one\n\ttwo')).toBeUndefined()
    expect(flawOfText('one\u202Etwo')).toContain('U+202E')
    expect(flawOfText('one\u0000two')).toContain('U+0000')
  })

  test('an operation with such a title is malformed', () => {
    const village = new Village()
    const good = statementCodec.encode({
      realm: 'village',
      signer: { type: 'member', id: village.id('p0') },
      seq: 0,
      body: createTopic(village.id('p0'), { title: 'ABCDEFG' }),
    })
    const text = hex(good).replace(hex(utf8('ABCDEFG')), hex(utf8('A\u202EBCD')))
    const statement = Uint8Array.from({ length: text.length / 2 }, (_, at) =>
      Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
    )
    const bytes = signedOperationCodec.encode({ statement, proofs: [], signature: new Uint8Array(64) })
    expect(village.refusal(bytes)).toContain('U+202E')
  })
})

describe('§4 and §14 – sequence numbers', () => {
  test('gaps and duplicates are dropped; what was used never comes back', () => {
    const village = new Village()
    const id = village.open('p1')
    const [first, second, third] = [
      village.by('p0', say(id)),
      village.by('p0', say(id)),
      village.by('p0', say(id)),
    ]
    expect(village.refused(third as Uint8Array)).toBe('topics/gap')
    village.do(first as Uint8Array)
    expect(village.refused(first as Uint8Array)).toBe('topics/repeated')
    village.do(third as Uint8Array, second as Uint8Array)
  })

  test('a refused operation has used its number: it cannot come back when it would fit', () => {
    const village = new Village({ rules: { minActivate: 2 } })
    const id = village.nextTopicId('p1')
    const early = village.by('p0', { type: 'join', topic: id, params: PARAMS })
    expect(village.refused(early)).toBe('topics/unknown-topic')
    village.open('p1')
    expect(village.refused(early)).toBe('topics/repeated')
  })

  test('of two operations with one number the one with the smaller id counts', () => {
    const village = new Village()
    const id = village.open('p1')
    const one = village.by('p0', say(id, 'one'))
    village.rewind(village.id('p0'))
    const two = village.by('p0', say(id, 'two'))
    const { receipts } = village.block([one, two])
    const smaller = hex(village.machine.operationId(one)) < hex(village.machine.operationId(two)) ? 0 : 1
    expect(receipts.map(({ accepted }) => accepted)).toEqual([0, 1].map(at => at === smaller))
  })

  test('admit says what apply would say, and lets several of one person wait', () => {
    const village = new Village()
    const id = village.open('p1')
    const [first, second] = [village.by('p0', say(id)), village.by('p0', say(id))]
    const { admit } = village.machine
    expect(admit(village.state, first as Uint8Array)).toBeUndefined()
    expect(admit(village.state, second as Uint8Array)).toBeUndefined()
    const root = village.root()
    expect(admit(village.state, village.by('stranger', say(id)))?.rule).toBe('topics/not-a-member')
    expect(village.root()).toBe(root)
    village.do(first as Uint8Array)
    expect(admit(village.state, first as Uint8Array)?.rule).toBe('topics/repeated')
  })

  test('a wrong signature uses up nothing', () => {
    const village = new Village()
    const id = village.open('p1')
    const forged = village.by('p0', say(id), secretOf('p2'))
    expect(village.refused(forged)).toBe('topics/wrong-signature')
    village.rewind(village.id('p0'))
    expect(village.refused(village.by('p0', say(id)))).toBe('accepted')
  })
})

describe('§14 – buckets and caps', () => {
  test('example G', () => {
    const rule = { burst: 3, period: 60 }
    let bucket = fullBucket(rule, 0)
    const results = [0, 1, 2, 3, 59, 60, 61, 200].map(time => {
      const after = taken(bucket, rule, time, 1)
      bucket = after ?? bucket
      return after !== undefined
    })
    expect(results).toEqual([true, true, true, false, false, true, false, true])
  })

  test('the table of limits', () => {
    expect(BUCKET_RULES).toMatchObject({
      create: { burst: 2, period: 7 * DAY },
      join: { burst: 20, period: 3_600 },
      comment: { burst: 60, period: 60 },
      vote: { burst: 30, period: 60 },
      challenge: { burst: 1, period: 30 * DAY },
      vouch: { burst: 3, period: 7 * DAY },
      clock: { burst: 1, period: 60 },
      bytes: { burst: 64, period: 60 },
    })
  })

  test('sixty comments at once and no more; a minute later one', () => {
    const village = new Village()
    const id = village.open('p1')
    village.do(...Array.from({ length: 60 }, () => village.by('p0', say(id))))
    expect(village.refusal(village.by('p0', say(id)))).toContain('allows 60 at once and one per 60 s')
    village.rewind(village.id('p0'))
    village.block([], 60)
    expect(village.refused(village.by('p0', say(id)))).toBe('accepted')
  })

  test('64 KiB at once, and 1 KiB per minute', () => {
    const village = new Village()
    const id = village.open('p1')
    const long = 'x'.repeat(8_000)
    village.do(...Array.from({ length: 8 }, () => village.by('p0', say(id, long))))
    expect(village.refused(village.by('p0', say(id)))).toBe('topics/rate-limit')
  })

  test('a limited operation is refused before its signature is looked at', () => {
    const village = new Village()
    const id = village.open('p1')
    village.do(...Array.from({ length: 60 }, () => village.by('p0', say(id))))
    const before = village.identity.asked.signatures
    expect(village.machine.admit(village.state, village.by('p0', say(id)))?.rule).toBe('topics/rate-limit')
    expect(village.identity.asked.signatures).toBe(before)
  })

  test('what was checked when it came in is not checked again when it is agreed', () => {
    const village = new Village()
    const id = village.open('p1')
    const operation = village.by('p0', say(id))
    village.machine.admit(village.state, operation)
    const before = village.identity.asked.signatures
    village.do(operation)
    expect(village.identity.asked.signatures).toBe(before)
  })
})

test('an action’s program reaches the state as it was written', () => {
  const village = new Village()
  const id = village.open('p0')
  village.drawn()
  const proposal = village.propose(id, 'p0', { type: 'actions', actions: [registrySet('a'), note('b')] })
  const restored = village.restored()
  expect(restored.tables.proposals.must(proposal).program).toEqual({
    type: 'actions',
    actions: [registrySet('a'), note('b')],
  })
})

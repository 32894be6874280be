/** Publicity and the cooling-off: section 11, examples C, D, F. */
import type { FreezeCase } from '@mc/topics'
import { aggregate, publicityNeeded } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import {
  actions,
  createTopic,
  DAY,
  domainId,
  note,
  PARAMS,
  registrySet,
  Village,
  type VillageOptions,
} from './village.js'

const freezeOf = (topic: Uint8Array) => ({ type: 'freeze', topic }) as const
const caseOf = (village: Village, id: Uint8Array): FreezeCase =>
  village.state.tables.cases.must(village.topic(id).freezeCase as Uint8Array)

function published(options: VillageOptions = {}, voters: readonly string[] = ['p0', 'p1']) {
  const village = new Village({ people: 8, ...options })
  const id = village.decided(actions(registrySet('x')), {
    voters,
    body: { params: { ...PARAMS, publicity: 10 * DAY } },
  })
  const judge = (name: string, choice: 'resume' | 'cancel') =>
    village.by(name, { type: 'evaluate', freezeCase: village.topic(id).freezeCase as Uint8Array, choice })
  return { village, id, judge }
}

describe('§11.1', () => {
  test('example C: the fewer support a decision, the longer it is shown', () => {
    const length = (s: number) => Math.max(259_200, publicityNeeded(DAY, 100, s, { min: DAY, max: 90 * DAY }))
    expect([100, 67, 34, 10, 1].map(length)).toEqual([259_200, 259_200, 259_200, 864_000, 7_776_000])
  })

  test('example D: one extreme wish moves the mean, not the median', () => {
    const wishes = [...new Array<number>(22).fill(2 * DAY), 30 * DAY]
    expect((['mean', 'trim', 'median'] as const).map(kind => aggregate(kind, wishes))).toEqual([
      277_982, 172_800, 172_800,
    ])
  })

  test('publicityEnd = L + max(P̄, Pneed)', () => {
    const { village, id } = published()
    const { publicity } = village.topic(id)
    expect(publicity).toMatchObject({ members: 8, supporters: 2, needed: 4 * DAY })
    expect(publicity?.expected).toBe(Math.floor((10 * DAY + DAY) / 2))
  })
})

describe('§11.2 – Freeze', () => {
  test('an active member stops a topic in publicity and is frozen itself', () => {
    const { village, id } = published()
    village.do(village.by('p7', freezeOf(id)))
    expect(village.topic(id)).toMatchObject({ state: 'frozen', freezeCount: 1 })
    expect(village.member('p7').state).toBe('frozen')
    expect(village.topic(id).publicity?.remaining).toBe(
      (village.topic(id).publicity?.end ?? 0) - village.clock,
    )
  })

  test('a frozen member does nothing but speak about what it froze and keep its key', () => {
    const { village, id } = published()
    const other = village.open('p6')
    village.do(village.by('p7', freezeOf(id)))
    const tries = [
      createTopic(village.id('p7')),
      { type: 'join', topic: other, params: PARAMS },
      freezeOf(id),
      { type: 'comment', topic: other, text: 'no' },
      { type: 'evaluate', freezeCase: caseOf(village, id).id, choice: 'resume' },
      { type: 'depart' },
      { type: 'setGuardians', guardians: [] },
    ] as const
    for (const body of tries) {
      const rule = village.refused(village.by('p7', body))
      expect(rule, body.type).toBe('topics/frozen-member')
      if (body.type !== 'comment') village.rewind(village.id('p7'))
    }
    expect(village.refused(village.by('p7', { type: 'comment', topic: id, text: 'yes' }))).toBe('accepted')
  })

  test('more than half of the eligible end the evaluation early', () => {
    const { village, id, judge } = published()
    village.do(village.by('p7', freezeOf(id)))
    village.do(...['p0', 'p1', 'p2'].map(name => judge(name, 'cancel')))
    expect(village.topic(id).state).toBe('frozen')
    village.do(judge('p3', 'cancel'))
    expect(village.topic(id).state).toBe('cancelled')
    expect(village.member('p7').state).toBe('active')
    expect(village.state.tables.registry.size).toBe(0)
  })

  test('exactly half of the eligible does not end it', () => {
    const { village, id, judge } = published({ people: 9 })
    village.do(village.by('p7', freezeOf(id)))
    village.do(...['p0', 'p1', 'p2', 'p3'].map(name => judge(name, 'cancel')))
    expect(village.state.indexes.active).toBe(8)
    expect(village.topic(id).state).toBe('frozen')
  })

  test('example F: frozen with 2 d remaining, resumed on day 11: the new end is day 13', () => {
    const { village, id, judge } = published()
    const { end } = village.topic(id).publicity as { end: number }
    village.pass(end - 2 * DAY - village.clock)
    village.do(village.by('p7', freezeOf(id)))
    village.pass(3 * DAY)
    village.do(...['p0', 'p1', 'p2', 'p3'].map(name => judge(name, 'resume')))
    expect(village.topic(id)).toMatchObject({
      state: 'publicity',
      publicity: { end: village.clock + 2 * DAY },
    })
  })

  test('resume leaves one day at least', () => {
    const { village, id, judge } = published()
    const { end } = village.topic(id).publicity as { end: number }
    village.pass(end - 60 - village.clock)
    village.do(village.by('p7', freezeOf(id)))
    village.do(...['p0', 'p1', 'p2', 'p3'].map(name => judge(name, 'resume')))
    expect(village.topic(id).publicity?.end).toBe(village.clock + DAY)
  })

  test('at the end of the window the majority of the votes cast decides', () => {
    const { village, id, judge } = published()
    village.do(village.by('p7', freezeOf(id)))
    village.do(judge('p0', 'cancel'), judge('p1', 'cancel'), judge('p2', 'resume'))
    village.pass(7 * DAY)
    expect(village.topic(id).state).toBe('cancelled')
  })

  test('a tie extends once by the window; then the fail rule: full publicity again', () => {
    const { village, id, judge } = published()
    const full = Math.max(
      village.topic(id).publicity?.expected ?? 0,
      village.topic(id).publicity?.needed ?? 0,
    )
    village.pass(DAY)
    village.do(village.by('p7', freezeOf(id)))
    village.do(judge('p0', 'cancel'), judge('p1', 'resume'))
    village.pass(7 * DAY)
    expect(caseOf(village, id)).toMatchObject({ isExtended: true, outcome: 'open' })
    village.pass(7 * DAY)
    expect(village.topic(id)).toMatchObject({ state: 'publicity', publicity: { end: village.clock + full } })
    expect(village.member('p7').state).toBe('active')
  })

  test('nobody votes: evalQuorum is not met, and the fail rule decides after one extension', () => {
    const { village, id } = published({ rules: { freezeFail: 'cancel' } })
    village.do(village.by('p7', freezeOf(id)))
    village.pass(14 * DAY - 1, 7 * DAY)
    expect(village.topic(id).state).toBe('frozen')
    village.pass(1)
    expect(village.topic(id).state).toBe('cancelled')
  })

  test('guarded: kinds whose freezes cancel when they fail', () => {
    const village = new Village({
      people: 8,
      rules: { freezeFailCancels: ['domain'], evaluationQuorumPermille: 500 },
    })
    const id = village.decided(undefined, { body: { kind: 'domain', domain: domainId('constitution') } })
    village.do(village.by('p7', freezeOf(id)))
    const evaluate = { type: 'evaluate', freezeCase: caseOf(village, id).id, choice: 'resume' } as const
    village.do(village.by('p0', evaluate))
    village.pass(7 * DAY)
    village.block()
    village.pass(7 * DAY)
    expect(village.topic(id).state).toBe('cancelled')
  })

  test('a later judgement replaces the earlier one; who froze does not judge', () => {
    const { village, id, judge } = published()
    village.do(village.by('p7', freezeOf(id)))
    village.do(judge('p0', 'cancel'))
    village.do(judge('p0', 'resume'))
    expect(caseOf(village, id)).toMatchObject({ resume: 1, cancel: 0 })
  })

  test('the k-th case needs 2^(k−1) co-freezers, and each person freezes a topic once', () => {
    const { village, id, judge } = published()
    village.do(village.by('p7', freezeOf(id)))
    village.do(...['p0', 'p1', 'p2', 'p3'].map(name => judge(name, 'resume')))
    expect(village.refused(village.by('p7', freezeOf(id)))).toBe('topics/already-froze')
    village.do(village.by('p6', freezeOf(id)))
    expect(village.topic(id)).toMatchObject({ state: 'publicity', gathered: 1 })
    expect(village.member('p6').state).toBe('active')
    village.do(village.by('p5', freezeOf(id)))
    expect(village.topic(id)).toMatchObject({ state: 'frozen', freezeCount: 2, gathered: 0 })
    expect(['p5', 'p6'].map(name => village.member(name).state)).toEqual(['frozen', 'frozen'])
  })

  test('one open freeze per person', () => {
    const { village, id } = published({ rules: { activeSlots: 2 } })
    const other = village.decided(actions(note('y')), { voters: ['p2', 'p3'] })
    const { end } = village.topic(id).publicity as { end: number }
    expect(end).toBeGreaterThan(village.clock)
    // Wanting a second case of the first topic is an open freeze too.
    village.do(village.by('p7', freezeOf(id)))
    village.do(
      ...['p0', 'p1', 'p2', 'p3'].map(name =>
        village.by(name, {
          type: 'evaluate',
          freezeCase: village.topic(id).freezeCase as Uint8Array,
          choice: 'resume',
        }),
      ),
    )
    village.do(village.by('p6', freezeOf(id)))
    expect(village.refused(village.by('p6', freezeOf(other)))).toBe('topics/already-froze')
  })

  test('a freeze in the block that ends publicity beats the execution', () => {
    const { village, id } = published()
    const { end } = village.topic(id).publicity as { end: number }
    village.block([village.by('p7', freezeOf(id))], end - village.clock)
    expect(village.topic(id).state).toBe('frozen')
    expect(village.state.tables.registry.size).toBe(0)
  })

  test('outside of publicity nothing is frozen', () => {
    const village = new Village()
    const id = village.open('p0')
    expect(village.refused(village.by('p1', freezeOf(id)))).toBe('topics/not-in-publicity')
  })

  test('N = 100: six cases at most, by sixty-three freezers', () => {
    const needed = Array.from({ length: 7 }, (_, freezeCount) => 2 ** freezeCount)
    let sum = 0
    const cases = needed.filter(one => {
      sum += one
      return sum <= 100
    })
    expect(cases).toHaveLength(6)
    expect(cases.reduce((total, one) => total + one, 0)).toBe(63)
  })
})

test('a frozen member cannot join anonymously: it is not in the ring', () => {
  const { village, id } = published()
  const opened = village.byToken('p5', createTopic(village.id('p5'), { privacy: 'pseudonymous' }))
  village.do(opened.bytes)
  village.do(village.by('p7', freezeOf(id)))
  expect(
    village.refused(village.under('p7', opened.id, { type: 'join', topic: opened.id, params: PARAMS })),
  ).toBe('topics/wrong-proof')
})

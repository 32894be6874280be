/** Freezes judged under tags: identity.md, section 4, `eval:<caseId>`. */
import type { Scope } from '@mc/identity'
import type { BodyOf, FreezeCase } from '@mc/topics'
import { expect, test } from 'vitest'
import { actions, ORG, registrySet, secretOf, Village, type VillageOptions } from './village.js'

type Choice = BodyOf<'evaluate'>['choice']

/** Eight people; p7 has frozen what the others decided. */
function frozen({ anonymous = 1, ...options }: VillageOptions & { readonly anonymous?: number } = {}) {
  const genesis = { parameters: { anonymousEvaluation: anonymous } }
  const village = new Village({ people: 8, genesis, ...options })
  const id = village.decided(actions(registrySet('bridge')), { voters: ['p0', 'p1', 'p2'] })
  village.do(village.by('p7', { type: 'freeze', topic: id }))
  const open = village.topic(id).freezeCase as Uint8Array
  return { village, id, open, one: (): FreezeCase => village.state.tables.cases.must(open) }
}

/** A judgement under the tag that somebody has in a case. */
function judged(
  village: Village,
  name: string,
  freezeCase: Uint8Array,
  choice: Choice,
  {
    scope = { type: 'evaluation', caseId: freezeCase },
    prove = true,
    about = freezeCase,
  }: { readonly scope?: Scope; readonly prove?: boolean; readonly about?: Uint8Array } = {},
): Uint8Array {
  const secret = secretOf(name)
  const tag = village.identity.tagOf(ORG, scope, secret)
  return village.signed(
    { type: 'evaluator', freezeCase, tag },
    { type: 'evaluate', freezeCase: about, choice },
    message => village.identity.sign(secret, message),
    message => (prove ? [village.evidence(name, message)] : []),
  )
}

test('people judge under tags, each once: a later judgement replaces the earlier one', () => {
  const { village, open, one } = frozen()
  expect(one()).toMatchObject({ isAnonymous: true, ringEpoch: 1 })
  village.do(judged(village, 'p0', open, 'cancel'), judged(village, 'p1', open, 'resume'))
  expect(one()).toMatchObject({ resume: 1, cancel: 1 })
  village.do(judged(village, 'p0', open, 'resume'))
  expect(one()).toMatchObject({ resume: 2, cancel: 0 })
  const names = village.state.tables.evaluations
    .values()
    .map(({ member }) => village.state.tables.members.get(member))
  expect(names).toEqual([undefined, undefined])
})

test('one side with more than half of the eligible ends it', () => {
  const { village, id, open } = frozen()
  village.do(...['p0', 'p1', 'p2', 'p3'].map(name => judged(village, name, open, 'cancel')))
  expect(village.topic(id).state).toBe('cancelled')
  expect(village.refused(judged(village, 'p4', open, 'cancel'))).toBe('topics/case-closed')
})

test('nobody judges twice: the member key is not heard where tags are, nor tags where member keys are', () => {
  const { village, open } = frozen()
  const own = { type: 'evaluate', freezeCase: open, choice: 'cancel' } as const
  expect(village.refused(village.by('p0', own))).toBe('topics/wrong-signer')
  const { village: other, open: known } = frozen({ anonymous: 0 })
  expect(other.refused(judged(other, 'p0', known, 'cancel'))).toBe('topics/wrong-signer')
})

test('who froze is in no ring, nor is a stranger; and a tag is the case’s own', () => {
  const { village, open } = frozen()
  expect(village.refused(judged(village, 'p7', open, 'resume'))).toBe('topics/wrong-proof')
  expect(village.refused(judged(village, 'stranger', open, 'resume'))).toBe('topics/wrong-proof')
  expect(village.refused(judged(village, 'p0', open, 'resume', { prove: false }))).toBe(
    'topics/missing-proof',
  )
  const scope: Scope = { type: 'topic', topicId: open }
  expect(village.refused(judged(village, 'p1', open, 'resume', { scope }))).toBe('topics/wrong-signature')
  expect(village.refused(judged(village, 'p2', open, 'resume', { about: ORG }))).toBe('topics/unknown-case')
  expect(village.refused(judged(village, 'p3', ORG, 'resume'))).toBe('topics/unknown-case')
})

test('a proof from before the freeze, when the freezer was in the ring, is not taken', () => {
  const { village, open } = frozen()
  const before = village.state.here.rings.revision - 1
  const secret = secretOf('p7')
  const tag = village.identity.tagOf(ORG, { type: 'evaluation', caseId: open }, secret)
  const stale = village.signed(
    { type: 'evaluator', freezeCase: open, tag },
    { type: 'evaluate', freezeCase: open, choice: 'resume' },
    message => village.identity.sign(secret, message),
    message => [village.evidence('p7', message, before)],
  )
  expect(village.refused(stale)).toBe('topics/stale-proof')
})

test('a rotated key gives no second judgement', () => {
  const { village, open, one } = frozen()
  village.do(judged(village, 'p0', open, 'cancel'))
  const key = village.key('p0-new')
  const possession = village.identity.sign(secretOf('p0-new'), key)
  village.do(village.by('p0', { type: 'rotateKey', key, possession }))
  village.state = village.restored()
  expect(village.refused(judged(village, 'p0-new', open, 'cancel'))).toBe('topics/wrong-proof')
  expect(one()).toMatchObject({ cancel: 1 })
})

/** The list of mutants fits the code that it breaks. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkList, mutants } from '../mutants/list.mjs'
import { mutantsPage } from '../mutants/page.mjs'
import { closingLine, stateOf } from '../mutants.mjs'
import { root } from '../shell.mjs'

test('the text of every mutant stands exactly once in its file, and its tests exist', () => {
  expect(checkList(root)).toEqual([])
  expect(mutants.length).toBeGreaterThanOrEqual(60)
})

test('a text that is gone, a test that is gone and a name that stands twice are named', () => {
  const [one] = mutants
  const gone = { ...one, id: 'gone', find: 'no such text', tests: ['packages/none.test.ts'] }
  expect(checkList(root, [one, one, gone])).toEqual([
    `${one.id}: stands twice in the list`,
    `gone: its text stands 0 times in ${one.file}, not once`,
    'gone: there is no packages/none.test.ts',
  ])
})

test('docs/mutants.md has every mutant and its rule, and no other', () => {
  const page = readFileSync(join(root, 'docs/mutants.md'), 'utf8')
  expect([...page.matchAll(/^\| `([^`]+)` \|/gm)].map(match => match[1])).toEqual(mutants.map(({ id }) => id))
  for (const { rule } of mutants) expect(page.replaceAll('\\', '')).toContain(rule)
})

const result = changes => ({ killed: true, by: { title: 'a test' }, seconds: 1, ...changes })

test('who survives counts unless it is explained, and an explanation of who is killed is wrong', () => {
  const survived = result({ killed: false, by: undefined })
  expect(stateOf(result({}))).toBe('killed')
  expect(stateOf(survived)).toBe('SURVIVED')
  expect(stateOf({ ...survived, explained: 'why' })).toBe('explained')
  expect(stateOf(result({ explained: 'why' }))).toBe('NOTICED')
  expect(stateOf({ ...survived, broken: 'no program' })).toBe('BROKEN')
  expect(closingLine([result({}), survived, { ...survived, explained: 'why' }])).toBe(
    '1 killed, 1 survived, 1 explained',
  )
})

test('the page says who noticed, or why nobody can', () => {
  const base = { ...mutants[0], package: 'b', rule: 'a | b' }
  const page = mutantsPage(
    ['a', 'b'],
    [
      { ...base, by: { file: 'packages/b/test/b.test.ts', title: 'MAINVOTE(*)' } },
      { ...base, id: 'other', explained: 'they are equal' },
    ],
  )
  expect(page).toContain('2 mutants: 1 killed, 1 explained.')
  expect(page).toContain('a \\| b')
  expect(page).toContain('[b.test.ts](../packages/b/test/b.test.ts): MAINVOTE(\\*)')
  expect(page).toContain('nobody can: they are equal')
})

test('the page keeps the parts of packages that were not tried again', () => {
  const of = (folder, title) => ({ ...mutants[0], package: folder, id: `${folder}/x`, by: { title } })
  const folders = ['a', 'b']
  const both = mutantsPage(folders, [of('a', 'old a'), of('b', 'old b')])
  const again = mutantsPage(folders, [of('b', 'new b')], both)
  expect(again).toBe(mutantsPage(folders, [of('a', 'old a'), of('b', 'new b')]))
})

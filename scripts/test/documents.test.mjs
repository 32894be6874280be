/** How documents are read: snippets, links, rule ids of faults. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { collectFaults, faultsIn, faultsPage, sentenceAbout } from '../faults.mjs'
import { anchorOf, checkLinks } from '../links.mjs'
import { importsOf, runnableBlocks, snippetsOf, withoutTypes } from '../snippets.mjs'

const trees = []

function tree(files) {
  const root = mkdtempSync(join(tmpdir(), 'documents-'))
  trees.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true, force: true })
})

test('blocks under "Use" run, others only when they say so', () => {
  const page = [
    '# A',
    '```ts',
    'skipped()',
    '```',
    '## Use',
    '```ts',
    'first()',
    '```',
    '```sh',
    'not code of ours',
    '```',
    '## Contract',
    '```ts run',
    'second()',
    '```',
  ].join('\n')
  expect(runnableBlocks(page)).toEqual([
    { line: 7, code: 'first()\n' },
    { line: 14, code: 'second()\n' },
  ])
})

test('a # inside a block is not a heading', () => {
  expect(runnableBlocks('## Use\n```sh\n# comment\n```\n```ts\nx()\n```\n')).toEqual([
    { line: 6, code: 'x()\n' },
  ])
})

test('imports are named by package', () => {
  const code =
    "import { a } from '@mc/protocol/wire'\nimport 'x/y'\nimport b from './b.js'\nawait import('@mc/sim')\n"
  expect(importsOf(code)).toEqual(['@mc/protocol', 'x', '@mc/sim'])
})

test('types are removed, values stay', () => {
  const plain = withoutTypes(
    "import type { A } from 'a'\nimport { b } from 'b'\nconst c: A = b\nexport { c }\n",
  )
  expect(plain).not.toContain("'a'")
  expect(plain).toContain("from 'b'")
  expect(plain).toContain('const c = b')
})

test("a page's snippet lives in its package, a common page's in one that knows all it imports", () => {
  const root = tree({
    'packages/a/package.json': JSON.stringify({ name: '@mc/a' }),
    'packages/a/README.md': "## Use\n```ts\nimport '@mc/b'\n```\n",
    'packages/b/package.json': JSON.stringify({ name: '@mc/b', dependencies: { '@mc/a': '*' } }),
    'docs/tutorials/one.md': "```ts run\nimport '@mc/a'\nimport '@mc/b'\n```\n",
  })
  expect(snippetsOf(root).map(({ page, home }) => [page, home?.folder])).toEqual([
    ['packages/a/README.md', undefined],
    ['docs/tutorials/one.md', 'b'],
  ])
})

test('anchors are made as GitHub makes them', () => {
  expect(anchorOf('2.1 Round brake (a `name`, 中文)')).toBe('21-round-brake-a-name-中文')
})

test('a link to a missing file or heading is seen, others are not', () => {
  const root = tree({
    'README.md': '[a](docs/a.md) [b](docs/a.md#two-words) [c](https://example.org/x) `[d](no.md)`\n',
    'docs/a.md': '# Two words\n[up](../README.md) [gone](gone.md) [wrong](#three) [right](#two-words)\n',
  })
  expect(checkLinks(root)).toEqual([
    'docs/a.md: the link to gone.md leads nowhere',
    'docs/a.md: #three: there is no such heading',
  ])
})

test('rule ids are found wherever they stand; names of parts and ids of others are not', () => {
  const text = `
    effects.fault({ rule: 'rbc/conflicting-echo', peer })
    this.#broken('rbc/late')
    report({ rule: high ? 'rbc/high' : 'rbc/low' })
    type Rule = 'rbc/typed'
    const part = { name: 'rbc/bracha', other: 'avid/bad-proof', path: 'src/rbc' }
  `
  const ids = faultsIn('x.ts', text, ['rbc']).map(({ id }) => id)
  expect(ids).toEqual(['rbc/conflicting-echo', 'rbc/late', 'rbc/high', 'rbc/low', 'rbc/typed'])
})

test('the page of faults takes the words of the package, else those of the id', () => {
  const root = tree({
    'packages/rbc/package.json': JSON.stringify({ name: '@mc/rbc' }),
    'packages/rbc/PAPER.md': '| `rbc/conflicting-echo` | a second, different ECHO |\n',
    'packages/rbc/src/rbc.ts': "fault({ rule: 'rbc/conflicting-echo' })\nfault({ rule: 'rbc/came-late' })\n",
  })
  expect([...collectFaults(root).keys()]).toEqual(['rbc/came-late', 'rbc/conflicting-echo'])
  const page = faultsPage(root)
  expect(page).toContain('| `rbc/conflicting-echo` | a second, different ECHO |')
  expect(page).toContain('| `rbc/came-late` | came late |')
})

test('a line that only names the id says nothing about it', () => {
  expect(sentenceAbout('rbc/late', 'see `rbc/late`')).toBeUndefined()
  expect(sentenceAbout('rbc/late', 'Faults reported: `rbc/late`, `rbc/early`, and others.')).toBeUndefined()
  expect(sentenceAbout('rbc/late', 'One. What comes late is `rbc/late`. Two.')).toBe(
    'What comes late is `rbc/late`.',
  )
})

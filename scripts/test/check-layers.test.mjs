/** Small bad trees: each rule of the layer check must see its own kind of mistake, and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkLayers } from '../check-layers.mjs'

const layers = `# Layers

## The floors

| floor | package | what it owns | uses |
|---|---|---|---|
| 0 | \`@mc/protocol\` | kernel | none |
| 1 | \`@mc/crypto\` | hashes | protocol |
| 1 | \`@mc/sim\` | development | protocol |
| 2 | \`@mc/coin\` | coins | protocol, crypto (types) |
| 9 | \`@mc/node\` | a node | everything below |

## Platform code

| package | may touch the platform |
|---|---|
| \`@mc/crypto\` | \`node.ts\` |
| \`@mc/node\` | all of it |

## Third-party packages

| package | at run time | while developing |
|---|---|---|
| \`@mc/crypto\` | \`@noble/hashes\` | |
`

const manifest = (folder, dependencies = [], more = {}) =>
  JSON.stringify({
    name: `@mc/${folder}`,
    dependencies: Object.fromEntries(dependencies.map(name => [name, '*'])),
    ...more,
  })

const sealed = '{ "extends": "../../tsconfig.protocol.json" }'
const platform = '{ "extends": "../../tsconfig.platform.json" }'

const good = {
  'docs/layers.md': layers,
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'packages/protocol/package.json': manifest('protocol'),
  'packages/protocol/tsconfig.json': sealed,
  'packages/protocol/src/index.ts': "export * from './drive.js'\n",
  'packages/protocol/src/drive.ts': 'export const drive = 1\n',
  'packages/crypto/package.json': manifest('crypto', ['@mc/protocol', '@noble/hashes']),
  'packages/crypto/tsconfig.json': platform,
  'packages/crypto/src/index.ts': "export { drive } from '@mc/protocol'\nimport '@noble/hashes/sha2.js'\n",
  'packages/crypto/src/node.ts': "import 'node:crypto'\nexport const now = Date.now()\n",
  'packages/sim/package.json': manifest('sim', ['@mc/protocol']),
  'packages/sim/tsconfig.json': sealed,
  'packages/sim/src/index.ts': "import '@mc/protocol'\n",
  'packages/coin/package.json': manifest('coin', ['@mc/protocol', '@mc/crypto'], {
    devDependencies: { '@mc/sim': '*' },
  }),
  'packages/coin/tsconfig.json': sealed,
  'packages/coin/src/index.ts': "import type { Rng } from '@mc/crypto'\nexport type Coin = Rng\n",
  'packages/coin/src/conformance.ts': "import { simulate } from '@mc/sim'\nexport const laws = simulate\n",
  'packages/node/package.json': manifest('node', ['@mc/coin']),
  'packages/node/tsconfig.json': platform,
  'packages/node/src/index.ts':
    "import '@mc/coin'\nexport const wait = async () => { await Promise.resolve() }\n",
}

const trees = []

function check(changes) {
  const root = mkdtempSync(join(tmpdir(), 'layers-'))
  trees.push(root)
  for (const [path, text] of Object.entries({ ...good, ...changes })) {
    if (text === undefined) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const { complaints, lifted } = checkLayers(root)
  return { said: complaints.map(({ rule, where, text }) => `${where}: ${text} [${rule}]`), lifted }
}

afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** The tree with these changes gives exactly one complaint, which has these words. */
function expectOneComplaint(changes, ...words) {
  const { said } = check(changes)
  expect(said).toHaveLength(1)
  for (const word of words) expect(said[0]).toContain(word)
}

test('a tree that keeps the law gives no complaint', () => {
  expect(check({})).toEqual({ said: [], lifted: [] })
})

test.each([
  ['a static import', "import { now } from '@mc/crypto'\n"],
  ['a type import', "import type { Rng } from '@mc/crypto'\n"],
  ['a re-export', "export * from '@mc/crypto'\n"],
  ['an import type', "export type Rng = import('@mc/crypto').Rng\n"],
])('an upward import is seen as %s', (_, text) => {
  const changes = {
    'packages/protocol/package.json': manifest('protocol', ['@mc/crypto']),
    'packages/protocol/src/index.ts': text,
    'packages/crypto/package.json': manifest('crypto', ['@noble/hashes']),
    'packages/crypto/src/index.ts': 'export const now = 1\n',
  }
  const { said } = check(changes)
  expect(
    said.some(line => line.includes('packages/protocol/src/index.ts:1') && line.includes('upward')),
  ).toBe(true)
  expect(
    said.some(line => line.includes('packages/protocol/package.json') && line.includes('@mc/crypto')),
  ).toBe(true)
})

test('packages that depend on each other are shown as a circle', () => {
  const { said } = check({ 'packages/protocol/package.json': manifest('protocol', ['@mc/crypto']) })
  expect(said.some(line => line.includes('[circle]') && line.includes('@mc/crypto → @mc/protocol'))).toBe(
    true,
  )
})

test('an import that package.json does not declare is seen, dynamic ones too', () => {
  const text = "export const load = () => import('@mc/sim')\n"
  expectOneComplaint(
    { 'packages/node/src/load.ts': text },
    'node/src/load.ts:1',
    'not among the dependencies',
  )
})

test('a types-only use may not import values', () => {
  const text = "import { type Rng, random } from '@mc/crypto'\nexport const rng: Rng = random\n"
  expectOneComplaint({ 'packages/coin/src/index.ts': text }, 'types only')
})

test('a third-party package needs a row', () => {
  const changes = { 'packages/sim/package.json': manifest('sim', ['@mc/protocol', 'lodash']) }
  expectOneComplaint(changes, 'sim/package.json', 'lodash')
})

test('a sealed package develops with sim and lower floors only', () => {
  const coin = devDependencies => ({
    'packages/coin/package.json': manifest('coin', ['@mc/protocol', '@mc/crypto'], { devDependencies }),
  })
  expectOneComplaint(coin({ '@mc/sim': '*', '@mc/node': '*' }), '@mc/node', 'not below it')
  expectOneComplaint(coin({ '@mc/sim': '*', lodash: '*' }), 'lodash')
})

test('only a law suite may import the simulator it does not depend on', () => {
  expectOneComplaint(
    { 'packages/coin/src/local.ts': "import { simulate } from '@mc/sim'\n" },
    'coin/src/local.ts:1',
  )
})

test.each([
  ['Date', 'export const now = () => Date.now()\n'],
  ['Math.random', 'export const roll = () => Math.random()\n'],
  ['async', 'export const f = async () => 1\n'],
  ['Promise', 'export type P = Promise<void>\n'],
  ['setTimeout', 'setTimeout(() => {}, 1)\n'],
  ['setInterval', 'setInterval(() => {}, 1)\n'],
  ['queueMicrotask', 'queueMicrotask(() => {})\n'],
  ['console', "console.log('x')\n"],
  ['process', 'export const env = process.env\n'],
  ['Buffer', 'export const b = Buffer.alloc(1)\n'],
  ['globalThis.crypto', 'export const c = globalThis.crypto\n'],
])('a sealed file may not say %s', (word, text) => {
  expectOneComplaint({ 'packages/protocol/src/bad.ts': text }, 'bad.ts:1', `\`${word}\``, '[platform-word]')
})

test('await is seen inside an async function, besides the async', () => {
  const { said } = check({ 'packages/protocol/src/bad.ts': 'export const f = async () => {\n  await 1\n}\n' })
  expect(said).toHaveLength(2)
})

test('comments, strings and names of members are not code of the platform', () => {
  const text =
    "// Date and Promise\nexport const x = { process: 'console', y: 'await' }\nexport const z = x.process\n"
  expect(check({ 'packages/protocol/src/fine.ts': text }).said).toEqual([])
})

test('a node: module in a sealed file is refused, in a provider it is not', () => {
  expectOneComplaint({ 'packages/crypto/src/portable.ts': "import 'node:fs'\n" }, 'portable.ts:1', 'sealed')
})

test('relative imports end in .js and stay inside the package', () => {
  expectOneComplaint({ 'packages/protocol/src/a.ts': "import './drive'\n" }, 'must end in .js')
  expectOneComplaint(
    { 'packages/coin/src/a.ts': "import '../../sim/src/index.js'\n" },
    "leaves the package's src",
  )
})

test('a sealed package is compiled sealed', () => {
  expectOneComplaint(
    { 'packages/sim/tsconfig.json': platform },
    'sim/tsconfig.json',
    'tsconfig.protocol.json',
  )
})

const longFunction = lines => `export function long() {\n${'  let x\n'.repeat(lines - 2)}}\n`

test.each([
  [60, 0],
  [61, 1],
  [65, 1],
  [200, 1],
])('a function of %i lines gives %i complaints', (lines, complaints) => {
  const { said } = check({ 'packages/protocol/src/long.ts': longFunction(lines) })
  expect(said.filter(line => line.includes('[long-function]'))).toHaveLength(complaints)
})

test('a file counts its lines of code, not its comments', () => {
  const file = (code, comments) => 'export {}\n'.repeat(code) + '// why\n\n'.repeat(comments)
  expect(check({ 'packages/protocol/src/long.ts': file(400, 50) }).said).toEqual([])
  expectOneComplaint({ 'packages/protocol/src/long.ts': file(401, 0) }, '401 lines', '[long-file]')
})

test('a rule is lifted with a reason, and the reason is listed', () => {
  const lift = reason => `// allow: platform-word:${reason}\nexport const now = () => Date.now()\n`
  const { said, lifted } = check({ 'packages/protocol/src/bad.ts': lift(' a name in a test vector') })
  expect(said).toEqual([])
  expect(lifted).toEqual(['packages/protocol/src/bad.ts:1: platform-word: a name in a test vector'])
})

test('a rule is not lifted without a reason, nor is an unknown rule', () => {
  const lift = comment => ({
    'packages/protocol/src/bad.ts': `// allow: ${comment}\nexport const now = Date\n`,
  })
  expect(check(lift('platform-word:')).said).toHaveLength(2)
  expect(check(lift('anything: because')).said).toHaveLength(2)
})

test('a lift reaches its own line and the next, no further', () => {
  const text = '// allow: platform-word: here\nexport const x = 1\nexport const now = Date\n'
  expectOneComplaint({ 'packages/protocol/src/bad.ts': text }, 'bad.ts:3')
})

test('the table itself is checked: rows without folders, folders without rows, uses that do not go down', () => {
  const table = row => ({ 'docs/layers.md': layers.replace('| 9 |', `${row}\n| 9 |`) })
  expectOneComplaint(table('| 3 | `@mc/rbc` | broadcast | protocol |'), 'no folder')
  expectOneComplaint(
    table('| 0 | `@mc/rbc` (coming) | broadcast | coin |'),
    'rbc (floor 0) uses coin (floor 2)',
  )
  expectOneComplaint(table('| 3 | `@mc/rbc` (coming) | broadcast | dag |'), 'no row')
  expectOneComplaint({ 'packages/dag/package.json': manifest('dag') }, 'packages/dag', 'no row')
})

test.each(['resolution: {tarball: x}', 'x: https://a.example/b', 'registry: here'])(
  'the lockfile may not say "%s"',
  line => {
    expectOneComplaint(
      { 'pnpm-lock.yaml': `lockfileVersion: '9.0'\n${line}\n` },
      'pnpm-lock.yaml:2',
      '[lockfile]',
    )
  },
)

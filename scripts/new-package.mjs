/**
 * Makes the skeleton of a package by the conventions of the others, and tells the compiler about it.
 *
 *   node scripts/new-package.mjs NAME [--uses protocol,crypto] [--platform]
 *
 * A package is sealed unless --platform is given. Nothing that exists is overwritten.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './shell.mjs'
import { packagesOf, write } from './workspace.mjs'

const fail = text => {
  console.error(`${text}\nUsage: node scripts/new-package.mjs NAME [--uses protocol,crypto] [--platform]`)
  process.exit(2)
}

const [name, ...options] = process.argv.slice(2)
const platform = options.includes('--platform')
const usesAt = options.indexOf('--uses')
const uses = usesAt < 0 ? ['protocol'] : (options[usesAt + 1] ?? '').split(',').filter(Boolean)

if (!name || !/^[a-z][a-z0-9-]*$/.test(name)) fail('A package needs a name in lower case, such as: dag')
const folder = join(root, 'packages', name)
if (existsSync(folder)) fail(`packages/${name} exists already.`)
const known = packagesOf(root).map(one => one.folder)
const unknown = uses.filter(one => !known.includes(one))
if (unknown.length > 0) fail(`There is no package ${unknown.join(', ')}. There are: ${known.join(', ')}.`)

const { version } = packagesOf(root)[0].manifest
const workspace = names => Object.fromEntries(names.map(one => [`@mc/${one}`, 'workspace:*']))
const json = value => `${JSON.stringify(value, undefined, 2)}\n`

const manifest = {
  name: `@mc/${name}`,
  version,
  description: `What @mc/${name} is, in one sentence.`,
  license: '(Apache-2.0 OR MIT)',
  type: 'module',
  sideEffects: false,
  exports: {
    '.': { '@mc/source': './src/index.ts', types: './dist/index.d.ts', import: './dist/index.js' },
    './package.json': './package.json',
  },
  files: ['dist', 'src', 'README.md', 'PAPER.md'],
  engines: { node: '>=20.19' },
  scripts: { build: 'tsup --config ../../tsup.config.ts' },
  dependencies: workspace(uses),
  ...(platform || uses.includes('sim') ? {} : { devDependencies: workspace(['sim']) }),
}

const references = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).map(one => ({
  path: `../${one.slice('@mc/'.length)}`,
}))

const settings = {
  extends: `../../tsconfig.${platform ? 'platform' : 'protocol'}.json`,
  compilerOptions: { rootDir: 'src', outDir: 'dist' },
  include: ['src'],
  references,
}

const readme = `# @mc/${name}

> What it is for, in one sentence.

Stability: alpha · depends on ${uses.map(one => `@mc/${one}`).join(', ') || 'nothing'}

## Use

\`\`\`ts
import * as ${name.replaceAll('-', '_')} from '@mc/${name}'

if (Object.keys(${name.replaceAll('-', '_')}).length === 0) throw new Error('@mc/${name} exports nothing yet')
\`\`\`

## Contract

## Limits

## Sources
`

write(folder, 'package.json', json(manifest))
write(folder, 'tsconfig.json', json(settings))
write(folder, 'README.md', readme)
write(
  join(folder, 'src'),
  'index.ts',
  `/** What @mc/${name} owns. */\nexport const name: string = '@mc/${name}'\n`,
)
write(
  join(folder, 'test'),
  `${name}.test.ts`,
  `import { name } from '@mc/${name}'\nimport { expect, test } from 'vitest'\n\n` +
    `test('the package can be imported by its name', () => {\n  expect(name).toBe('@mc/${name}')\n})\n`,
)

for (const file of ['tsconfig.json', 'tsconfig.test.json']) {
  const path = join(root, file)
  const project = JSON.parse(readFileSync(path, 'utf8'))
  const tests = project.references.findIndex(one => one.path === 'tsconfig.test.json')
  project.references.splice(tests < 0 ? project.references.length : tests, 0, { path: `packages/${name}` })
  writeFileSync(path, json(project))
}

console.log(`packages/${name} is there. Now:
  1. give it a row in docs/layers.md (floor, what it owns, what it uses)${platform ? ' and one under "Platform code"' : ''};
  2. npx -y pnpm@10.34.9 install
  3. npx -y pnpm@10.34.9 format
  4. npx -y pnpm@10.34.9 check`)

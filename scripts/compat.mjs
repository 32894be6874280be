/**
 * Runs the tests of the pure packages, and one small network of real nodes, on newer Node versions.
 * The versions come from the npm package `node`, so nothing needs to be installed.
 *
 *   node scripts/compat.mjs           Node 22 and 24
 *   node scripts/compat.mjs 22        only that
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { row } from './check.mjs'
import { readFloors } from './layer-table.mjs'
import { root, run } from './shell.mjs'

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24']
const wrong = versions.filter(version => !/^\d+(\.\d+)*$/.test(version))
if (wrong.length > 0) {
  console.error(`Not a Node version: ${wrong.join(', ')}. Try: node scripts/compat.mjs 22 24`)
  process.exit(2)
}

const { floors } = readFloors(root)
const pure = [...floors.values()]
  .filter(({ floor, coming }) => floor < 10 && !coming)
  .map(({ folder }) => folder)

const built = await build()
if (built.code !== 0) {
  console.error(`${built.output}\nThe build failed, so nothing was tried.`)
  process.exit(1)
}

const results = []
const onNode = async (version, name, args) => {
  console.log(`Node ${version}: ${name} …`)
  results.push({ name: `${version} ${name}`, ...(await run('npx', ['-y', `node@${version}`, ...args])) })
}
for (const version of versions) {
  const filters = pure.map(folder => `packages/${folder}/`)
  await onNode(version, 'tests', ['node_modules/vitest/vitest.mjs', 'run', ...filters])
  const program = 'packages/cli/dist/mc.js'
  if (!existsSync(join(root, program))) continue
  // A network of its own: one that another version has left behind would have nothing to agree on.
  const directory = mkdtempSync(join(tmpdir(), 'mc-compat-'))
  await onNode(version, 'network', [program, 'start', '--once', '--json', '--no-story', '--dir', directory])
  rmSync(directory, { recursive: true, force: true })
}
console.log(`\n${results.map(row).join('\n')}`)
process.exit(results.some(({ code }) => code !== 0) ? 1 : 0)

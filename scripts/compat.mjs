/**
 * Runs the tests of the pure packages, and one small network of real nodes, on newer Node versions; and replays histories of an
 * organisation on all of them, in different languages and time zones: every block must have the same root.
 * The versions come from the npm package `node`, so nothing needs to be installed.
 *
 *   node scripts/compat.mjs           Node 22 and 24
 *   node scripts/compat.mjs 22        only that
 *   node scripts/compat.mjs --replays only the replays, which need no build
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PLACES, replayAt, replayProgram } from '../packages/topics/test/replay/program.mjs'
import { build } from './build.mjs'
import { row } from './check.mjs'
import { readFloors } from './layer-table.mjs'
import { root, run } from './shell.mjs'

const onlyReplays = process.argv.includes('--replays')
const named = process.argv.slice(2).filter(argument => argument !== '--replays')
const versions = named.length > 0 ? named : ['22', '24']
const wrong = versions.filter(version => !/^\d+(\.\d+)*$/.test(version))
if (wrong.length > 0) {
  console.error(`Not a Node version: ${wrong.join(', ')}. Try: node scripts/compat.mjs 22 24`)
  process.exit(2)
}

const { floors } = readFloors(root)
const pure = [...floors.values()]
  .filter(({ floor, coming }) => floor < 10 && !coming)
  .map(({ folder }) => folder)

const built = onlyReplays ? { code: 0 } : await build()
if (built.code !== 0) {
  console.error(`${built.output}\nThe build failed, so nothing was tried.`)
  process.exit(1)
}

/** Histories that every Node replays in every place. */
const HISTORIES = 100

/** Plays the same histories on all these Nodes, `undefined` being this one, in all places, and compares every block's root. */
async function replays(nodes) {
  const started = performance.now()
  const program = await replayProgram()
  let first
  let code = 0
  for (const version of nodes) {
    const command = version === undefined ? [process.execPath] : ['npx', '-y', `node@${version}`]
    for (const place of PLACES) {
      const { where, histories } = await replayAt(program, place, { histories: HISTORIES, command })
      first ??= histories
      const isSame = JSON.stringify(histories) === JSON.stringify(first)
      const roots = histories.reduce((sum, { length }) => sum + length, 0)
      console.log(
        `Node ${where.node}, ${where.locale}, ${place.TZ}: ${roots} roots, ${isSame ? 'the same' : 'OTHERS'}`,
      )
      if (!isSame) code = 1
    }
  }
  rmSync(dirname(program), { recursive: true, force: true })
  return { name: 'replays', code, seconds: (performance.now() - started) / 1000, output: '' }
}

const results = []
const onNode = async (version, name, args) => {
  console.log(`Node ${version}: ${name} …`)
  results.push({ name: `${version} ${name}`, ...(await run('npx', ['-y', `node@${version}`, ...args])) })
}
for (const version of onlyReplays ? [] : versions) {
  const filters = pure.map(folder => `packages/${folder}/`)
  await onNode(version, 'tests', ['node_modules/vitest/vitest.mjs', 'run', ...filters])
  const program = 'packages/cli/dist/mc.js'
  if (!existsSync(join(root, program))) continue
  // A network of its own: one that another version has left behind would have nothing to agree on.
  const directory = mkdtempSync(join(tmpdir(), 'mc-compat-'))
  await onNode(version, 'network', [program, 'start', '--once', '--json', '--no-story', '--dir', directory])
  rmSync(directory, { recursive: true, force: true })
}
results.push(await replays([undefined, ...versions]))
console.log(`\n${results.map(row).join('\n')}`)
process.exit(results.some(({ code }) => code !== 0) ? 1 : 0)

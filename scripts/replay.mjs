/**
 * Measures how fast the history of an organisation is replayed, and in how much memory: 10,000 people, 1,000 topics, 100,000
 * operations, a snapshot and what is restored from it, one topic of everybody. What is done stands in packages/topics/bench.
 *
 *   node scripts/replay.mjs              prints a table: medians of three runs, and the most memory of all
 *   node scripts/replay.mjs --runs 5     of five
 *   node scripts/replay.mjs --write      writes the table to benchmarks/results/replay too
 *
 * Ends with 1 if everyday operations are replayed slower than 20,000/s, or in more than 500 MB.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'tsup'
import { isMain, root, run } from './shell.mjs'

/** What has to be reached: operations per second, and MB. */
const NEEDED = { perSecond: 20_000, megabytes: 500 }

/** The row that decides. */
const EVERYDAY = 'join and comment'

/** The measurement in one file, from the sources. */
async function bundled() {
  const outDir = join(root, 'node_modules/.cache/bench', String(process.pid))
  await build({
    entry: [join(root, 'packages/topics/bench/replay.ts')],
    config: false,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    splitting: false,
    clean: false,
    silent: true,
    noExternal: [/^[^.]/],
    esbuildOptions: options => {
      options.conditions = ['@mc/source']
    },
  })
  return join(outDir, 'replay.mjs')
}

/** The rows of a run: { what, count, seconds, megabytes }. */
export const rowsOf = csv =>
  csv
    .split('\n')
    .map(line => line.split(','))
    .filter(([, count]) => Number(count) > 0)
    .map(([what, count, seconds, , megabytes]) => ({
      what,
      count: Number(count),
      seconds: Number(seconds),
      megabytes: Number(megabytes),
    }))

/** One table of several runs: the median of the seconds, the most memory. */
export function summary(runs) {
  return runs[0].map(({ what, count }, at) => {
    const seconds = runs.map(rows => rows[at].seconds).sort((left, right) => left - right)
    const megabytes = Math.max(...runs.map(rows => rows[at].megabytes))
    return { what, count, seconds: seconds[Math.floor(seconds.length / 2)], megabytes }
  })
}

const perSecond = ({ count, seconds }) => Math.round(count / Math.max(seconds, 0.001))

/** Whether everyday operations are fast enough, and all of it small enough. */
export function isReached(rows) {
  const everyday = rows.find(({ what }) => what === EVERYDAY)
  const most = Math.max(...rows.map(({ megabytes }) => megabytes))
  return everyday !== undefined && perSecond(everyday) >= NEEDED.perSecond && most <= NEEDED.megabytes
}

const markdown = rows =>
  [
    '| what | count | processor time, s | per second | most memory so far, MB |',
    '|---|--:|--:|--:|--:|',
    ...rows.map(row => {
      const { what, count, seconds, megabytes } = row
      return `| ${what} | ${count} | ${seconds.toFixed(2)} | ${perSecond(row)} | ${megabytes} |`
    }),
    '',
  ].join('\n')

async function measure(count) {
  const program = await bundled()
  const runs = []
  for (let at = 0; at < count; at += 1) {
    const { code, output } = await run(process.execPath, [program], { quiet: true })
    if (code !== 0) throw new Error(`the replay ended with ${code}:\n${output}`)
    runs.push(rowsOf(output))
  }
  return summary(runs)
}

async function main() {
  const options = { runs: { type: 'string', default: '3' }, write: { type: 'boolean', default: false } }
  const { values } = parseArgs({ options })
  const rows = await measure(Math.max(1, Number(values.runs)))
  const table = markdown(rows)
  console.log(table)
  const verdict = isReached(rows) ? 'reached' : 'not reached'
  console.log(`${NEEDED.perSecond} operations/s in ${NEEDED.megabytes} MB: ${verdict}`)
  if (values.write) {
    const folder = join(root, 'benchmarks/results/replay')
    const machine = `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'an unknown processor'}, median of ${values.runs} runs.`
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'command.txt'), `node scripts/replay.mjs --runs ${values.runs} --write\n`)
    writeFileSync(join(folder, 'tables.md'), `# Replay of an organisation\n\n${machine}\n\n${table}`)
  }
  process.exitCode = verdict === 'reached' ? 0 : 1
}

if (isMain(import.meta.url)) await main()

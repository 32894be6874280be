/**
 * What takes too long for every change: the laws of every agreement at thousands of seeds, all seeded tests at many more, mutants,
 * sweeps of whole systems. Prints a table and a closing line `N passed, N failed`; each step counts as one, each test too.
 *
 *   node scripts/nightly.mjs                     all of it, for hours
 *   node scripts/nightly.mjs --scale 0.01        a hundredth of the seeds
 *   node scripts/nightly.mjs --only laws,sim     some of: laws, seeds, topics, mutants, sim, lab
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { row } from './check.mjs'
import { isMain, root, run, runScript } from './shell.mjs'
import { countTests } from './test.mjs'
import { filesBelow } from './workspace.mjs'

const cache = join(root, 'node_modules/.cache/nightly')

/** A day: how long one test, or one step, may take. */
const dayMs = 86_400_000

/**
 * The steps, each { group, name, run } or, for tests, { group, name, files, filter?, seeds }.
 *
 * The law suites take half of MC_SEEDS for lesser forms of a variant: 8,000 give every form 4,000 seeds at n = 4, and 4,000 give
 * every form 2,000 at n = 7.
 */
export function planOf(scale) {
  const many = count => Math.max(1, Math.ceil(count * scale))
  const laws = (n, seeds) => ({
    group: 'laws',
    name: `laws n=${n}`,
    files: lawFiles(),
    filter: `n = ${n},`,
    seeds: many(seeds),
  })
  return [
    laws(4, 8_000),
    laws(7, 4_000),
    { group: 'seeds', name: 'attacks', files: ['packages/raba/test/'], seeds: many(1_000) },
    ...['coin', 'avid', 'rbc', 'acs', 'abc', 'presets'].map(folder => ({
      group: 'seeds',
      name: folder,
      files: [`packages/${folder}/test/`],
      seeds: many(500),
    })),
    // Every history is played once and replayed once, in another order and across a snapshot, under all laws at once.
    {
      group: 'topics',
      name: 'topics',
      files: ['packages/topics/test/invariants.test.ts', 'packages/ledger/test/agreed-time.test.ts'],
      seeds: many(100_000),
    },
    { group: 'mutants', name: 'mutants', script: 'mutants.mjs' },
    ...[
      [
        'sim',
        [
          'sim',
          '--seeds',
          many(20_000),
          '--epochs',
          60,
          '--n',
          '4,7,10',
          '--mix',
          '80,15,5',
          '--verify-determinism',
        ],
      ],
      ['sim-q', ['sim', '--preset', 'waterbear-q', '--seeds', many(4_000), '--epochs', 20, '--n', '4,7']],
    ].map(([name, command]) => ({ group: 'sim', name, command })),
    {
      group: 'lab',
      name: 'lab',
      command: [
        'bench',
        'aba',
        '--n',
        '4,7',
        '--seeds',
        many(2_000),
        '--cell-seconds',
        3_600,
        '--out',
        join(cache, 'aba'),
      ],
    },
  ]
}

/** The law suites of all agreements, by the names that their files have. */
export const lawFiles = () =>
  filesBelow(join(root, 'packages/raba/test'), 'conformance.test.ts').map(path => relative(root, path))

async function runTests({ files, filter, seeds }) {
  const report = join(cache, 'report.json')
  rmSync(report, { force: true })
  const args = [
    'run',
    '--reporter=json',
    `--outputFile.json=${report}`,
    `--testTimeout=${dayMs}`,
    ...(filter === undefined ? [] : ['-t', filter]),
    ...files,
  ]
  const { code, seconds, output } = await run('vitest', args, {
    quiet: true,
    env: { MC_SEEDS: String(seeds) },
  })
  const counted = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined
  return { code, seconds, output, counted, ...countTests(counted, code) }
}

const runStep = step => {
  if (step.files) return runTests(step)
  if (step.command) {
    const command = [join(root, 'packages/cli/dist/mc.js'), ...step.command.map(String)]
    return run(process.execPath, command, { quiet: true, timeoutMs: dayMs })
  }
  return runScript(step.script, [], { quiet: true, timeoutMs: dayMs })
}

/** What a failed test said, by its title. */
const reasons = ({ counted, output }) => {
  const failed = (counted?.testResults ?? []).flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  )
  if (failed.length === 0) return output.trim().split('\n').slice(-30).join('\n')
  return failed
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`)
    .join('\n\n')
}

async function main(args) {
  const { values } = parseArgs({
    args,
    options: { scale: { type: 'string', default: '1' }, only: { type: 'string' } },
  })
  const scale = Number(values.scale)
  const groups = [...new Set(planOf(1).map(({ group }) => group))]
  const only = values.only?.split(',') ?? groups
  const unknown = only.filter(group => !groups.includes(group))
  if (!(scale > 0) || unknown.length > 0) {
    console.error(
      `need --scale above 0, and --only some of ${groups.join(',')}; got ${values.scale}, ${values.only}`,
    )
    return 2
  }
  mkdirSync(cache, { recursive: true })
  const built = await build()
  const results = [{ name: 'build', ...built, passed: 0, failed: 0 }]
  for (const step of planOf(scale).filter(({ group }) => only.includes(group))) {
    console.log(`${step.name} …`)
    const result = { passed: 0, failed: 0, ...(await runStep(step)), name: step.name }
    if (result.code !== 0) console.log(reasons(result))
    results.push(result)
  }
  const failedSteps = results.filter(({ code }) => code !== 0).length
  const sum = what => results.reduce((total, result) => total + result[what], 0)
  console.log(`\n${results.map(row).join('\n')}\n`)
  console.log(`${results.length - failedSteps + sum('passed')} passed, ${failedSteps + sum('failed')} failed`)
  return failedSteps === 0 ? 0 : 1
}

if (isMain(import.meta.url)) process.exitCode = await main(process.argv.slice(2))

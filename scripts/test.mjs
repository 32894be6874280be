/**
 * Everything: build, checks, tests. The last line is `N passed, N failed`; each step counts as one, each test too.
 *
 *   node scripts/test.mjs             all of it
 *   node scripts/test.mjs rbc …       only the test files whose path matches; other arguments go to vitest
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from './build.mjs'
import { row, runChecks } from './check.mjs'
import { isMain, root, run } from './shell.mjs'

/**
 * What a vitest JSON report counts: { passed, failed }.
 * A file that could not even be loaded has no tests; it counts as one failure, as does a run that ended badly
 * without any failing test (an unhandled error, a crash, no report at all).
 */
export function countTests(report, code) {
  const passed = report?.numPassedTests ?? 0
  const unloadable = (report?.testResults ?? []).filter(
    file => file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'),
  ).length
  const failed = (report?.numFailedTests ?? 0) + unloadable
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed }
}

async function runTests(args) {
  const reportPath = join(root, 'node_modules/.cache/test-report.json')
  mkdirSync(dirname(reportPath), { recursive: true })
  rmSync(reportPath, { force: true })
  const { code, seconds } = await run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
    ...args,
  ])
  const report = existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, 'utf8')) : undefined
  return { code, seconds, ...countTests(report, code) }
}

/** The main job, whole: the town hall and the story, on real processes. After the tests, so that both cores are its own. */
async function runMainJob() {
  const directory = mkdtempSync(join(tmpdir(), 'mc-main-job-'))
  try {
    return await run('node', ['packages/cli/dist/mc.js', 'start', '--once', '--json', '--dir', directory])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function main(args) {
  const everything = args.length === 0
  const steps = []
  if (everything) {
    console.log('build …')
    const built = await build()
    if (built.code !== 0) console.log(built.output.trimEnd())
    steps.push({ name: 'build', ...built }, ...(await runChecks()))
  }
  const tests = await runTests(args)
  if (everything) steps.push({ name: 'main job', ...(await runMainJob()) })
  console.log(`\n${[...steps, { name: 'tests', ...tests }].map(row).join('\n')}\n`)
  const failedSteps = steps.filter(({ code }) => code !== 0).length
  const failed = failedSteps + tests.failed
  console.log(`${steps.length - failedSteps + tests.passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

if (isMain(import.meta.url)) process.exitCode = await main(process.argv.slice(2))

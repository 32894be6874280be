/**
 * Breaks one rule after the other, each in a copy of the repository, and looks whether a test turns red.
 *
 *   node scripts/mutants.mjs                     all of them
 *   node scripts/mutants.mjs --only rbc          those of a package, or one by its id; several with commas
 *   node scripts/mutants.mjs --list              which there are
 *   node scripts/mutants.mjs --json              prints [{ id, rule, killed, by, seconds }] instead of the table
 *   node scripts/mutants.mjs --write             rewrites docs/mutants.md, of --only packages their part, if none is wrong
 *
 * `--jobs 2` copies work at a time, `--seconds 180` are allowed for each mutant: who takes longer is killed, too. Exit code 1 if
 * one survives that the list does not explain, or is killed though the list says that nobody can notice it.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { checkList, mutants } from './mutants/list.mjs'
import { mutantsPage } from './mutants/page.mjs'
import { isMain, root, run } from './shell.mjs'

/** What a build leaves behind; tests read sources. */
const products = new Set(['dist', 'coverage', '.turbo', '.cache', '.snippets', '.vite', '.vite-temp'])

/** A copy of the packages as they stand, with the installed dependencies. */
function copyRepository() {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'))
  for (const name of readdirSync(root).filter(name => /\.(json|ts)$/.test(name))) {
    cpSync(join(root, name), join(copy, name))
  }
  // Packages find each other by relative links, so in the copy they find the copies.
  cpSync(join(root, 'packages'), join(copy, 'packages'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: path => !products.has(basename(path)),
  })
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules')).filter(name => !products.has(name))) {
    symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name))
  }
  return copy
}

/** Runs test files in a copy; { code, seconds, output, report }. In threads, so that whoever loops dies with its process. */
async function runTests(copy, tests, { bail, timeoutMs }) {
  const path = join(copy, 'report.json')
  rmSync(path, { force: true })
  const args = ['run', '--pool=threads', '--reporter=json', `--outputFile.json=${path}`]
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const result = await run(process.execPath, [vitest, ...args, ...(bail ? ['--bail=1'] : []), ...tests], {
    cwd: copy,
    quiet: true,
    timeoutMs,
  })
  return { ...result, report: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined }
}

const failuresOf = report =>
  (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => ({ file: name, title })),
  )

/** Test files that are red as they are: they prove nothing. */
async function redBefore(copy, tests) {
  const { code, report, output } = await runTests(copy, tests, { bail: false })
  if (report === undefined) return [`the tests do not run: ${output.trim().split('\n').slice(-5).join('\n')}`]
  const red = report.testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name }) => relative(copy, name))
  return red.length === 0 && code !== 0 ? ['an error outside of all tests'] : red
}

/** What became of one mutant: { killed, by } or, if it does not even load, { broken }. */
function verdictOf({ code, report, output }, copy, timeoutMs) {
  if (code === 124) return { killed: true, by: { title: `no end within ${timeoutMs / 1000} s` } }
  if (code === 0) return { killed: false }
  const [first] = failuresOf(report)
  if (first !== undefined) return { killed: true, by: { ...first, file: relative(copy, first.file) } }
  return { killed: false, broken: output.trim().split('\n').slice(-8).join('\n') }
}

async function tryMutant(copy, mutant, timeoutMs) {
  const path = join(copy, mutant.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(mutant.find, () => mutant.replace),
  )
  try {
    const result = await runTests(copy, mutant.tests, { bail: true, timeoutMs })
    return { ...mutant, seconds: result.seconds, ...verdictOf(result, copy, timeoutMs) }
  } finally {
    writeFileSync(path, text)
  }
}

/** Tries all mutants, each copy one after the other; `tell` hears of each at once. The results stand in the order of the list. */
async function tryAll(list, copies, { timeoutMs, tell }) {
  const results = new Array(list.length)
  let next = 0
  const work = async copy => {
    for (let at = next++; at < list.length; at = next++) {
      results[at] = await tryMutant(copy, list[at], timeoutMs)
      tell(results[at])
    }
  }
  await Promise.all(copies.map(work))
  return results
}

/** killed, SURVIVED, explained, or BROKEN: a mutant that is no program. */
export function stateOf({ killed, broken, explained }) {
  if (broken !== undefined) return 'BROKEN'
  if (killed) return explained === undefined ? 'killed' : 'NOTICED'
  return explained === undefined ? 'SURVIVED' : 'explained'
}

const bad = new Set(['BROKEN', 'NOTICED', 'SURVIVED'])

const rowOf = result => {
  const why = result.broken ?? result.by?.title ?? result.explained ?? result.rule
  return `  ${stateOf(result).padEnd(9)}  ${result.id.padEnd(44)}  ${result.seconds.toFixed(1).padStart(6)} s  ${why}`
}

/** `N killed, N survived, N explained`. */
export function closingLine(results) {
  const states = results.map(stateOf)
  const count = (...wanted) => states.filter(state => wanted.includes(state)).length
  return `${count('killed', 'NOTICED')} killed, ${count('SURVIVED', 'BROKEN')} survived, ${count('explained')} explained`
}

async function tryInCopies(list, { jobs, timeoutMs, tell }) {
  const copies = Array.from({ length: Math.min(jobs, list.length) }, copyRepository)
  const clean = () => {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true })
  }
  process.once('SIGTERM', () => process.exit(143))
  process.once('SIGINT', () => process.exit(130))
  process.once('exit', clean)
  const red = await redBefore(copies[0], [...new Set(list.flatMap(({ tests }) => tests))])
  if (red.length > 0) return { red, results: [] }
  return { red, results: await tryAll(list, copies, { timeoutMs, tell }) }
}

const optionsOf = args =>
  parseArgs({
    args,
    options: {
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '180' },
    },
  }).values

const chosenBy = only => {
  const wanted = only?.split(',')
  return mutants.filter(
    ({ id, package: folder }) => wanted?.some(one => one === id || one === folder) ?? true,
  )
}

function writePage(results) {
  const page = join(root, 'docs/mutants.md')
  const earlier = existsSync(page) ? readFileSync(page, 'utf8') : ''
  writeFileSync(page, mutantsPage([...new Set(mutants.map(one => one.package))], results, earlier))
}

function report(results, { json, write }) {
  const summary = results.map(({ id, rule, killed, by, seconds }) => ({
    id,
    rule,
    killed,
    by: by?.title,
    seconds,
  }))
  if (json) console.log(JSON.stringify(summary, undefined, 2))
  const say = json ? console.error : console.log
  const wrong = results.filter(result => bad.has(stateOf(result)))
  for (const one of wrong) say(rowOf(one))
  if (write && wrong.length === 0) writePage(results)
  say(closingLine(results))
  return wrong.length === 0 ? 0 : 1
}

async function main(args) {
  const options = optionsOf(args)
  const [jobs, seconds] = [Number(options.jobs), Number(options.seconds)]
  const list = chosenBy(options.only)
  if (!(jobs >= 1) || !(seconds > 0) || list.length === 0 || (options.write && options.only?.includes('/'))) {
    console.error(
      'need --jobs 1 or more, --seconds above 0, --only packages or ids, and whole packages for --write',
    )
    return 2
  }
  const complaints = checkList(root)
  for (const complaint of complaints) console.error(complaint)
  if (complaints.length > 0) return 1
  if (options.list) {
    for (const { id, rule } of list) console.log(`${id.padEnd(44)}  ${rule}`)
    return 0
  }
  const tell = options.json ? () => {} : result => console.log(rowOf(result))
  const { red, results } = await tryInCopies(list, { jobs, timeoutMs: seconds * 1000, tell })
  for (const one of red) console.error(`red without any mutant: ${one}`)
  return red.length > 0 ? 1 : report(results, options)
}

if (isMain(import.meta.url)) process.exitCode = await main(process.argv.slice(2))

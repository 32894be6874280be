/**
 * Documents that cannot lie: their snippets compile and run, their links lead somewhere, and every fault that the
 * code can report is explained.
 *
 *   node scripts/check-docs.mjs            checks
 *   node scripts/check-docs.mjs --write    rewrites docs/faults.md, docs/variants.md and the files in tutorials, then checks
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from './build.mjs'
import { collectFaults, faultsPage } from './faults.mjs'
import { checkLinks } from './links.mjs'
import { root, run } from './shell.mjs'
import { snippetName, snippetSettings, snippetsOf, withoutTypes } from './snippets.mjs'
import { checkTutorials, writeTutorials } from './tutorials.mjs'
import { checkVariants, variantsPage } from './variants.mjs'
import { filesBelow, remove, write } from './workspace.mjs'

const runLimitMs = 30_000

/** Inside the package's own folder a snippet resolves what the package itself resolves, itself included. */
const placeOf = snippet => join(snippet.home.path, '.snippets')

const at = ({ page, line }) => `${page}:${line}`

/** Compiles all snippets in one go against the sources of the packages. */
async function compile(snippets) {
  const files = snippets.map(one => write(placeOf(one), `${snippetName(one)}.ts`, one.code))
  const settings = snippetSettings({
    files,
    conditions: ['@mc/source'],
    typeRoots: [join(root, 'node_modules/@types')],
  })
  const project = write(join(root, 'node_modules/.cache/snippets'), 'tsconfig.json', JSON.stringify(settings))
  const { code, output } = await run('tsc', ['-p', project, '--pretty', 'false'], { quiet: true })
  if (code === 0) return []
  // Errors in the sources are check:types' affair; only the snippets' own, and the compiler's, are told here.
  return output
    .trimEnd()
    .split('\n')
    .filter(line => !line.startsWith(' ') && !/^packages\/[^/]+\/src\//.test(line))
    .map(line => `snippet does not compile: ${line}`)
}

/** Runs one snippet as a user would: plain Node, built packages. */
async function execute(snippet) {
  const file = write(placeOf(snippet), `${snippetName(snippet)}.mjs`, withoutTypes(snippet.code))
  const { code, output } = await run(process.execPath, [file], { quiet: true, timeoutMs: runLimitMs })
  if (code === 0) return []
  if (code === 124) return [`${at(snippet)}: the snippet ran longer than ${runLimitMs / 1000} s`]
  const reason = output.trim().split('\n').slice(0, 12).join('\n    ')
  return [`${at(snippet)}: the snippet failed:\n    ${reason}`]
}

async function checkSnippets() {
  const snippets = snippetsOf(root)
  const homeless = snippets
    .filter(({ home }) => !home)
    .map(one => `${at(one)}: the snippet imports a package that its own package does not depend on`)
  const runnable = snippets.filter(({ home }) => home)
  const built = await build()
  if (built.code !== 0) homeless.push('the build failed, so snippets may run old code')
  try {
    const complaints = [...homeless, ...(await compile(runnable))]
    for (const snippet of runnable) complaints.push(...(await execute(snippet)))
    return { complaints, count: snippets.length }
  } finally {
    for (const snippet of runnable) remove(placeOf(snippet))
  }
}

function checkFaults() {
  const pages = filesBelow(root, '.md').filter(path =>
    /^(docs\/|packages\/[^/]+\/(README|PAPER)\.md$)/.test(relative(root, path)),
  )
  const text = pages.map(path => readFileSync(path, 'utf8')).join('\n')
  const faults = collectFaults(root)
  const complaints = [...faults.values()]
    .filter(({ id }) => !text.includes(id))
    .map(
      ({ id, path, line }) => `${path}:${line}: no page mentions ${id} (node scripts/check-docs.mjs --write)`,
    )
  return { complaints, count: faults.size }
}

/** Where the threat model says "here", it points to a package, or a script, that has tests. */
function checkThreats() {
  const page = join(root, 'docs/threat-model.md')
  const rows = readFileSync(page, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('|') && line.includes('| here: '))
  const targets = rows.flatMap(line =>
    [...line.matchAll(/\]\(\.\.\/(packages\/[^)]+)\)/g)].map(match => match[1]),
  )
  return [...new Set(targets)]
    .filter(target => filesBelow(join(root, target, 'test'), '.test.ts').length === 0)
    .map(target => `docs/threat-model.md: says that ${target} is tested against an attack; it has no tests`)
}

if (process.argv.includes('--write')) {
  writeFileSync(join(root, 'docs/faults.md'), faultsPage(root))
  await build()
  writeFileSync(join(root, 'docs/variants.md'), await variantsPage(root))
  writeTutorials(root)
  console.log('docs/faults.md, docs/variants.md and the files in docs/tutorials are written.')
}
const links = checkLinks(root)
const faults = checkFaults()
const snippets = existsSync(join(root, 'packages')) ? await checkSnippets() : { complaints: [], count: 0 }
const variants = await checkVariants(root)
const complaints = [
  ...links,
  ...checkThreats(),
  ...faults.complaints,
  ...snippets.complaints,
  ...variants,
  ...checkTutorials(root),
]
for (const complaint of complaints) console.error(complaint)
if (complaints.length === 0) {
  console.log(`The documents hold: ${snippets.count} snippets run, ${faults.count} faults are explained.`)
} else console.error(`\n${complaints.length} complaints about documents.`)
process.exit(complaints.length === 0 ? 0 : 1)

/**
 * Compares every package.json and every import with the tables of docs/layers.md, keeps the sealed packages free of
 * clocks, promises and platforms, and trips over files and functions that grow too long.
 *
 *   node scripts/check-layers.mjs
 *
 * A rule can be lifted for one place by a comment on the line, or the line above: `// allow: <rule>: <reason>`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { readFloors } from './layer-table.mjs'
import { isMain, root as ourRoot } from './shell.mjs'
import { fileLinesMax, functionLinesMax, readSource } from './source-rules.mjs'
import { dependenciesOf, filesBelow, packagesOf, readJson } from './workspace.mjs'

const liftable = ['platform-word', 'long-function', 'long-file', 'import']

const folderOf = name => (name.startsWith('@mc/') ? name.slice('@mc/'.length) : undefined)

/** '@mc/protocol/wire' → '@mc/protocol'; 'libp2p/x' → 'libp2p'. */
const packageName = specifier =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** A law suite is published beside its interface, and runs in the simulator of whoever calls it. */
const isLawSuite = path => /^(.*\/)?conformance(\.ts$|\/)/.test(path)

/** Whoever runs a law suite brings the simulator along: an optional peer, and no run-time dependency. */
const isForLawSuite = (manifest, name) =>
  name === '@mc/sim' &&
  manifest.dependencies?.[name] === undefined &&
  manifest.peerDependenciesMeta?.[name]?.optional === true

/** The law against itself: every use points to a lower floor and to a package that the table knows. */
function checkTable({ floors }, packages, complain) {
  for (const { folder, floor, rank, uses, coming } of floors.values()) {
    for (const lower of uses.keys()) {
      const row = floors.get(lower)
      if (!row) complain('table', 'docs/layers.md', `${folder} uses ${lower}, which has no row`)
      else if (row.rank >= rank || row.floor > floor) {
        complain('table', 'docs/layers.md', `${folder} (floor ${floor}) uses ${lower} (floor ${row.floor})`)
      }
    }
    const exists = packages.some(one => one.folder === folder)
    if (coming && exists) complain('table', 'docs/layers.md', `${folder} has come: remove "(coming)"`)
    if (!coming && !exists)
      complain('table', 'docs/layers.md', `${folder} has a row but no folder in packages/`)
  }
}

function checkDependencies(one, { floors, thirdParty }, sealed, complain) {
  const row = floors.get(one.folder)
  const say = text => complain('dependency', `packages/${one.folder}/package.json`, text)
  const allowed = thirdParty.get(one.folder) ?? { runtime: [], development: [] }
  for (const name of dependenciesOf(
    one.manifest,
    'dependencies',
    'optionalDependencies',
    'peerDependencies',
  )) {
    const folder = folderOf(name)
    if (isForLawSuite(one.manifest, name)) continue
    if (folder !== undefined && !row.uses.has(folder)) {
      say(`depends on ${name}; its row in docs/layers.md does not use ${folder}`)
    }
    if (folder === undefined && !allowed.runtime.includes(name)) {
      say(`depends on ${name}, a third-party package that docs/layers.md does not allow it`)
    }
  }
  for (const name of dependenciesOf(one.manifest, 'devDependencies')) {
    const folder = folderOf(name)
    if (!sealed) continue
    if (folder === undefined && ![...allowed.runtime, ...allowed.development].includes(name)) {
      say(`develops with ${name}, a third-party package that docs/layers.md does not allow it`)
    }
    const lower = floors.get(folder)
    if (folder !== undefined && folder !== 'sim' && !(lower && lower.rank < row.rank)) {
      say(`develops with ${name}, which is not below it (only sim and lower floors may be used in its tests)`)
    }
  }
}

/** Circles among the manifests, whatever the table says: each is reported once, by its path. */
function checkCircles(packages, complain) {
  const lowerOf = new Map(packages.map(one => [one.name, dependenciesOf(one.manifest, 'dependencies')]))
  const done = new Set()
  const visit = (name, path) => {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' → ')
      complain('circle', 'packages', `these depend on each other: ${circle}`)
      return
    }
    if (done.has(name)) return
    for (const lower of lowerOf.get(name) ?? []) if (lowerOf.has(lower)) visit(lower, [...path, name])
    done.add(name)
  }
  for (const name of lowerOf.keys()) visit(name, [])
}

function checkCompilerSettings(one, entirelySealed, complain) {
  const path = join(one.path, 'tsconfig.json')
  if (!existsSync(path)) return complain('sealed', `packages/${one.folder}`, 'has no tsconfig.json')
  const base = readJson(path).extends ?? ''
  if (entirelySealed && !base.endsWith('tsconfig.protocol.json')) {
    complain(
      'sealed',
      `packages/${one.folder}/tsconfig.json`,
      'a sealed package extends tsconfig.protocol.json',
    )
  }
}

function complaintAboutImport(one, law, { path, sealed }, { specifier, types }) {
  if (specifier === undefined) return sealed ? 'a computed import() cannot be checked' : undefined
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(path), specifier)
    if (!target.startsWith(join(one.path, 'src') + sep)) return `'${specifier}' leaves the package's src`
    return /\.(js|json|wasm)$/.test(specifier) ? undefined : `'${specifier}' must end in .js`
  }
  if (isBuiltin(specifier))
    return sealed ? `'${specifier}' is the platform, and this file is sealed` : undefined
  const name = packageName(specifier)
  if (name === one.name) return `'${specifier}' is this package: import the file, relatively`
  const declared = dependenciesOf(one.manifest, 'dependencies', 'optionalDependencies', 'peerDependencies')
  const inLawSuite = name === '@mc/sim' && isLawSuite(relative(join(one.path, 'src'), path))
  if (!declared.includes(name)) {
    if (inLawSuite && dependenciesOf(one.manifest, 'devDependencies').includes(name)) return undefined
    return `'${specifier}' is not among the dependencies of its package.json`
  }
  return complaintAboutFloor(one, law, { name, specifier, types, inLawSuite })
}

function complaintAboutFloor(one, { floors }, { name, specifier, types, inLawSuite }) {
  const row = floors.get(one.folder)
  const folder = folderOf(name)
  if (folder === undefined || inLawSuite) return undefined
  const lower = floors.get(folder)
  if (lower && (lower.rank >= row.rank || lower.floor > row.floor)) {
    return `'${specifier}' is an upward import: floor ${row.floor} may not know floor ${lower.floor}`
  }
  if (!row.uses.has(folder))
    return `'${specifier}': the row of ${one.folder} in docs/layers.md has no ${folder}`
  if (row.uses.get(folder) === 'types' && !types) {
    return `'${specifier}' may be imported for its types only; the implementation is injected`
  }
  return undefined
}

function checkFile(one, law, path, complain, lifted) {
  const inside = relative(join(one.path, 'src'), path).split(sep).join('/')
  const platform = law.platform.get(one.folder) ?? []
  const sealed = !platform.some(
    allowed => allowed === '*' || inside === allowed || inside.startsWith(allowed),
  )
  const source = readSource(path, readFileSync(path, 'utf8'))
  const where = `packages/${one.folder}/src/${inside}`
  const say = (rule, line, text) => {
    const allowance = source.allowances.find(
      allow =>
        allow.rule === rule && (rule === 'long-file' || allow.line === line || allow.line === line - 1),
    )
    if (allowance?.reason) lifted.push(`${where}:${allowance.line}: ${rule}: ${allowance.reason}`)
    else complain(rule, `${where}:${line}`, text)
  }
  for (const { line, rule, reason } of source.allowances) {
    if (!liftable.includes(rule)) complain('allow', `${where}:${line}`, `there is no rule "${rule}" to lift`)
    else if (reason === '') complain('allow', `${where}:${line}`, `"allow: ${rule}" needs a reason`)
  }
  for (const found of source.imports) {
    const text = complaintAboutImport(one, law, { path, sealed }, found)
    if (text) say('import', found.line, text)
  }
  if (sealed) {
    for (const { word, line } of source.platformWords) {
      say(
        'platform-word',
        line,
        `\`${word}\` in a sealed file: time, randomness and IO come through the door`,
      )
    }
  }
  for (const { name, line, lines } of source.functions) {
    const text = `${name} has ${lines} lines of code; over ${functionLinesMax} it is time to find the two ideas in it`
    say('long-function', line, text)
  }
  if (source.lines > fileLinesMax) {
    say(
      'long-file',
      1,
      `${source.lines} lines of code; over ${fileLinesMax} a file usually holds two concepts`,
    )
  }
}

/** The lockfile must not know which registry, or which address, its packages came from. */
function checkLockfile(root, complain) {
  const path = join(root, 'pnpm-lock.yaml')
  if (!existsSync(path)) return
  readFileSync(path, 'utf8')
    .split('\n')
    .forEach((line, at) => {
      const bad = /https?:\/\/|registry|tarball/.exec(line)
      if (bad) complain('lockfile', `pnpm-lock.yaml:${at + 1}`, `names a host or a tarball ("${bad[0]}")`)
    })
}

/**
 * Checks a workspace. Returns { complaints, lifted, packages }:
 * complaints are { rule, where, text }, lifted the rules that a comment set aside, with its reason.
 */
export function checkLayers(root) {
  const complaints = []
  const lifted = []
  const complain = (rule, where, text) => complaints.push({ rule, where, text })
  const law = readFloors(root)
  const packages = packagesOf(root)
  checkTable(law, packages, complain)
  checkCircles(packages, complain)
  checkLockfile(root, complain)
  for (const one of packages) {
    if (!law.floors.has(one.folder)) {
      complain('table', `packages/${one.folder}`, 'has no row in docs/layers.md')
      continue
    }
    const platform = law.platform.get(one.folder) ?? []
    checkDependencies(one, law, !platform.includes('*'), complain)
    checkCompilerSettings(one, platform.length === 0, complain)
    for (const path of filesBelow(join(one.path, 'src'), '.ts', '.tsx')) {
      checkFile(one, law, path, complain, lifted)
    }
  }
  return { complaints, lifted, packages: packages.length }
}

if (isMain(import.meta.url)) {
  const { complaints, lifted, packages } = checkLayers(ourRoot)
  if (lifted.length > 0)
    console.log(`Lifted, each with its reason:\n${lifted.map(line => `  ${line}`).join('\n')}`)
  for (const { rule, where, text } of complaints) console.error(`${where}: ${text} [${rule}]`)
  if (complaints.length === 0) console.log(`The layers hold: ${packages} packages as docs/layers.md says.`)
  else console.error(`\n${complaints.length} complaints about layers.`)
  process.exit(complaints.length === 0 ? 0 : 1)
}

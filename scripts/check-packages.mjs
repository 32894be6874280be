/**
 * Packs every package that is meant to be published and looks at the tarballs as their users would: publint, attw
 * (are the types wrong?), and a stranger who installs them into an empty project.
 *
 *   node scripts/check-packages.mjs
 */
import { mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { build } from './build.mjs'
import { pnpmCommand, root, run } from './shell.mjs'
import { playStranger } from './stranger.mjs'
import { packagesOf, remove } from './workspace.mjs'

/** attw's profile "esm-only": resolvers that cannot import ESM are not asked. */
const notAsked = ['node10', 'node16-cjs']

const typesAnalyser = () => {
  const cli = createRequire(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json'))
  return import(pathToFileURL(cli.resolve('@arethetypeswrong/core')))
}

const publishable = () => packagesOf(root).filter(({ manifest }) => manifest.private !== true)

const tarballOf = ({ name, manifest }) => `${name.slice(1).replace('/', '-')}-${manifest.version}.tgz`

async function pack(folder) {
  const [command, ...args] = pnpmCommand()
  const filters = publishable().map(({ name }) => `--filter=${name}`)
  const all = [...args, '-r', ...filters, 'pack', '--pack-destination', folder]
  const { code, output } = await run(command, all, { quiet: true })
  return code === 0 ? [] : [`pnpm pack failed:\n${output.trimEnd()}`]
}

async function lint({ name, manifest }, bytes) {
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages } = await publint({ pack: { tarball }, level: 'warning', strict: true })
  return messages.map(message => `${name}: publint: ${formatMessage(message, manifest, { color: false })}`)
}

async function analyse({ name, manifest }, bytes, { checkPackage, createPackageFromTarballData }) {
  if (!manifest.exports) return []
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)))
  if (!types) return [`${name}: the tarball has no types (tsc -b writes them)`]
  return problems
    .filter(({ resolutionKind }) => !notAsked.includes(resolutionKind))
    .map(({ kind, entrypoint, resolutionKind }) =>
      `${name}: attw: ${kind} ${entrypoint ?? ''} ${resolutionKind ?? ''}`.trimEnd(),
    )
}

async function inspect(folder) {
  const analyser = await typesAnalyser()
  const complaints = []
  for (const one of publishable()) {
    const bytes = readFileSync(join(folder, tarballOf(one)))
    complaints.push(...(await lint(one, bytes)), ...(await analyse(one, bytes, analyser)))
  }
  return complaints
}

async function checkPackages() {
  const built = await build()
  if (built.code !== 0) return { complaints: [`the build failed:\n${built.output}`], count: 0 }
  const typed = await run('tsc', ['-b', '--pretty', 'false'], { quiet: true })
  // check:types complains about this itself; here it only explains what may follow.
  if (typed.code !== 0) console.error('Note: the types do not check, so the packed declarations may be old.')
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  try {
    const unpacked = await pack(folder)
    if (unpacked.length > 0) return { complaints: unpacked, count: 0 }
    const complaints = await inspect(folder)
    const tarballs = new Map(publishable().map(one => [one.folder, join(folder, tarballOf(one))]))
    const stranger = await playStranger(tarballs)
    return { complaints: [...complaints, ...stranger.complaints], count: stranger.count }
  } finally {
    remove(folder)
  }
}

const { complaints, count } = await checkPackages()
for (const complaint of complaints) console.error(complaint)
if (complaints.length === 0) {
  console.log(`The packages hold: ${publishable().length} packed, ${count} snippets run for a stranger.`)
} else console.error(`\n${complaints.length} complaints about packages.`)
process.exit(complaints.length === 0 ? 0 : 1)

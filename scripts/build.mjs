/**
 * Builds the JavaScript of every package; nothing is done where nothing changed.
 * Whatever is said goes to stderr, so that a program started after this one owns stdout.
 *
 *   node scripts/build.mjs
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isMain, pnpmCommand, root, run } from './shell.mjs'
import { filesBelow, packagesOf, remove, write } from './workspace.mjs'

const cache = join(root, 'node_modules/.cache')
const stampPath = join(cache, 'build-stamp')

/** What a build reads. A generated source is left out: it is also what a build writes. */
const inputs = () => [
  join(root, 'tsup.config.ts'),
  join(root, 'pnpm-lock.yaml'),
  ...packagesOf(root).flatMap(({ path }) => [
    join(path, 'package.json'),
    join(path, 'tsconfig.json'),
    ...['src', 'assembly', 'scripts'].flatMap(folder => filesBelow(join(path, folder), '')),
  ]),
]

/** The entry points that a build writes. */
const products = () =>
  packagesOf(root).flatMap(({ path, manifest }) =>
    [
      ...Object.values(manifest.exports ?? {}).map(target => target.import),
      ...Object.values(manifest.bin ?? {}),
    ]
      .filter(product => product !== undefined)
      .map(product => join(path, product)),
  )

/** Names, sizes and times in one number; a missing file counts as such. */
function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths.filter(one => !one.endsWith('.generated.ts'))) {
    const { size, mtimeMs } = existsSync(path) ? statSync(path) : { size: -1, mtimeMs: 0 }
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/** The stamp of a build: equal stamps mean that there is nothing to do, known sooner than by asking turbo. */
const stampOf = read => `${read} ${fingerprint(products())}`

const isCurrent = () =>
  existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stampOf(fingerprint(inputs()))

/** Returns { code, output, seconds }. */
export async function build() {
  if (isCurrent()) return { code: 0, output: '', seconds: 0 }
  remove(stampPath)
  const turbo = ['turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped', '--no-color']
  const pnpm = pnpmCommand()
  // turbo asks for a pnpm on the PATH; where there is none, npx puts one there.
  const [command, ...args] = pnpm[0] === 'pnpm' ? turbo : [...pnpm, 'exec', ...turbo]
  const read = fingerprint(inputs())
  const result = await run(command, args, { quiet: true, env: { TURBO_UI: 'false' } })
  // The stamp holds what was there before: a file that changed meanwhile is seen by the next build.
  if (result.code === 0) write(cache, 'build-stamp', stampOf(read))
  return result
}

if (isMain(import.meta.url)) {
  if (!existsSync(join(root, 'node_modules'))) {
    console.error('The dependencies are not installed yet. Please run: npx -y pnpm@10.34.9 install')
    process.exit(1)
  }
  if (!existsSync(join(root, 'packages/cli/dist'))) console.error('Building for the first time …')
  const { code, output } = await build()
  if (code !== 0)
    console.error(`${output.trimEnd()}\n\nThe build failed (exit code ${code}); the log is above.`)
  process.exit(code === 0 ? 0 : 1)
}

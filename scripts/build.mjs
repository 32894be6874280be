/**
 * Builds the JavaScript of every package; nothing is done where nothing changed.
 * Whatever is said goes to stderr, so that a program started after this one owns stdout.
 *
 *   node scripts/build.mjs
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isMain, pnpmCommand, root, run } from './shell.mjs'

/** Returns { code, output, seconds }. */
export async function build() {
  const turbo = ['turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped', '--no-color']
  const pnpm = pnpmCommand()
  // turbo asks for a pnpm on the PATH; where there is none, npx puts one there.
  const [command, ...args] = pnpm[0] === 'pnpm' ? turbo : [...pnpm, 'exec', ...turbo]
  return run(command, args, { quiet: true, env: { TURBO_UI: 'false' } })
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

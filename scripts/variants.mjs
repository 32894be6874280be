/** The page of parts and systems: written by the built command from the catalogue, and compared with what stands there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './shell.mjs'

const page = 'docs/variants.md'

/** The page as the catalogue has it now. @throws Error if the command does not run. */
export async function variantsPage(root) {
  const command = [join(root, 'packages/cli/dist/mc.js'), 'variants', '--markdown']
  const { code, output } = await run(process.execPath, command, { quiet: true, timeoutMs: 30_000 })
  if (code !== 0) throw new Error(`mc variants failed:\n${output}`)
  return output
}

/** Complaints about the page; the packages must be built. */
export async function checkVariants(root) {
  const path = join(root, page)
  const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (current === (await variantsPage(root))) return []
  return [`${page}: the catalogue says something else (node scripts/check-docs.mjs --write)`]
}

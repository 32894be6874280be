/**
 * Removes what was built: dist folders, build information, caches. Declarations and their build information go
 * together, or the compiler would believe that nothing is missing.
 *
 *   node scripts/clean.mjs
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './shell.mjs'

const workspaces = ['packages', 'examples'].flatMap(folder =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map(name => join(root, folder, name)) : [],
)

let removed = 0
for (const folder of [root, join(root, 'benchmarks'), ...workspaces]) {
  if (!existsSync(folder)) continue
  const products = readdirSync(folder).filter(
    name => ['dist', '.turbo', '.snippets', 'coverage'].includes(name) || name.endsWith('.tsbuildinfo'),
  )
  for (const path of [...products, 'node_modules/.cache'].map(name => join(folder, name))) {
    if (!existsSync(path)) continue
    rmSync(path, { recursive: true, force: true })
    console.log(`removed ${relative(root, path)}`)
    removed += 1
  }
}
console.log(removed === 0 ? 'Nothing to remove.' : `${removed} removed.`)

/** What the workspace contains: its packages, their manifests, their files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', '.cache', '.snippets', 'coverage', '.mc'])

export const readJson = path => JSON.parse(readFileSync(path, 'utf8'))

/** Every file below a folder whose name ends as asked, sorted; build products and dependencies are left out. */
export function filesBelow(folder, ...endings) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      if (skipped.has(entry.name)) return []
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesBelow(path, ...endings)
      return endings.some(ending => entry.name.endsWith(ending)) ? [path] : []
    })
}

/**
 * The packages under packages/, by folder name.
 * Each is { folder: 'rbc', name: '@mc/rbc', path, manifest }.
 */
export function packagesOf(root) {
  const packages = join(root, 'packages')
  return readdirSync(packages, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(packages, entry.name, 'package.json')))
    .map(entry => {
      const path = join(packages, entry.name)
      const manifest = readJson(join(path, 'package.json'))
      return { folder: entry.name, name: manifest.name, path, manifest }
    })
    .sort((a, b) => (a.folder < b.folder ? -1 : 1))
}

/** What a package may import by its manifest: [name, range] of every kind of dependency asked for. */
export const dependenciesOf = (manifest, ...kinds) => kinds.flatMap(kind => Object.keys(manifest[kind] ?? {}))

/** Packages sorted so that each comes after what it depends on; a circle is left in the order found. */
export function inDependencyOrder(packages) {
  const byName = new Map(packages.map(one => [one.name, one]))
  const sorted = new Set()
  const visiting = new Set()
  const visit = one => {
    if (sorted.has(one) || visiting.has(one)) return
    visiting.add(one)
    for (const name of dependenciesOf(one.manifest, 'dependencies')) {
      const lower = byName.get(name)
      if (lower) visit(lower)
    }
    sorted.add(one)
  }
  for (const one of packages) visit(one)
  return [...sorted]
}

/** Writes a file, its folder first. */
export function write(folder, name, text) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

export const remove = path => rmSync(path, { recursive: true, force: true })

/**
 * The map of the mission cannot lie: every file that it names is there, every symbol and every test title stands in it.
 *
 *   node scripts/check-mission-map.mjs
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMain, root as ourRoot } from './shell.mjs'

const page = 'docs/mission-map.md'

/** What each row names: `symbol` in [file](path), and "title" in [file](path). */
const namesOf = text =>
  [...text.matchAll(/(?:`([^`]+)`|"([^"]+)") in \[[^\]]+\]\(\.\.\/([^)]+)\)/g)].map(
    ([, symbol, title, path]) => ({
      name: symbol ?? title,
      isTitle: title !== undefined,
      path,
    }),
  )

/** Complaints about the map. */
export function checkMissionMap(root) {
  const names = namesOf(readFileSync(join(root, page), 'utf8'))
  const complaints = names.flatMap(({ name, isTitle, path }) => {
    const file = join(root, path)
    if (!existsSync(file)) return [`${path} is not there`]
    const source = readFileSync(file, 'utf8')
    const stands = isTitle ? source.includes(name) : new RegExp(`\\b${name}\\b`).test(source)
    return stands ? [] : [`${path} has no ${isTitle ? 'test' : 'symbol'} "${name}"`]
  })
  return { complaints, count: names.length }
}

if (isMain(import.meta.url)) {
  const { complaints, count } = checkMissionMap(ourRoot)
  for (const complaint of complaints) console.error(`${page}: ${complaint}`)
  if (complaints.length === 0) console.log(`The map of the mission holds: ${count} names.`)
  process.exit(complaints.length === 0 ? 0 : 1)
}

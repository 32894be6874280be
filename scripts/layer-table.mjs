/** Reads the tables of docs/layers.md, which are the law that check-layers enforces. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The rows of the first table below a heading, each a list of trimmed cells; the head is left out. */
export function tableUnder(text, heading) {
  const lines = text.split('\n')
  const start = lines.findIndex(line => /^#+ /.test(line) && line.replace(/^#+ /, '').trim() === heading)
  if (start < 0) throw new Error(`docs/layers.md: there is no heading "${heading}"`)
  const first = lines.findIndex((line, at) => at > start && line.startsWith('|'))
  const rows = []
  for (let at = first; at >= 0 && lines[at]?.startsWith('|'); at += 1) {
    rows.push(
      lines[at]
        .slice(1, lines[at].lastIndexOf('|'))
        .split('|')
        .map(cell => cell.trim()),
    )
  }
  return rows.slice(2)
}

const packageIn = cell => /`@mc\/([a-z0-9-]+)`/.exec(cell)?.[1]
const listIn = cell => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1])

function parseUses(cell) {
  const uses = new Map()
  for (const part of cell.split(',').map(text => text.trim())) {
    const match = /^([a-z0-9-]+)( \(types\))?$/.exec(part)
    if (match && part !== 'none') uses.set(match[1], match[2] ? 'types' : 'values')
  }
  return uses
}

/**
 * The law, as { floors, platform, thirdParty }, each keyed by folder:
 * - floors: { folder, floor, rank, coming, uses }, where uses maps folders to 'values' or 'types' ("everything below"
 *   is spelled out) and rank is the row's position: on one floor, a row may use the rows above it;
 * - platform: the source paths that may touch the platform, relative to src; '*' for a whole package;
 * - thirdParty: { runtime, development }, lists of npm packages.
 */
export function readFloors(root) {
  const text = readFileSync(join(root, 'docs/layers.md'), 'utf8')
  const floors = new Map()
  for (const [floor, name, , uses] of tableUnder(text, 'The floors')) {
    const folder = packageIn(name)
    if (!folder) throw new Error(`docs/layers.md: a row of the floors names no package: ${name}`)
    const all = uses === 'everything below'
    floors.set(folder, {
      folder,
      floor: Number(floor),
      rank: floors.size,
      coming: name.includes('(coming)'),
      all,
      uses: parseUses(uses),
    })
  }
  for (const row of floors.values()) {
    if (!row.all) continue
    for (const lower of floors.values()) if (lower.floor < row.floor) row.uses.set(lower.folder, 'values')
  }
  const platform = new Map()
  for (const [name, paths] of tableUnder(text, 'Platform code')) {
    platform.set(packageIn(name), paths === 'all of it' ? ['*'] : listIn(paths))
  }
  const thirdParty = new Map()
  for (const [name, runtime, development] of tableUnder(text, 'Third-party packages')) {
    thirdParty.set(packageIn(name), { runtime: listIn(runtime), development: listIn(development) })
  }
  return { floors, platform, thirdParty }
}

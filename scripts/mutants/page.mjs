/** docs/mutants.md: which rule was broken where, and which test noticed. */
import { basename } from 'node:path'

const escaped = text => text.replaceAll(/[|*_<>[\]]/g, character => `\\${character}`)

const killerOf = ({ by, explained }) => {
  if (by === undefined) return `nobody can: ${escaped(explained)}`
  const where = by.file === undefined ? '' : `[${basename(by.file)}](../${by.file}): `
  return `${where}${escaped(by.title)}`
}

const rowOf = mutant => {
  const file = `[${basename(mutant.file)}](../${mutant.file})`
  return `| \`${mutant.id}\` | ${escaped(mutant.rule)} | ${file} | ${killerOf(mutant)} |`
}

const tableOf = (folder, results) =>
  [
    `## ${folder}`,
    '',
    '| mutant | broken rule | file | killed by |',
    '| --- | --- | --- | --- |',
    ...results.filter(one => one.package === folder).map(rowOf),
  ].join('\n')

/** The tables of an earlier page, by package. */
const tablesOf = page =>
  new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map(part => [part.match(/## (\S+)/)[1], part.trim()]),
  )

const count = (text, pattern) => [...text.matchAll(pattern)].length

/** The page with these packages in this order: from the results of all mutants of a package, else as `earlier` has it. */
export function mutantsPage(folders, results, earlier = '') {
  const kept = tablesOf(earlier)
  const tried = new Set(results.map(one => one.package))
  const tables = folders.flatMap(folder =>
    tried.has(folder) ? tableOf(folder, results) : (kept.get(folder) ?? []),
  )
  const body = tables.join('\n\n')
  const [rows, explained] = [count(body, /^\| `/gm), count(body, /\| nobody can: /g)]
  return `# Mutants

Written by \`node scripts/mutants.mjs --write\`. Each mutant is the code with one rule broken: an acceptance predicate removed, a
threshold lowered, a check dropped, a window left open. A rule counts as tested if a test turns red; the tests named are the
first to. What is broken exactly stands in [scripts/mutants](../scripts/mutants/list.mjs).

${rows} mutants: ${rows - explained} killed, ${explained} explained.

${body}
`
}

/**
 * The list of mutants: rules of the protocols, each broken on purpose, and the test that must notice.
 *
 * A file per package holds groups { variant, file, tests, mutants }; a mutant is { id, rule, find, replace } and may name its own
 * `tests`, or say with `explained` why nobody can notice. `find` stands exactly once in the file, so that the list cannot rot.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import acs from './acs.mjs'
import avid from './avid.mjs'
import coin from './coin.mjs'
import crypto from './crypto.mjs'
import dkg from './dkg.mjs'
import raba from './raba.mjs'
import rbc from './rbc.mjs'
import topics from './topics.mjs'

const groups = { crypto, coin, avid, rbc, raba, acs, dkg, topics }

const mutantsOf = ([folder, list]) =>
  list.flatMap(({ variant, file, tests, mutants }) =>
    mutants.map(mutant => ({
      ...mutant,
      id: `${folder}/${mutant.id}`,
      package: folder,
      variant,
      file: `packages/${folder}/src/${file}`,
      tests: (mutant.tests ?? tests).map(test => `packages/${folder}/test/${test}`),
    })),
  )

/** All mutants, each { id, package, variant, file, rule, find, replace, tests, explained? }, with paths from the root. */
export const mutants = Object.entries(groups).flatMap(mutantsOf)

const occurrences = (text, part) => text.split(part).length - 1

function complaintsAbout(root, { id, file, rule, find, replace, tests }) {
  const path = join(root, file)
  if (!existsSync(path)) return [`${id}: there is no ${file}`]
  const count = occurrences(readFileSync(path, 'utf8'), find)
  const strangers = tests.filter(test => !existsSync(join(root, test)))
  return [
    ...(count === 1 ? [] : [`${id}: its text stands ${count} times in ${file}, not once`]),
    ...(find === replace ? [`${id}: changes nothing`] : []),
    ...(rule ? [] : [`${id}: names no rule`]),
    ...(tests.length > 0 ? [] : [`${id}: names no test`]),
    ...strangers.map(test => `${id}: there is no ${test}`),
  ]
}

/** What is wrong with the list itself: a text that does not stand where it is looked for, a name twice. */
export function checkList(root, list = mutants) {
  const ids = list.map(({ id }) => id)
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at)
  return [
    ...twice.map(id => `${id}: stands twice in the list`),
    ...list.flatMap(mutant => complaintsAbout(root, mutant)),
  ]
}

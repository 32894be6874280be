/** Collects the rule ids of faults from the sources, and what the documents say about them. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { filesBelow, packagesOf } from './workspace.mjs'

const idPattern = /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/

/** Parts of a system are named in the same form as faults: `name: 'rbc/bracha'` is not a fault. */
const namesAPart = node => ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === 'name'

/**
 * The rule ids of one source, each { id, line }: every literal of the form `owner/what-they-did` whose owner is one of
 * `owners`, wherever it stands, so that an id that is passed on, or listed in a type, is found too.
 */
export function faultsIn(path, text, owners) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  const found = []
  const visit = node => {
    const isId = ts.isStringLiteralLike(node) && idPattern.test(node.text) && !namesAPart(node)
    if (isId && owners.includes(node.text.split('/')[0])) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      found.push({ id: node.text, line: line + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Every rule id of the packages: Map of id → { id, path, line }, its first place; sorted. */
export function collectFaults(root) {
  const faults = new Map()
  for (const one of packagesOf(root)) {
    for (const path of filesBelow(join(one.path, 'src'), '.ts')) {
      for (const fault of faultsIn(path, readFileSync(path, 'utf8'), [one.folder, 'wire'])) {
        if (!faults.has(fault.id)) faults.set(fault.id, { ...fault, path: relative(root, path) })
      }
    }
  }
  return new Map([...faults].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const mentions = text => [...text.matchAll(/`([^`]+)`/g)].filter(match => idPattern.test(match[1])).length

/** The table cell or sentence of a text that explains one id, in backticks, and no other. */
export function sentenceAbout(id, text) {
  for (const line of text.split('\n')) {
    if (!line.includes(`\`${id}\``)) continue
    const inTable = line.startsWith('|')
    if (inTable && mentions(line) > 1) continue
    const parts = inTable
      ? line.split('|').filter(cell => !cell.includes(id))
      : line.split(/(?<=[.;])\s+/).filter(part => part.includes(`\`${id}\``) && mentions(part) === 1)
    const best = parts.map(part => part.replace(/^[\s*-]+/, '').trim()).sort((a, b) => b.length - a.length)[0]
    if (best && best.length > (inTable ? 8 : id.length + 8)) return best.replaceAll('**', '')
  }
  return undefined
}

const shorten = text => (text.length > 220 ? `${text.slice(0, 217).replace(/\s+\S*$/, '')} …` : text)

/** What docs/faults.md should say. */
export function faultsPage(root) {
  const faults = collectFaults(root)
  const pages = packagesOf(root)
    .flatMap(one => ['PAPER.md', 'README.md'].map(name => join(one.path, name)))
    .filter(existsSync)
    .map(path => readFileSync(path, 'utf8'))
  const rows = [...faults.values()].map(({ id, path }) => {
    const said = pages.map(text => sentenceAbout(id, text)).find(text => text !== undefined)
    const meaning = shorten(said ?? id.split('/')[1].replaceAll('-', ' ')).replaceAll('|', '\\|')
    return `| \`${id}\` | ${meaning} | [${path.split('/').at(-1)}](../${path}) |`
  })
  return `# Faults

What a peer can be found to have done wrong. A fault names the peer, the rule it broke and the facts; the handler then goes on. Without signatures a fault is a local observation, which convinces nobody else. This page is written by \`node scripts/check-docs.mjs --write\`.

| rule | what the peer did | source |
|---|---|---|
${rows.join('\n')}
`
}

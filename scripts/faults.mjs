/** Collects the rule ids of faults from the sources, and what the documents say about them. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { filesBelow, packagesOf } from './workspace.mjs'

const idPattern = /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/

function literalsOf(node) {
  if (ts.isStringLiteralLike(node)) return idPattern.test(node.text) ? [node] : []
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)]
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return literalsOf(node.expression)
  return []
}

/** Where an id can stand: the value of `rule:`, or an argument of something called a fault. */
function idsIn(node) {
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'rule') return literalsOf(node.initializer)
  if (ts.isCallExpression(node) && /fault|blame/i.test(node.expression.getText())) {
    return node.arguments.flatMap(literalsOf)
  }
  return []
}

/** The rule ids of one source: { id, line }. */
export function faultsIn(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  const found = []
  const visit = node => {
    for (const literal of idsIn(node)) {
      const { line } = source.getLineAndCharacterOfPosition(literal.getStart())
      found.push({ id: literal.text, line: line + 1 })
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
      for (const fault of faultsIn(path, readFileSync(path, 'utf8'))) {
        if (!faults.has(fault.id)) faults.set(fault.id, { ...fault, path: relative(root, path) })
      }
    }
  }
  return new Map([...faults].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The sentence or table cell of a text that mentions an id in backticks and says more than the id. */
export function sentenceAbout(id, text) {
  for (const line of text.split('\n')) {
    if (!line.includes(`\`${id}\``)) continue
    const inTable = line.startsWith('|')
    const cells = inTable ? line.split('|').filter(cell => !cell.includes(id)) : [line]
    const best = cells.map(cell => cell.replace(/^[\s*-]+/, '').trim()).sort((a, b) => b.length - a.length)[0]
    if (best && best.length > (inTable ? 8 : id.length + 8)) return best
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

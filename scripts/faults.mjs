/** Collects the rule ids of faults from the sources, and what the documents say about them. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { filesBelow, packagesOf } from './workspace.mjs'

const idPattern = /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/

/** The comment that stands right above a line, as one paragraph; else that of the nearest lines above it. */
function commentAbove(lines, line) {
  let end = line - 1
  while (end >= 0 && line - end < 12 && !/^\s*(\/\/|\*|\/\*\*)/.test(lines[end])) end -= 1
  let start = end
  while (start > 0 && /^\s*(\/\/|\*|\/\*\*)/.test(lines[start - 1])) start -= 1
  if (end < 0 || line - end >= 12) return ''
  return lines
    .slice(start, end + 1)
    .map(text => text.replace(/^\s*(\/\/|\*\/|\/\*\*|\*)\s?/, '').replace(/\*\/\s*$/, ''))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

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

/** The rule ids of one source: { id, line, comment }. */
export function faultsIn(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  const lines = text.split('\n')
  const found = []
  const visit = node => {
    for (const literal of idsIn(node)) {
      const { line } = source.getLineAndCharacterOfPosition(literal.getStart())
      found.push({ id: literal.text, line: line + 1, comment: commentAbove(lines, line) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Every rule id of the packages: Map of id → { id, path, line, comment }, its first place. */
export function collectFaults(root) {
  const faults = new Map()
  for (const one of packagesOf(root)) {
    for (const path of filesBelow(join(one.path, 'src'), '.ts')) {
      for (const fault of faultsIn(path, readFileSync(path, 'utf8'))) {
        const known = faults.get(fault.id)
        if (!known) faults.set(fault.id, { ...fault, path: relative(root, path) })
        else if (known.comment === '') known.comment = fault.comment
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
  const rows = [...faults.values()].map(({ id, path, comment }) => {
    const said = pages.map(text => sentenceAbout(id, text)).find(text => text !== undefined) ?? comment
    const [owner, deed] = id.split('/')
    const meaning = shorten((said || `${deed.replaceAll('-', ' ')} (${owner})`).replaceAll('|', '\\|'))
    return `| \`${id}\` | ${meaning} | [${path.split('/').at(-1)}](../${path}) |`
  })
  return `# Faults

What a peer can be found to have done wrong. A fault names the peer, the rule it broke and the facts; the handler then goes on. Without signatures a fault is a local observation, which convinces nobody else. This page is written by \`node scripts/check-docs.mjs --write\`.

| rule | what the peer did, or the rule it broke | source |
|---|---|---|
${rows.join('\n')}
`
}

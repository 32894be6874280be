/**
 * What check-layers sees in one source file: its imports, words that need a platform, and how long things are.
 * The compiler's own parser does the reading, so comments and strings never count.
 */
import ts from 'typescript'

export const fileLinesMax = 400
export const functionLinesMax = 60

const platformNames = new Set([
  'Date',
  'Promise',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'console',
  'process',
  'Buffer',
])
const platformMembers = new Set(['Math.random', 'globalThis.crypto'])

const parse = (path, text) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)

const walk = (node, visit) => {
  visit(node)
  ts.forEachChild(node, child => walk(child, visit))
}

/** Import clauses that bring in nothing but types: `import type …`, or every name marked `type`. */
function onlyTypes(node) {
  const clause = ts.isImportDeclaration(node) ? node.importClause : node
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const named = ts.isImportDeclaration(node) ? clause.namedBindings : node.exportClause
  if (ts.isImportDeclaration(node) && clause.name) return false
  return named !== undefined && 'elements' in named && named.elements.length > 0
    ? named.elements.every(element => element.isTypeOnly)
    : false
}

function importOf(node) {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    return { specifier: node.moduleSpecifier.text, types: onlyTypes(node) }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: node.argument.literal.text, types: true }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    return {
      specifier: argument && ts.isStringLiteralLike(argument) ? argument.text : undefined,
      types: false,
    }
  }
  return undefined
}

/** A name that refers to something, rather than labels a member: `process` in `process.exit`, not in `x.process`. */
function refers(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node
  if (ts.isQualifiedName(parent)) return parent.right !== node
  const labels =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessor(parent)
  return !(labels && parent.name === node)
}

function platformWordOf(node) {
  if (ts.isIdentifier(node) && platformNames.has(node.text) && refers(node)) return node.text
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`
    return platformMembers.has(member) ? member : undefined
  }
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return 'await'
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  return undefined
}

const functionName = node => {
  if (node.name) return node.name.getText()
  const { parent } = node
  return parent.name ? parent.name.getText() : 'an unnamed function'
}

/** For each line, whether it holds code rather than only a comment or nothing. */
function codeLines(source) {
  const holdsCode = new Array(source.getLineStarts().length).fill(false)
  const mark = node => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(source)
    if (children.length > 0) return children.forEach(mark)
    if (node.getWidth(source) === 0) return
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line
    const last = source.getLineAndCharacterOfPosition(node.getEnd() - 1).line
    for (let line = first; line <= last; line += 1) holdsCode[line] = true
  }
  mark(source)
  return holdsCode
}

function allowances(text) {
  return text.split('\n').flatMap((line, at) => {
    const match = /\/\/ allow:\s*([a-z-]+)?(?:\s*:\s*(.*))?$/.exec(line)
    return match ? [{ line: at + 1, rule: match[1] ?? '', reason: (match[2] ?? '').trim() }] : []
  })
}

/**
 * Reads one file. Returns
 * - imports: { specifier, types, line }; a computed dynamic import has no specifier;
 * - platformWords: { word, line };
 * - lines: how many lines hold code;
 * - functions: { name, line, lines } of those longer than `functionLinesMax`;
 * - allowances: { line, rule, reason } of its `// allow:` comments.
 */
export function readSource(path, text) {
  const source = parse(path, text)
  const lineOf = node => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
  const holdsCode = codeLines(source)
  const imports = []
  const platformWords = []
  const functions = []
  walk(source, node => {
    const found = importOf(node)
    if (found) imports.push({ ...found, line: lineOf(node) })
    const word = platformWordOf(node)
    if (word) platformWords.push({ word, line: lineOf(node) })
    if (ts.isFunctionLike(node) && node.body) {
      const first = lineOf(node)
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line + 1
      const lines = holdsCode.slice(first - 1, last).filter(Boolean).length
      if (lines > functionLinesMax) functions.push({ name: functionName(node), line: first, lines })
    }
  })
  return {
    imports,
    platformWords,
    functions,
    lines: holdsCode.filter(Boolean).length,
    allowances: allowances(text),
  }
}

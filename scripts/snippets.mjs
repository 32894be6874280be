/** Finds the code in the documents: the ```ts blocks that promise to run as they stand. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { dependenciesOf, filesBelow, packagesOf } from './workspace.mjs'

/**
 * The runnable blocks of one page: those under a heading "Use", and those marked ```ts run.
 * Each is { line, code }, where line is that of the block's first line of code.
 */
export function runnableBlocks(markdown) {
  const blocks = []
  let inUse = false
  let open
  markdown.split('\n').forEach((line, at) => {
    if (open) {
      if (line.startsWith('```')) {
        if (open.runs) blocks.push({ line: open.line, code: `${open.code.join('\n')}\n` })
        open = undefined
      } else open.code.push(line)
      return
    }
    const fence = /^```(\S*)\s*(.*)$/.exec(line)
    if (fence) {
      const runs = fence[1] === 'ts' && (inUse || fence[2].split(' ').includes('run'))
      open = { runs, line: at + 2, code: [] }
    }
    const heading = /^(#+)\s+(.*)$/.exec(line)
    if (heading) inUse = heading[2].trim() === 'Use'
  })
  return blocks
}

/** The package names a snippet imports. */
export const importsOf = code =>
  [...code.matchAll(/(?:from|import)\s*\(?\s*'([^'.][^']*)'/g)].map(([, specifier]) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  )

const knows = (one, name) =>
  name.startsWith('node:') ||
  name === one.name ||
  dependenciesOf(one.manifest, 'dependencies', 'devDependencies').includes(name)

/**
 * Every runnable block of the repository, with the package in whose folder it can be resolved: the page's own
 * package, else the first that knows all it imports.
 * Each is { page, line, code, home }; home is undefined where no package knows all of them.
 */
export function snippetsOf(root) {
  const packages = packagesOf(root)
  const pages = [
    join(root, 'README.md'),
    ...packages.map(one => join(one.path, 'README.md')),
    ...filesBelow(join(root, 'docs'), '.md'),
  ]
  return pages.flatMap(path => {
    const owner = packages.find(one => path.startsWith(`${one.path}/`))
    return runnableBlocks(textOf(path)).map(({ line, code }) => {
      const homes = owner ? [owner] : packages
      const home = homes.find(one => importsOf(code).every(name => knows(one, name)))
      return { page: relative(root, path), line, code, home }
    })
  })
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The same code for plain Node: types removed, nothing else changed. */
export const withoutTypes = code =>
  ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText

/** A file name that says where a snippet stands. */
export const snippetName = ({ page, line }) => `${page.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${line}`

/** Compiler settings as strict as ours, for snippets; `conditions` chooses sources or built packages. */
export const snippetSettings = ({ files, conditions, typeRoots }) => ({
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    customConditions: conditions,
    lib: ['ES2023'],
    types: ['node'],
    typeRoots,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    moduleDetection: 'force',
    skipLibCheck: true,
    noEmit: true,
  },
  files,
})

/**
 * The stranger's test: somebody who has never seen this repository installs the packed packages into an empty
 * project, and types in what their README pages show. Plain npm, plain Node, no workspace, no sources.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFloors } from './layer-table.mjs'
import { root, run } from './shell.mjs'
import { importsOf, snippetName, snippetSettings, snippetsOf, withoutTypes } from './snippets.mjs'
import { remove, write } from './workspace.mjs'

/** The floors below the network: libraries that somebody imports into a project of their own. */
function libraries(tarballs) {
  const { floors } = readFloors(root)
  return [...tarballs].filter(([folder]) => (floors.get(folder)?.floor ?? 99) < 10)
}

async function install(folder, packed) {
  const files = Object.fromEntries(packed.map(([name, tarball]) => [`@mc/${name}`, `file:${tarball}`]))
  const manifest = {
    name: 'stranger',
    version: '0.0.0',
    private: true,
    type: 'module',
    dependencies: files,
    // None of these is on a registry yet: whoever asks for one gets the tarball.
    overrides: Object.fromEntries(Object.keys(files).map(name => [name, `$${name}`])),
  }
  write(folder, 'package.json', JSON.stringify(manifest, undefined, 2))
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--loglevel=error',
  ]
  const { code, output } = await run('npm', args, { cwd: folder, quiet: true, timeoutMs: 120_000 })
  return code === 0 ? [] : [`npm could not install the packed packages:\n    ${lastLines(output)}`]
}

const lastLines = text => text.trim().split('\n').slice(-12).join('\n    ')

async function compile(folder, snippets) {
  const files = snippets.map(one => write(folder, `${snippetName(one)}.ts`, one.code))
  if (files.length === 0) return []
  const settings = snippetSettings({ files, conditions: [], typeRoots: [join(root, 'node_modules/@types')] })
  const project = write(folder, 'tsconfig.json', JSON.stringify(settings))
  const { code, output } = await run('tsc', ['-p', project, '--pretty', 'false'], { quiet: true })
  return code === 0
    ? []
    : output
        .trimEnd()
        .split('\n')
        .map(line => `the published types do not fit: ${line}`)
}

async function execute(folder, snippet) {
  const file = write(folder, `${snippetName(snippet)}.mjs`, withoutTypes(snippet.code))
  const { code, output } = await run(process.execPath, [file], {
    cwd: folder,
    quiet: true,
    timeoutMs: 30_000,
  })
  return code === 0 ? [] : [`${snippet.page}:${snippet.line} fails for a stranger:\n    ${lastLines(output)}`]
}

/**
 * Plays the stranger with the given tarballs, a Map of package folder → path.
 * Returns { complaints, count }, count being the snippets that were run.
 */
export async function playStranger(tarballs) {
  const folder = mkdtempSync(join(tmpdir(), 'stranger-'))
  try {
    const packed = libraries(tarballs)
    const names = new Set(packed.map(([name]) => `@mc/${name}`))
    const known = name => name.startsWith('node:') || names.has(name)
    const snippets = snippetsOf(root).filter(
      ({ page, home, code }) =>
        page.startsWith('packages/') && names.has(home?.name) && importsOf(code).every(known),
    )
    const installed = await install(folder, packed)
    if (installed.length > 0) return { complaints: installed, count: 0 }
    const complaints = await compile(folder, snippets)
    for (const snippet of snippets) complaints.push(...(await execute(folder, snippet)))
    return { complaints, count: snippets.length }
  } finally {
    remove(folder)
  }
}

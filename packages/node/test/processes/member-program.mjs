/** The program of a member in one file, as the command line is: a restart is timed as people meet it. */
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const here = name => fileURLToPath(new URL(name, import.meta.url))

/** Bundles `member.mjs` and returns its path: one of this process alone, where its native dependencies are found. */
export async function memberProgram() {
  const outDir = here(`../../node_modules/.cache/processes/${process.pid}`)
  await build({
    entry: [here('member.mjs')],
    config: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    splitting: false,
    clean: false,
    silent: true,
    noExternal: [/^(?!@mc\/crypto(\/|$)|classic-level$)[^.]/],
    external: [/^@mc\/crypto(\/|$)/, 'classic-level'],
    banner: {
      js: "import { createRequire as requireHere } from 'node:module'; const require = requireHere(import.meta.url);",
    },
  })
  return `${outDir}/member.mjs`
}

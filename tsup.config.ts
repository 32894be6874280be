import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

/** One entry per subpath export: the `@mc/source` condition of each export names its source. */
const { exports = {}, mc = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
const entry = [
  ...Object.values<Record<string, string> | string>(exports).flatMap(target =>
    typeof target === 'object' && target['@mc/source'] ? [target['@mc/source']] : [],
  ),
  ...(mc.entries ?? []),
]

/**
 * A program is written with all that it imports: hundreds of small files take a process longer to find and read than to run.
 * What is native, or looks for what is native beside itself, stays outside.
 */
const asProgram: Options = {
  platform: 'node',
  noExternal: [/^(?!@mc\/crypto(\/|$)|classic-level$)[^.]/],
  external: [/^@mc\/crypto(\/|$)/, 'classic-level'],
  sourcemap: false,
  // Bundled modules of the older kind ask for built-in ones by this name.
  banner: {
    js: "import { createRequire as requireHere } from 'node:module'; const require = requireHere(import.meta.url);",
  },
}

export default defineConfig({
  entry,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  outDir: 'dist',
  dts: false,
  // Old chunks go, declarations stay: the compiler would not write them again.
  clean: ['!**/*.d.ts', '!**/*.d.ts.map'],
  splitting: true,
  sourcemap: true,
  silent: true,
  ...(mc.program === true ? asProgram : {}),
})

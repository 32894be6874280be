import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

/** One entry per subpath export: the `@mc/source` condition of each export names its source. */
const { exports = {}, mc = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
const entry = [
  ...Object.values<Record<string, string> | string>(exports).flatMap(target =>
    typeof target === 'object' && target['@mc/source'] ? [target['@mc/source']] : [],
  ),
  ...(mc.entries ?? []),
]

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
})

/** The program of `roots.ts` in one file, so that any Node can run it from the sources. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const here = name => fileURLToPath(new URL(name, import.meta.url))

/** Bundles the program and returns its path: one of this process alone. */
export async function replayProgram() {
  const outDir = here(`../../node_modules/.cache/replay/${process.pid}`)
  await build({
    entry: [here('roots.ts')],
    config: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    splitting: false,
    clean: false,
    silent: true,
    noExternal: [/^[^.]/],
    esbuildOptions: options => {
      options.conditions = ['@mc/source']
    },
    banner: {
      js: "import { createRequire as requireHere } from 'node:module'; const require = requireHere(import.meta.url);",
    },
  })
  return `${outDir}/roots.mjs`
}

/** Where the same history must come out the same: different languages, scripts, hemispheres, and half hours. */
export const PLACES = [
  { LANG: 'C', LC_ALL: 'C', TZ: 'UTC' },
  { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Auckland' },
  { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', TZ: 'America/St_Johns' },
  { LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8', TZ: 'Asia/Kathmandu' },
  { LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8', TZ: 'Pacific/Marquesas' },
]

/** Runs the program somewhere; `command` is a Node, by default this one. */
export function replayAt(program, place, { histories, command = [process.execPath] }) {
  const [file, ...args] = command
  const env = { ...process.env, ...place, MC_HISTORIES: String(histories) }
  const child = spawn(file, [...args, program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`exit code ${code}`)),
    )
  })
}

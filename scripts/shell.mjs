/**
 * How the scripts start other programs: pnpm wherever it is, tools of this repository, quiet or loud.
 * Nothing here knows what the programs do.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Our own tools phone nobody. */
const quietEnvironment = {
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  NO_UPDATE_NOTIFIER: '1',
}

const environment = {
  ...process.env,
  ...quietEnvironment,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
}

const pinnedPnpm = () => {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return packageManager.split('+')[0]
}

const onPath = command => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** The command line that reaches pnpm: pnpm itself where it is on the PATH, else through npx. */
export const pnpmCommand = () => (onPath('pnpm') ? ['pnpm'] : ['npx', '-y', pinnedPnpm()])

/**
 * Runs a program to its end.
 *
 * `quiet` collects its output instead of showing it; `toStderr` shows it, on stderr only.
 * Returns { code, output, seconds }; code is 127 when the program could not be started, 124 after `seconds` limits.
 */
export function run(
  command,
  args,
  { cwd = root, quiet = false, toStderr = false, env = {}, timeoutMs } = {},
) {
  const began = process.hrtime.bigint()
  return new Promise(resolve => {
    const stdio = ['ignore', ...(quiet ? ['pipe', 'pipe'] : toStderr ? [2, 2] : ['inherit', 'inherit'])]
    const child = spawn(command, args, { cwd, stdio, env: { ...environment, ...env } })
    let output = ''
    let late = false
    const collect = chunk => {
      output += chunk
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    const timer =
      timeoutMs &&
      setTimeout(() => {
        late = true
        child.kill('SIGKILL')
      }, timeoutMs)
    const end = code => {
      clearTimeout(timer)
      resolve({ code: late ? 124 : code, output, seconds: Number(process.hrtime.bigint() - began) / 1e9 })
    }
    child.on('error', error => {
      output += `${error.message}\n`
      end(127)
    })
    child.on('close', (code, signal) => end(signal ? 1 : code))
  })
}

/** Runs a script of this folder with the running Node. */
export const runScript = (name, args = [], options = {}) =>
  run(process.execPath, [join(root, 'scripts', name), ...args], options)

/** Whether a module was started from the command line, rather than imported. */
export const isMain = url =>
  process.argv[1] !== undefined && fileURLToPath(url) === realpathSync(process.argv[1])

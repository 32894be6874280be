/** Runs the built command as people do. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** The last line of standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly json: any
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with the first whole line of standard output that is an object. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  firstJson(): Promise<any>
}

/** Builds what has changed; nothing is done if nothing has. */
export function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/build.mjs'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.once('exit', code => (code === 0 ? resolve() : reject(new Error(`the build failed (${code})`))))
  })
}

/** Starts `mc` with these arguments, in the root of the repository unless another folder is named. */
export function running(args: readonly string[], input = '', cwd: string = root): Running {
  const child = spawn(process.execPath, [`${root}/packages/cli/dist/mc.js`, ...args], { cwd })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = new Promise<Ended>(resolve => {
    child.once('close', code => {
      const last = out.trimEnd().split('\n').at(-1) ?? ''
      resolve({ code, out, err, json: last.startsWith('{') ? JSON.parse(last) : undefined })
    })
  })
  const firstJson = () =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = out
          .split('\n')
          .slice(0, -1)
          .find(text => text.startsWith('{'))
        if (found !== undefined) resolve(JSON.parse(found))
      }
      child.stdout.on('data', look)
      child.once('close', () => reject(new Error(`mc ended before it said something:\n${err}`)))
      look()
    })
  return { child, ended, firstJson }
}

/** Runs `mc` to its end. */
export const mc = (args: readonly string[], input = ''): Promise<Ended> => running(args, input).ended

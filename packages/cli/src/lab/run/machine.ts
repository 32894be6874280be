/**
 * Where and with what figures were taken.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The machine, and how busy it was when a run began. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** The load of the minute before, by which a run is called quiet or noisy. */
  readonly load: number
  readonly state: 'quiet' | 'noisy'
}

/** This machine, now. Of a noisy one only processor time, messages, bytes and memory may be quoted. */
export function thisMachine(): Machine {
  const cores = availableParallelism()
  const load = Math.round((loadavg()[0] ?? 0) * 100) / 100
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load,
    state: load > 0.5 * cores ? 'noisy' : 'quiet',
  }
}

/** The commit of this repository; outside of it, the version of the package. A star says that files differ from the commit. */
export function codeVersion(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const root = ancestors(here).find(folder => nameIn(folder) === 'mass-consensus')
  const own = ancestors(here).find(folder => nameIn(folder) === '@mc/cli')
  const version = own === undefined ? 'unknown' : manifest(own).version
  if (root === undefined) return `@mc/cli ${version}`
  try {
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', root, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', 'packages') === '' ? '' : '*'}`
  } catch {
    return `@mc/cli ${version}`
  }
}

const ancestors = (folder: string): string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...ancestors(dirname(folder))]

const nameIn = (folder: string): string | undefined =>
  existsSync(join(folder, 'package.json')) ? manifest(folder).name : undefined

const manifest = (folder: string): { readonly name?: string; readonly version?: string } =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/**
 * One process at a time in a directory: a file that names the process which uses it.
 *
 * For people: it says who is there. The hard guard of a node's data is the lock of its store, which the system itself lets go.
 */
import { mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryError } from './directory-error.js'

const NAME = 'lock'

/** A directory that is ours until `release`. */
export class DirectoryLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * Takes a directory; what a process that has died left behind is cleared away.
   *
   * @throws DirectoryError `directory/in-use` with the number of the process that has it.
   */
  static async take(directory: string): Promise<DirectoryLock> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, NAME)
    for (let attempt = 0; ; attempt += 1) {
      if (await wrote(path)) return new DirectoryLock(path)
      const holder = await holderOf(path)
      if (attempt > 2 || (holder !== undefined && isAlive(holder))) throw inUse(directory, holder)
      await unlink(path).catch(() => {})
    }
  }

  async release(): Promise<void> {
    if ((await holderOf(this.#path)) === process.pid) await unlink(this.#path).catch(() => {})
  }
}

function inUse(directory: string, holder: number | undefined): DirectoryError {
  const who = holder === undefined ? 'another process' : `process ${holder}`
  const advice = `stop it, or use another directory (if that process is no mc, delete ${join(directory, NAME)})`
  return new DirectoryError('directory/in-use', `${directory} is in use by ${who}: ${advice}`)
}

async function wrote(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.write(`${process.pid}\n`)
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function holderOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const pid = Number(text.trim())
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

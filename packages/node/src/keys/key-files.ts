/**
 * The secrets of box keys on disk: one file per generation, for us alone, gone when the generation is.
 *
 * A share of a key is not kept: it is derived again from what the state holds and this secret. So there is one secret to keep,
 * it is there before its public half leaves the machine, and to erase it is to erase every share that the log could give us.
 */
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Generation } from '@mc/dkg'
import { fromHex, hex } from '@mc/protocol/wire'

/** The part of a generation that names its file. */
export type FiledGeneration = Pick<Generation, 'id' | 'configuration'>

/** The files in one directory. */
export class KeyFiles {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** The secret of our box key, if there is one. @throws Error if the file is damaged, or others may read it. */
  async read(generation: FiledGeneration): Promise<Uint8Array | undefined> {
    const path = this.#path(generation)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) return undefined
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      throw new Error(`${path} can be read by others: run "chmod 600 ${path}"`)
    }
    const text = (await readFile(path, 'utf8')).trim()
    if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path}: need 64 hexadecimal digits in lower case`)
    return fromHex(text)
  }

  /** Keeps a secret: on disk when this resolves. */
  async write(generation: FiledGeneration, secretKey: Uint8Array): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    const file = await open(this.#path(generation), 'wx', 0o600)
    try {
      await file.writeFile(`${hex(secretKey)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await this.#syncDirectory()
  }

  /**
   * Erases the secrets of generations of configurations below `index`: overwritten, then removed.
   *
   * Whether the medium forgets what was overwritten is up to it; encrypt the disk where that matters.
   */
  async eraseBelow(index: number): Promise<void> {
    const names = await readdir(this.#directory).catch(() => [])
    for (const name of names) {
      const match = /^(\d+)-[0-9a-f]{64}$/.exec(name)
      if (match !== null && Number(match[1]) < index) await erase(join(this.#directory, name))
    }
  }

  // Configurations follow each other, so the index says whether a generation is over, whatever the state has forgotten.
  #path({ id, configuration }: FiledGeneration): string {
    return join(this.#directory, `${configuration.index}-${hex(id)}`)
  }

  async #syncDirectory(): Promise<void> {
    if (process.platform === 'win32') return
    const directory = await open(this.#directory)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }
}

async function erase(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    await file.write(new Uint8Array(size), 0, size, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await rm(path)
}

/**
 * A file that forgets, on a crash, what was not synced: any part of it.
 */
import type { Random } from './random.js'

/** An append-only file on a disk that can lose power. */
export interface SimulatedDisk {
  /** Adds a copy of the bytes at the end; until `sync` returns a crash may keep, lose or tear them. */
  append(bytes: Uint8Array): void
  /** Returns when everything appended so far will survive a crash. */
  sync(): void
  /** The whole file, as whoever is running sees it. */
  read(): Uint8Array
  /** Cuts the file to its first `length` bytes, for good: recovery removes a torn tail. */
  truncate(length: number): void
  /** The power fails. */
  crash(): void
}

/** How bad the disk is. */
export interface DiskOptions {
  /** Chance per crash that one bit of what had been synced is flipped; 0 by default. */
  readonly rotProbability?: number
  /** Told of every injected fault: `write-lost`, `write-torn`, `write-garbled`, `bit-rot`. */
  readonly count?: (kind: string) => void
}

/**
 * A disk whose crashes follow from `random`. Of the writes that were not synced each may survive, vanish, be torn or leave
 * garbage, independent of the others: a later one may survive an earlier one, which then reads as zeros.
 */
export const simulatedDisk = (random: Random, options: DiskOptions = {}): SimulatedDisk =>
  new Disk(random, options)

class Disk implements SimulatedDisk {
  readonly #random: Random
  readonly #rotProbability: number
  readonly #count: (kind: string) => void
  #bytes = new Uint8Array(1024)
  #length = 0
  #synced = 0
  /** Where each write began that was not synced, ascending. */
  #writes: number[] = []

  constructor(random: Random, { rotProbability = 0, count = () => {} }: DiskOptions) {
    this.#random = random
    this.#rotProbability = rotProbability
    this.#count = count
  }

  append(bytes: Uint8Array): void {
    this.#reserve(this.#length + bytes.length)
    this.#writes.push(this.#length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  sync(): void {
    this.#synced = this.#length
    this.#writes = []
  }

  read(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  truncate(length: number): void {
    if (length > this.#length) throw new RangeError(`disk: need at most ${this.#length} bytes, got ${length}`)
    this.#length = length
    this.#bytes.fill(0, length)
    this.sync()
  }

  crash(): void {
    const ends = [...this.#writes.slice(1), this.#length]
    let survived = this.#synced
    for (const [at, start] of this.#writes.entries()) {
      survived = Math.max(survived, this.#fate(start, ends[at] as number))
    }
    this.truncate(survived)
    if (this.#random.chance(this.#rotProbability)) this.#rot()
  }

  /** What becomes of one write; returns where its last surviving byte ends, or 0. */
  #fate(start: number, end: number): number {
    switch (this.#random.below(4)) {
      case 0:
        return end
      case 1: {
        const torn = start + this.#random.below(end - start + 1)
        this.#bytes.fill(0, torn, end)
        this.#count('write-torn')
        return torn
      }
      case 2:
        this.#bytes.set(this.#random.bytes(end - start), start)
        this.#count('write-garbled')
        return end
      default:
        this.#bytes.fill(0, start, end)
        this.#count('write-lost')
        return 0
    }
  }

  #rot(): void {
    if (this.#length === 0) return
    const bit = this.#random.below(8 * this.#length)
    this.#bytes[bit >> 3] = (this.#bytes[bit >> 3] as number) ^ (1 << (bit & 7))
    this.#count('bit-rot')
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

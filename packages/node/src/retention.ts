/**
 * When the log may forget: a segment goes once nobody needs the epochs it speaks of, and their blocks are on disk.
 */
/** Size at which a segment of the log is closed, in bytes. */
export const SEGMENT_BYTES_MAX: number = 64 * 1024 * 1024

/** And after how many blocks: a restart reads the whole log, and most of it speaks of epochs that are over. */
export const SEGMENT_BLOCKS_MAX = 128

/** Which segments are still needed. */
export class Retention {
  readonly #segments: { readonly number: number; upTo: number }[]

  /** The log's segments from before this start may speak of any epoch below `upTo`. */
  constructor(currentSegment: number, upTo: number) {
    this.#segments = [{ number: currentSegment, upTo }]
  }

  /** The current segment now speaks of epochs up to this one. */
  speaksOf(upTo: number): void {
    const current = this.#segments.at(-1)
    if (current !== undefined) current.upTo = Math.max(current.upTo, upTo)
  }

  /** A new segment was begun. */
  rotated(number: number): void {
    this.#segments.push({ number, upTo: 0 })
  }

  /** The first segment that is still needed once all epochs below `retired` are over for everybody; undefined if all are. */
  neededFrom(retired: number): number | undefined {
    const before = this.#segments[0]?.number
    while (this.#segments.length > 1 && (this.#segments[0]?.upTo ?? 0) < retired) this.#segments.shift()
    const first = this.#segments[0]?.number
    return first === before ? undefined : first
  }
}

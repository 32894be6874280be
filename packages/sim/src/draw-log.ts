import { type Random, randomOver } from './random.js'

/**
 * Randomness whose draws can be read back and played again.
 *
 * The streams below go on from incarnation to incarnation: what a crash made a member forget it draws anew, and differently.
 */
export class DrawLog {
  readonly #source: Random
  readonly #streams = new Map<string, Random>()
  #toReplay: readonly number[] = []
  #replayed = 0
  #drawn: number[] = []

  constructor(source: Random) {
    this.#source = source
  }

  /** A fresh view for one incarnation. */
  random(path = ''): Random {
    const stream = this.#stream(path)
    return randomOver(
      () => this.#draw(stream),
      label => this.random(`${path}/${label}`),
    )
  }

  /** The next draws are these, until they are used up. */
  replay(draws: readonly number[]): void {
    this.#toReplay = draws
    this.#replayed = 0
  }

  /** What was drawn since the last call; `unused` counts the draws to be replayed that nobody asked for. */
  take(): { readonly draws: readonly number[]; readonly unused: number } {
    const unused = this.#toReplay.length - this.#replayed
    const draws = this.#drawn.length > 0 ? this.#drawn : NO_DRAWS
    if (this.#drawn.length > 0) this.#drawn = []
    this.replay(NO_DRAWS)
    return { draws, unused }
  }

  #stream(path: string): Random {
    const known = this.#streams.get(path)
    if (known !== undefined) return known
    const stream = path === '' ? this.#source : this.#source.fork(path)
    this.#streams.set(path, stream)
    return stream
  }

  #draw(stream: Random): number {
    const draw = this.#toReplay[this.#replayed] ?? stream.u32()
    this.#replayed = Math.min(this.#replayed + 1, this.#toReplay.length)
    this.#drawn.push(draw)
    return draw
  }
}

const NO_DRAWS: readonly number[] = []

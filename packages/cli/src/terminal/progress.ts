/**
 * Progress of long work on standard error, so that standard output holds results only: a live line on a terminal, plain lines
 * elsewhere.
 */
import { SingleBar } from 'cli-progress'
import ora from 'ora'
import { printable } from './printable.js'

/** Milliseconds between two plain lines of one bar. */
const PLAIN_EVERY_MS = 2_000

/** Tells how far long work has come. */
export interface Progress {
  /** A step begins; the one before is done. */
  step(text: string): void
  /** Something worth a line of its own. */
  note(text: string): void
  /** How much of the current step is done. */
  bar(done: number, total: number, text: string): void
  /** The last step is done. */
  end(): void
  /** The last step failed. */
  fail(): void
}

/** Progress on standard error, as it suits whoever reads it. */
export function progressOnStderr(): Progress {
  // A terminal that does not know its width cannot be redrawn.
  const isLive = process.stderr.isTTY && process.stderr.columns > 0 && process.env['TERM'] !== 'dumb'
  return isLive ? new LiveProgress() : new PlainProgress()
}

class PlainProgress implements Progress {
  #writtenAt = Number.NEGATIVE_INFINITY
  #last = ''

  step(text: string): void {
    this.#write(text)
  }

  note(text: string): void {
    this.#write(text)
  }

  bar(done: number, total: number, text: string): void {
    const now = performance.now()
    if (done < total && now - this.#writtenAt < PLAIN_EVERY_MS) return
    this.#writtenAt = now
    this.#write(`${done}/${total} ${text}`)
  }

  end(): void {}

  fail(): void {}

  #write(text: string): void {
    if (text === this.#last) return
    this.#last = text
    process.stderr.write(`mc: ${printable(text)}\n`)
  }
}

class LiveProgress implements Progress {
  readonly #spinner = ora({ stream: process.stderr, discardStdin: false })
  #bar: SingleBar | undefined
  #isFull = false

  step(text: string): void {
    this.end()
    this.#isFull = false
    this.#spinner.start(printable(text))
  }

  note(text: string): void {
    const { isSpinning, text: current } = this.#spinner
    if (this.#bar !== undefined) this.#endBar()
    this.#spinner.info(printable(text))
    if (isSpinning) this.#spinner.start(current)
  }

  bar(done: number, total: number, text: string): void {
    if (this.#isFull) return
    this.#isFull = done >= total
    if (this.#bar === undefined) {
      this.#spinner.stop()
      const format = '  {bar} {value}/{total} {text}'
      this.#bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, barsize: 24 })
      this.#bar.start(total, done, { text: printable(text) })
    } else this.#bar.update(done, { text: printable(text) })
    if (this.#isFull) this.#endBar()
  }

  end(): void {
    this.#endBar()
    if (this.#spinner.isSpinning) this.#spinner.succeed()
  }

  fail(): void {
    this.#endBar()
    if (this.#spinner.isSpinning) this.#spinner.fail()
  }

  #endBar(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }
}

/**
 * How a command ends: exit codes, and errors as people and programs read them.
 *
 * 0: done. 1: it failed. 2: wrong usage or wrong input; nothing was done with it. 3: it takes newer software to go on.
 * 130: interrupted before it was done.
 */
import { hintHere, sentenceHere } from '../organisation/texts/told.js'
import { printableLines } from './printable.js'

/** It failed although it was asked rightly. */
export const FAILED = 1

/** It was asked wrongly. */
export const BAD_INPUT = 2

/** What the network runs is not in this software: a newer one has to be installed. */
export const NEEDS_SOFTWARE = 3

/** Somebody interrupted it before it was done: 128 + SIGINT, as shells have it. */
export const INTERRUPTED = 130

/** A failure that people can do something about. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number
  readonly rule: string
  readonly field: string | undefined
  readonly isKept: boolean

  constructor(rule: string, message: string, options: FailureOptions = {}) {
    const { exitCode = BAD_INPUT, field, isKept = false } = options
    super(message)
    this.exitCode = exitCode
    this.rule = rule
    this.field = field
    this.isKept = isKept
  }
}

/** Which exit code, and which option or field is to blame. */
export interface FailureOptions {
  readonly exitCode?: number
  readonly field?: string | undefined
  /** What was refused waits in the outbox. */
  readonly isKept?: boolean
}

/** An error as the last line of standard output under `--json`. */
export interface FailureJson {
  readonly error: {
    readonly rule: string
    readonly message: string
    readonly field?: string
    /** It waits in the outbox. */
    readonly kept?: true
  }
}

/** Runs a command; what it throws is told, as JSON if it was asked for, and becomes the exit code. */
export async function reporting(json: boolean | undefined, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const { failure, exitCode } = described(error)
    process.exitCode = exitCode
    if (json) process.stdout.write(`${JSON.stringify(failure)}\n`)
    else process.stderr.write(toldToPeople(failure))
  }
}

/** What happened in their language, and under it what can be done about it. */
function toldToPeople({ error }: FailureJson): string {
  const hint = hintHere(error)
  const lines = [`mc: ${sentenceHere(error)}`, ...(hint === undefined ? [] : [`    ${hint}`])]
  return `${printableLines(lines.join('\n'))}\n`
}

/** Rules of errors that are the caller's to mend, by how they begin. */
const OF_INPUT = ['directory/', 'port/', 'usage/', 'input/', 'preset/', 'genesis/', 'key/']

function described(error: unknown): { readonly failure: FailureJson; readonly exitCode: number } {
  const known = error as Error & { rule?: string; field?: string; isKept?: boolean }
  const { rule = 'failed', message, field, isKept } = known
  const more = {
    ...(field === undefined ? {} : { field }),
    ...(isKept === true ? { kept: true as const } : {}),
  }
  const failure = { error: { rule, message: String(message ?? error), ...more } }
  return { failure, exitCode: error instanceof CommandError ? error.exitCode : exitCodeOf(rule) }
}

function exitCodeOf(rule: string): number {
  if (rule === 'contracts/missing-module') return NEEDS_SOFTWARE
  return OF_INPUT.some(prefix => rule.startsWith(prefix)) ? BAD_INPUT : FAILED
}

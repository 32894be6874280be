/**
 * `mc bench aba`: compares binary agreements in simulation.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { type AbaResult, benchAba } from '../lab/aba/aba-bench.js'
import { abaReport } from '../lab/aba/aba-report.js'
import { abaSummary } from '../lab/aba/aba-summary.js'
import { ADVERSARIES } from '../lab/aba/adversaries.js'
import { INPUTS, type InputPattern } from '../lab/aba/inputs.js'
import { variantsOf } from '../lab/aba/job.js'
import { NETWORK_NAMES, UNTIMED } from '../lab/aba/networks.js'
import { QUICK } from '../lab/aba/plan.js'
import { writeReport } from '../lab/report/write-report.js'
import { commandLine, onInterrupt } from '../lab/run/interruption.js'
import { FAILED, INTERRUPTED, reporting } from '../terminal/failure.js'
import { namesOf, numberFrom, numbersFrom } from '../terminal/lists.js'
import { progressOnStderr } from '../terminal/progress.js'

interface AbaFlags {
  readonly variants: string
  readonly n: readonly number[]
  readonly inputs: readonly InputPattern[]
  readonly adversary: readonly string[]
  readonly network: readonly string[]
  readonly seeds: number
  readonly firstSeed: number
  readonly config?: string
  readonly quick?: true
  readonly jobs: number
  readonly cellSeconds: number
  readonly out: string
  readonly json?: true
}

const PATTERNS = Object.keys(INPUTS) as InputPattern[]

/** The command. Exit code 1 if a variant failed or broke a law. */
export function benchAbaCommand(): Command {
  return new Command('aba')
    .description('compare binary agreements in simulation: rounds, steps, messages, bytes, coins')
    .option(
      '--variants <names>',
      'which agreements: all, or names with commas between (mc variants lists them)',
      'all',
    )
    .option('--n <sizes>', 'committee sizes', numbersFrom(4, 64), [4, 7, 10, 16])
    .option('--inputs <patterns>', `all, or some of ${PATTERNS.join(',')}`, namesOf(PATTERNS), PATTERNS)
    .option(
      '--adversary <names>',
      `all, or some of ${Object.keys(ADVERSARIES).join(',')}`,
      namesOf(Object.keys(ADVERSARIES)),
      Object.keys(ADVERSARIES),
    )
    .option(
      '--network <names>',
      `all, or some of ${NETWORK_NAMES.join(',')}; all but random have a virtual clock`,
      namesOf(NETWORK_NAMES),
      [UNTIMED],
    )
    .option('--seeds <count>', 'runs of each cell', numberFrom(1), 200)
    .option('--first-seed <seed>', 'the first of them', numberFrom(0), 0)
    .option('--config <module>', 'your own variants: a module that exports { variants: [{ name, make }] }')
    .option(
      '--quick',
      `a first answer within a minute: n ${QUICK.sizes.join(',')}, ${QUICK.seeds} seeds; other options still count`,
    )
    .option('--jobs <threads>', 'worker threads', numberFrom(0, 256), availableParallelism())
    .option(
      '--cell-seconds <seconds>',
      'a cell that takes longer becomes a row that says so',
      numberFrom(1),
      900,
    )
    .option(
      '--out <folder>',
      'where journal and report go; a run that was interrupted goes on there',
      'bench-aba',
    )
    .option('--json', 'print one JSON object as the last line')
    .addHelpText('after', EXAMPLES)
    .action((flags: AbaFlags, command: Command) => reporting(flags.json, () => run(flags, command)))
}

const EXAMPLES = `
Real: the protocols and their codecs. Simulated: the network, and the cryptography of common coins. Counts are exact; the same
seeds give the same numbers on any machine. Written: cells.jsonl (one line per cell), tables.md, figures/*.svg, report.html.

Inputs:
${Object.entries(INPUTS)
  .map(([name, text]) => `  ${name.padEnd(15)}${text}`)
  .join('\n')}
Adversaries:
${Object.entries(ADVERSARIES)
  .map(([name, { sentence }]) => `  ${name.padEnd(15)}${sentence}`)
  .join('\n')}

Examples:
  mc bench aba --quick
  mc bench aba --variants raba/quadratic,raba/cubic --n 4,7,10 --seeds 1000 --out comparison
  mc bench aba --network lan,wan5,wan10,25mbit --adversary none --inputs mixed
  mc bench aba --config my-bench.mjs --quick         your own variants beside ours

Exit codes: 0 done; 1 a cell failed or a law was broken, see the report; 2 wrong usage; 130 interrupted: run it again to go on.
`

async function run(flags: AbaFlags, command: Command): Promise<void> {
  const config = flags.config === undefined ? {} : { config: resolve(flags.config) }
  const there = (await variantsOf(config.config)).map(({ name }) => name)
  const variants = readVariants(flags.variants, there, command)
  const interruption = onInterrupt()
  const progress = progressOnStderr()
  const result = await benchAba({
    ...planOf(flags, command),
    ...config,
    variants,
    jobs: flags.jobs,
    cellSeconds: flags.cellSeconds,
    out: flags.out,
    onProgress: ({ done, of, failed, secondsLeft }) =>
      progress.bar(done, of, `cells, ${failed} failed, ${secondsLeft} s left`),
    isOver: interruption.isOver,
  })
  interruption.end()
  progress.end()
  writeReport(flags.out, abaReport(result), commandLine())
  process.stdout.write(
    flags.json ? `${JSON.stringify(jsonOf(flags.out, result))}\n` : abaSummary(result, flags.out),
  )
  if (!result.isComplete) process.exitCode = INTERRUPTED
  else if (result.failures.length > 0) process.exitCode = FAILED
}

function readVariants(text: string, there: readonly string[], command: Command): readonly string[] {
  try {
    return namesOf(there)(text)
  } catch (error) {
    return command.error(
      `error: option '--variants <names>' argument '${text}' is invalid. ${(error as Error).message}`,
    )
  }
}

/** What is asked for; with --quick, its choices where nothing else was said. */
function planOf(flags: AbaFlags, command: Command) {
  const said = {
    sizes: flags.n,
    inputs: flags.inputs,
    adversaries: flags.adversary,
    networks: flags.network,
    seeds: flags.seeds,
  }
  if (!flags.quick) return { ...said, firstSeed: flags.firstSeed }
  const isSaid = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  return {
    sizes: isSaid('n') ? said.sizes : QUICK.sizes,
    inputs: isSaid('inputs') ? said.inputs : QUICK.inputs,
    adversaries: isSaid('adversary') ? said.adversaries : QUICK.adversaries,
    networks: isSaid('network') ? said.networks : QUICK.networks,
    seeds: isSaid('seeds') ? said.seeds : QUICK.seeds,
    firstSeed: flags.firstSeed,
  }
}

const jsonOf = (out: string, { rows, goodCases, failures, resumed, isComplete }: AbaResult) => ({
  out,
  isComplete,
  cells: rows.length,
  resumed,
  failures: failures.map(({ key, failure, figures }) => ({
    key,
    reason: failure ?? figures?.violations.join('; '),
  })),
  rows: rows.map(({ cell, figures }) => ({ ...cell, figures })),
  goodCases,
})

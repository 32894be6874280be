/**
 * `mc bench abc`: compares whole systems, measured on this machine.
 */
import { Command, InvalidArgumentError, Option } from 'commander'
import { type AbcResult, benchAbc } from '../lab/abc/abc-bench.js'
import { abcReport } from '../lab/abc/abc-report.js'
import { abcSummary } from '../lab/abc/abc-summary.js'
import { cryptoFigures, keyFigures } from '../lab/abc/crypto-figures.js'
import { FAULTS } from '../lab/abc/faults.js'
import { type LabSystem, SYSTEMS, systemOf } from '../lab/abc/systems.js'
import { writeReport } from '../lab/report/write-report.js'
import { commandLine, onInterrupt } from '../lab/run/interruption.js'
import { FAILED, INTERRUPTED, reporting } from '../terminal/failure.js'
import { namesOf, numberFrom, numbersFrom } from '../terminal/lists.js'
import { progressOnStderr } from '../terminal/progress.js'

interface AbcFlags {
  readonly presets: readonly string[]
  readonly compose: readonly LabSystem[]
  readonly n: readonly number[]
  readonly batch: readonly number[]
  readonly txBytes: number
  readonly transport: 'memory' | 'libp2p'
  readonly faults: readonly string[]
  readonly seconds: number
  readonly repeat: number
  readonly cellSeconds: number
  readonly quick?: true
  readonly crypto: boolean
  readonly out: string
  readonly json?: true
}

const NAMES = SYSTEMS.map(({ name }) => name)
const FAULT_NAMES = Object.keys(FAULTS)
const QUICK = { n: [4, 7], batch: [1, 100, 1_000], seconds: 2, repeat: 1 }

/** The command. Exit code 1 if a cell failed or members did not agree. */
export function benchAbcCommand(): Command {
  return new Command('abc')
    .description('compare whole systems on this machine: throughput, latency, processor time, memory, bytes')
    .option('--presets <names>', `all, none, or some of ${NAMES.join(',')}`, presets, NAMES)
    .option('--compose <parts>', 'another system by its parts; may be said again', compose, [])
    .option('--n <sizes>', 'committee sizes', numbersFrom(4, 64), [4, 7, 10, 16, 31])
    .option('--batch <counts>', 'transactions per member and epoch', numbersFrom(1, 30_000), [1, 100, 1_000])
    .option('--tx-bytes <bytes>', 'size of a transaction', numberFrom(16, 65_536), 250)
    .addOption(
      new Option('--transport <kind>', 'memory: one process; libp2p: whole nodes')
        .choices(['memory', 'libp2p'])
        .default('memory'),
    )
    .option('--faults <names>', `all, or some of ${FAULT_NAMES.join(',')}`, namesOf(FAULT_NAMES), ['none'])
    .option('--seconds <seconds>', 'how long each cell is measured', numberFrom(1, 3_600), 10)
    .option(
      '--repeat <times>',
      'how often; figures show the median, and the least and the most',
      numberFrom(1, 100),
      3,
    )
    .option(
      '--cell-seconds <seconds>',
      'a cell that takes so much longer than it is measured becomes a row that says so',
      numberFrom(1),
      300,
    )
    .option(
      '--quick',
      `a first answer: n ${QUICK.n.join(',')}, ${QUICK.seconds} s each, once; other options still count`,
    )
    .option('--no-crypto', 'leave out T1 and T3, the costs of cryptography')
    .option(
      '--out <folder>',
      'where journal and report go; a run that was interrupted goes on there',
      'bench-abc',
    )
    .option('--json', 'print one JSON object as the last line')
    .addHelpText('after', EXAMPLES)
    .action((flags: AbcFlags, command: Command) => reporting(flags.json, () => run(flags, command)))
}

const EXAMPLES = `
In memory, all members run in one process and one thread: real messages as bytes, real coins with dealt keys, no sockets and no
log; a process of its own for each cell. Over libp2p, whole nodes run, one process each; what nodes cannot run yet is measured in
memory, and its row says so. Written: cells.jsonl (one line per cell), tables.md, figures/*.svg, report.html.

Faults (f members):
${Object.entries(FAULTS)
  .map(([name, { sentence }]) => `  ${name.padEnd(10)}${sentence}`)
  .join('\n')}

Examples:
  mc bench abc --quick
  mc bench abc --n 4,16 --batch 1,100,1000,5000 --seconds 30 --repeat 5 --out systems
  mc bench abc --transport libp2p --n 4 --batch 1,2000
  mc bench abc --n 7 --batch 500 --faults all --repeat 3
  mc bench abc --quick --presets none --compose acs/bkr,rbc/ct,aba/cobalt,coin/cks --compose acs/fin,rbc/ct,raba/quadratic,coin/local,election/threshold

Exit codes: 0 done; 1 a cell failed or members did not agree; 2 wrong usage; 130 interrupted: run it again to go on.
`

const presets = (text: string): readonly string[] => (text === 'none' ? [] : namesOf(NAMES)(text))

function compose(text: string, before: readonly LabSystem[]): readonly LabSystem[] {
  try {
    return [...before, systemOf(text)]
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

async function run(flags: AbcFlags, command: Command): Promise<void> {
  const systems = [...SYSTEMS.filter(({ name }) => flags.presets.includes(name)), ...flags.compose]
  if (systems.length === 0)
    command.error("error: option '--presets <names>' argument 'none' leaves nothing; add --compose")
  const interruption = onInterrupt()
  const progress = progressOnStderr()
  const result = await benchAbc({
    ...planOf(flags, command),
    systems,
    txBytes: flags.txBytes,
    transport: flags.transport,
    faults: flags.faults,
    cellSeconds: flags.cellSeconds,
    out: flags.out,
    onProgress: ({ done, of, failed, secondsLeft }) =>
      progress.bar(done, of, `cells, ${failed} failed, ${secondsLeft} s left`),
    isOver: interruption.isOver,
  })
  const sizes = planOf(flags, command).sizes
  const isWanted = flags.crypto && result.isComplete
  const crypto = isWanted ? { parts: cryptoFigures(100), keys: keyFigures(sizes) } : { parts: [], keys: [] }
  interruption.end()
  progress.end()
  writeReport(flags.out, abcReport(result, crypto), commandLine())
  process.stdout.write(
    flags.json ? `${JSON.stringify(jsonOf(flags.out, result))}\n` : abcSummary(result, flags.out),
  )
  if (!result.isComplete) process.exitCode = INTERRUPTED
  else if (result.failures.length > 0) process.exitCode = FAILED
}

/** What is asked for; with --quick, its choices where nothing else was said. */
function planOf(flags: AbcFlags, command: Command) {
  const quick = <Key extends keyof typeof QUICK>(key: Key): AbcFlags[Key] =>
    flags.quick && command.getOptionValueSource(key) !== 'cli' ? (QUICK[key] as AbcFlags[Key]) : flags[key]
  return { sizes: quick('n'), batches: quick('batch'), seconds: quick('seconds'), repeat: quick('repeat') }
}

const jsonOf = (out: string, { rows, failures, resumed, isComplete, machine }: AbcResult) => ({
  out,
  isComplete,
  cells: rows.length,
  resumed,
  machine,
  failures: failures.map(({ key, failure }) => ({ key, reason: failure ?? 'different batches' })),
  rows: rows.map(({ cell, figures }) => ({ ...cell, figures })),
})

/**
 * `mc sim`: runs the atomic broadcast of a system in a simulated network, seed by seed, and looks for what breaks.
 */
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { EPOCHS_AFTER_HEALING, runSeed, type SeedOutcome } from '../sim/run-seed.js'
import { FAULT_KINDS, type FaultKind } from '../sim/scenario.js'
import { type SweepProgress, type SweepResult, sweep } from '../sim/sweep.js'
import type { SizeTally } from '../sim/tally.js'
import { DEFAULT_PRESET, KEYLESS } from '../suites.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { progressOnStderr } from '../terminal/progress.js'

interface SimFlags {
  readonly preset: string
  readonly seeds: number
  readonly firstSeed: number
  readonly seed?: number
  readonly epochs: number
  readonly n: readonly number[]
  readonly mix?: readonly number[]
  readonly faults: readonly FaultKind[]
  readonly jobs: number
  readonly verifyDeterminism?: true
  readonly trace: number
  readonly json?: true
}

/** The command. Exit code 1 if any law was broken. */
export function simCommand(): Command {
  return new Command('sim')
    .description('run many seeded simulations with faults, and check that every law of the broadcast holds')
    .addOption(
      new Option('--preset <name>', 'which system').choices(Object.keys(KEYLESS)).default(DEFAULT_PRESET),
    )
    .option('--seeds <count>', 'how many seeds, over all sizes', natural, 100)
    .option('--first-seed <seed>', 'the first of them', natural, 0)
    .option(
      '--epochs <count>',
      `epochs under faults; ${EPOCHS_AFTER_HEALING} more follow after healing`,
      natural,
      20,
    )
    .option('--n <sizes>', 'committee sizes', sizes, [4, 7])
    .option('--mix <percent>', 'how many percent of the seeds each size gets', numbers)
    .option('--faults <kinds>', `all, none, or some of ${FAULT_KINDS.join(',')}`, faults, FAULT_KINDS)
    .option(
      '--seed <seed>',
      'run this one seed at the first of the sizes, and print its last events',
      natural,
    )
    .option('--trace <lines>', 'how many events --seed prints', natural, 40)
    .option('--verify-determinism', 'run one percent of the seeds twice and compare')
    .option('--jobs <threads>', 'worker threads', natural, availableParallelism())
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: SimFlags) => reporting(flags.json, () => run(flags)))
}

const EXAMPLES = `
Real: the protocols, their codecs, mempool and canonical order. Simulated: the network (order, delay, partitions, links that
lose what is on its way), the clock, crashes, and the disk under the log, which loses or tears what was not synced. Up to f
members are Byzantine. In 5 % of the seeds the hash is SHA-256; in the others a fast stand-in, as no adversary here looks for
collisions. Signatures, sockets, the node's own log and the ledger are not part of this.

Laws: agreement and total order, no gap, each operation once, payloads of correct members unchanged, guaranteed slots, no
contradiction after a restart, no blame for a correct member, bounded epochs in memory, handlers never throw, and ${EPOCHS_AFTER_HEALING}
more epochs at every correct member once the network has healed.

Faults:
  byzantine  silent, equivocator, twins, liar, latecomer, replayer, mutator
  withhold   silent towards some                     garbage    flipped, cut, made-up bytes
  crash      crash and restart, power cuts           loss       links lose what is on its way
  partition  cuts that heal, once or again and again
  schedule   newest first, starved or slow members, orders that read what is said: zeros first, broadcasts last, …

Examples:
  mc sim --seeds 1000 --epochs 20 --n 4,7 --faults all --json
  mc sim --seeds 10000 --epochs 60 --n 4,7,10 --mix 80,15,5
  mc sim --seeds 200 --faults crash,loss --verify-determinism
  mc sim --n 7 --seed 42 --trace 200         one seed with its last 200 events
`

async function run({ seed, ...flags }: SimFlags): Promise<void> {
  if (seed !== undefined) return runOne({ ...flags, seed })
  requireMix(flags)
  const progress = progressLine()
  const result = await sweep({
    ...flags,
    sizes: flags.n,
    verifyDeterminism: flags.verifyDeterminism ?? false,
    onProgress: progress,
  })
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : report(result))
  if (result.violations.length > 0) process.exitCode = 1
}

function requireMix({ mix, n }: Pick<SimFlags, 'mix' | 'n'>): void {
  if (mix === undefined || (mix.length === n.length && mix.some(share => share > 0))) return
  throw new CommandError('usage/mix', `--mix needs one number for each of the sizes ${n.join(',')}`)
}

function runOne({
  preset,
  seed,
  n: [n = 4],
  epochs,
  faults,
  trace,
  json,
}: SimFlags & { seed: number }): void {
  const outcome = runSeed({ preset, seed, n, epochs, faults }, { traceLines: trace })
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : story(outcome))
  if (outcome.violations.length > 0) process.exitCode = 1
}

function story({ line, trace, violations, epochs, deliveries, traceHash }: SeedOutcome): string {
  const wrong = violations.map(({ law, detail }) => `BROKEN ${law}: ${detail}`)
  const sum = `${epochs} epochs, ${whole(deliveries)} messages, trace hash ${traceHash}`
  return `${[line, ...trace.map(event => `  ${event}`), sum, ...wrong].join('\n')}\n`
}

/** Says how far it is and how long it will take. */
function progressLine(): (progress: SweepProgress) => void {
  const startedAt = performance.now()
  const bar = progressOnStderr()
  return ({ done, of, violations, deliveries }) => {
    const secondsLeft = ((performance.now() - startedAt) / done) * (of - done) * 0.001
    const found = `${whole(deliveries)} messages, ${violations} violations`
    bar.bar(done, of, `seeds, ${found}, ${Math.round(secondsLeft)} s left`)
    if (done === of) bar.end()
  }
}

function report(result: SweepResult): string {
  const { violations, determinism } = result
  const rows: readonly (readonly [string, string])[] = [
    [
      'system',
      `${result.preset}, ${whole(result.seeds)} seeds of ${result.epochs} + ${EPOCHS_AFTER_HEALING} epochs`,
    ],
    ...Object.entries(result.n).map(([n, size]) => [`n = ${n}`, sizeText(size)] as const),
    [
      'speed',
      `${whole(result.messagesPerSecond)} messages/s in ${result.seconds.toFixed(1)} s on ${result.jobs} threads`,
    ],
    ['simulated', `${result.simulatedHours.toFixed(2)} hours`],
    ['injected', sum(result.injected)],
    ['rounds', `agreements by rounds taken: ${sum(result.roundsPerDecision)}`],
    ...(determinism
      ? [['twice', `${determinism.seeds} seeds, ${determinism.different} differ`] as const]
      : []),
    ['violations', violations.length === 0 ? 'none' : String(violations.length)],
  ]
  const wrong = violations.map(({ command, law, detail }) => `${command}\n  ${law}: ${detail}\n`)
  return [...rows.map(([name, text]) => `${name.padEnd(12)}${text}\n`), ...wrong].join('')
}

const sizeText = ({ seeds, epochs, deliveries, proposalsPerBatch }: SizeTally): string =>
  `${whole(seeds)} seeds, ${whole(epochs)} epochs, ${whole(deliveries)} messages; batches by size: ${sum(proposalsPerBatch)}`

const sum = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([kind, count]) => `${kind}: ${whole(count)}`)
    .join(', ')

const whole = (value: number): string => Math.round(value).toLocaleString('en')

function natural(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('need a whole number, 0 or more')
  return value
}

const numbers = (text: string): number[] => text.split(',').map(natural)

function sizes(text: string): number[] {
  const list = numbers(text)
  if (list.some(n => n < 1 || n > 64)) throw new InvalidArgumentError('need sizes from 1 to 64')
  return list
}

function faults(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS
  if (text === 'none') return []
  const kinds = text.split(',')
  const unknown = kinds.filter(kind => !FAULT_KINDS.some(known => known === kind))
  if (unknown.length > 0) throw new InvalidArgumentError(`no such fault: ${unknown.join(', ')}`)
  return FAULT_KINDS.filter(kind => kinds.includes(kind))
}

/**
 * `mc bench`: measures a network, or its parts, on this machine.
 */
import { Command, InvalidArgumentError, Option } from 'commander'
import { LINK_KINDS, type LinkKind } from '../bench/links.js'
import { benchNetwork, type NetworkBenchResult } from '../bench/network-bench.js'
import { benchParts } from '../bench/parts/parts-bench.js'
import type { PartFigure } from '../bench/parts/stopwatch.js'
import { DEFAULT_PRESET, PRESETS } from '../presets.js'
import { benchAbaCommand } from './bench-aba.js'
import { benchAbcCommand } from './bench-abc.js'

interface BenchFlags {
  readonly preset: string
  readonly n: number
  readonly transport: LinkKind
  readonly txBytes: number
  readonly batch: number
  readonly seconds: number
  readonly warmup: number
  readonly fsync: boolean
  readonly json?: true
}

/** The command. Exit code 1 if the members did not agree. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure throughput, latency, processor time, memory and bytes of a network on this machine')
    .addOption(
      new Option('--preset <name>', 'which system').choices(Object.keys(PRESETS)).default(DEFAULT_PRESET),
    )
    .option('--n <members>', 'how many members', positive, 4)
    .addOption(
      new Option('--transport <kind>', 'how they are linked').choices([...LINK_KINDS]).default('libp2p'),
    )
    .option('--tx-bytes <bytes>', 'size of a transaction', positive, 250)
    .option('--batch <count>', 'transactions per member and proposal', positive, 2_000)
    .option('--seconds <seconds>', 'how long to measure', positive, 10)
    .option(
      '--warmup <seconds>',
      'how long to run before that, until the engine has compiled what is hot',
      positive,
      5,
    )
    .option('--no-fsync', 'let the log not wait for the disk (weaker than a real node)')
    .option('--json', 'print one JSON object as the last line')
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .addCommand(partsCommand())
    .addCommand(benchAbaCommand())
    .addCommand(benchAbcCommand())
    .action(run)
}

function partsCommand(): Command {
  return new Command('parts')
    .description('measure the parts one by one: hashes, signatures, erasure code, codecs, agreement, log')
    .option('--budget <ms>', 'milliseconds for each figure', positive, 200)
    .option('--json', 'print one JSON array as the last line')
    .action(runParts)
}

async function runParts(
  flags: { readonly budget: number; readonly json?: true },
  command: Command,
): Promise<void> {
  const onProgress = (text: string): boolean => process.stderr.write(`bench: ${text}\n`)
  const figures = await benchParts({ budgetMs: flags.budget, onProgress })
  const isJson = command.optsWithGlobals<{ json?: true }>().json
  process.stdout.write(isJson ? `${JSON.stringify(figures)}\n` : figures.map(row).join(''))
}

function row({ part, variant, n, k, bytes, opsPerSecond, mbPerSecond }: PartFigure): string {
  const size = [n && `n=${n}`, k && `k=${k}`, bytes && `${bytes} B`].filter(Boolean).join(' ')
  const rate = mbPerSecond >= 1 ? `${whole(mbPerSecond)} MB/s` : ''
  return `${part.padEnd(26)}${variant.padEnd(16)}${size.padEnd(24)}${whole(opsPerSecond).padStart(12)}/s  ${rate}\n`
}

const EXAMPLES = `
Transactions are distinct random bytes without client signatures; payloads are delivered and hashed at all members, and their
blocks are compared. Latency runs from submit to commit at the same member. Processes share the cores of this machine.

Examples:
  mc bench                                   four processes over libp2p, batches of 2,000
  mc bench --batch 1 --seconds 5             latency with next to no load
  mc bench --n 16 --batch 200 --json
  mc bench --transport memory --no-fsync     one process: the protocol without sockets and disk
  mc bench parts --json                      erasure code, hashes, codecs, log …
  mc bench aba --quick                       binary agreements compared, in simulation
  mc bench abc --quick                       whole systems compared, on this machine
`

async function run(flags: BenchFlags): Promise<void> {
  const result = await benchNetwork({
    ...flags,
    warmupSeconds: flags.warmup,
    onProgress: text => process.stderr.write(`bench: ${text}\n`),
  })
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : report(result))
  if (!result.sameBlocks) process.exitCode = 1
}

function report(result: NetworkBenchResult): string {
  const { latencyMs, limit } = result
  const rows: readonly (readonly [string, string])[] = [
    [
      'system',
      `${result.preset}, n = ${result.n}, f = ${result.f}, ${result.transport}, ${result.processes} processes`,
    ],
    [
      'throughput',
      `${whole(result.committedTxPerSecond)} tx/s of ${result.txBytes} bytes (${result.epochs} epochs)`,
    ],
    ['latency', `p50 ${tenth(latencyMs.p50)} ms, p99 ${tenth(latencyMs.p99)} ms, submit to commit`],
    ['processor', `${tenth(result.cpuSeconds)} s in ${tenth(result.seconds)} s`],
    ['memory', `${whole(result.peakRssBytes / 2 ** 20)} MiB at most per process`],
    ['messages', `${whole(result.messagesPerEpoch)} per epoch, ${whole(result.bytesPerEpoch)} bytes`],
    [
      'bytes',
      `${tenth(result.bytesPerCommittedByte)} per committed byte; needed: ${tenth(result.bytesPerCommittedByteNeeded)}`,
    ],
    [
      'limit',
      limit
        ? `one link carries ${whole(limit.bytesPerSecond / 1e6)} MB/s; used in all: ${percent(result.ratioToLimit)}`
        : 'none: one process',
    ],
    [
      'agreement',
      result.sameBlocks ? 'all members hold the same blocks' : 'THE MEMBERS HOLD DIFFERENT BLOCKS',
    ],
  ]
  return rows.map(([name, text]) => `${name.padEnd(12)}${text}\n`).join('')
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const tenth = (value: number): string => value.toFixed(1)
const percent = (value: number | undefined): string => `${Math.round((value ?? 0) * 100)} %`

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('need a number above 0')
  return value
}

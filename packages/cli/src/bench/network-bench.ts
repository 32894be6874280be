/**
 * Measures a whole network on this machine: throughput, latency, processor time, memory and bytes, beside the limit of its links.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { type Genesis, genesisCodec } from '@mc/ledger'
import { memoryNetwork } from '@mc/network'
import { faultsTolerated, nMinusF } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { NODE_PROCESS_FLAGS, nodeProcessEnvironment } from '../network/node-process.js'
import { BenchNode, type BenchNodeReport } from './bench-node.js'
import { freePorts, type LinkKind, loopbackAddress } from './links.js'
import type { FromWorker, ToWorker } from './worker.js'

/** What to measure. */
export interface NetworkBenchOptions {
  readonly preset: string
  readonly n: number
  readonly transport: LinkKind
  readonly txBytes: number
  /** Transactions that a member proposes at most at once. It keeps twice as many waiting; a single one if this is 1. */
  readonly batch: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly fsync: boolean
  readonly onProgress: (text: string) => void
}

/** What was measured. Latency runs from submit to commit at the same member. */
export interface NetworkBenchResult {
  readonly preset: string
  readonly n: number
  readonly f: number
  readonly transport: LinkKind
  readonly processes: number
  readonly fsync: boolean
  readonly clientSignatures: false
  readonly txBytes: number
  readonly batchPerNode: number
  readonly waitingPerNode: number
  readonly seconds: number
  readonly epochs: number
  readonly committedTx: number
  readonly committedTxPerSecond: number
  readonly proposalsPerEpoch: number
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly samples: number }
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly peakRssBytesPerNode: readonly number[]
  readonly messagesPerEpoch: number
  /** A frame is what one turn sends to one peer with one priority. */
  readonly framesPerEpoch: number
  readonly bytesPerEpoch: number
  readonly bytesPerCommittedByte: number
  /** (n² − 1) / k shards-worth per payload, k = n − 2f: what the erasure-coded broadcast needs; (n − 1)(n + 1) for Bracha. */
  readonly bytesPerCommittedByteNeeded: number
  readonly limit: { readonly bytesPerSecond: number } | undefined
  readonly ratioToLimit: number | undefined
  readonly sameBlocks: boolean
  readonly faults: Readonly<Record<string, number>>
}

interface Member {
  do(message: ToWorker): Promise<FromWorker>
  kill(): void
}

/** Starts a network, loads it, measures it, and takes it down again. */
export async function benchNetwork(options: NetworkBenchOptions): Promise<NetworkBenchResult> {
  const directory = await mkdtemp(join(tmpdir(), 'mc-bench-'))
  let members: readonly Member[] = []
  try {
    members =
      options.transport === 'memory'
        ? await inOneProcess(options, directory)
        : await processes(options, directory)
    const measured = await measure(options, members)
    await Promise.all(members.map(member => member.do({ type: 'stop' })))
    const limit =
      options.transport === 'memory' ? undefined : await linkLimit(options.transport, options.onProgress)
    return result(options, measured, limit)
  } finally {
    for (const member of members) member.kill()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Measured {
  readonly reports: readonly BenchNodeReport[]
  readonly sameBlocks: boolean
}

async function measure(options: NetworkBenchOptions, members: readonly Member[]): Promise<Measured> {
  const all = (type: 'load' | 'mark' | 'unload'): Promise<unknown> =>
    Promise.all(members.map(member => member.do({ type })))
  options.onProgress(`warming up for ${options.warmupSeconds} s`)
  await all('load')
  await wait(options.warmupSeconds)
  await all('mark')
  for (let second = 0; second < options.seconds; second += 1) {
    options.onProgress(`measuring, ${options.seconds - second} s left`)
    await wait(Math.min(1, options.seconds - second))
  }
  const reports = await Promise.all(members.map(reportOf))
  await all('unload')
  await wait(0.5)
  return { reports, sameBlocks: await agree(members, reports) }
}

async function reportOf(member: Member): Promise<BenchNodeReport> {
  const answer = await member.do({ type: 'report' })
  if (answer.type !== 'report') throw new Error(`a member gave no report: ${JSON.stringify(answer)}`)
  return answer.report
}

/** Whether the members hold the same block at the highest epoch that all have reached: it chains all before. */
async function agree(members: readonly Member[], reports: readonly BenchNodeReport[]): Promise<boolean> {
  const epoch = Math.min(...reports.map(({ tip }) => tip?.epoch ?? -1))
  if (epoch < 0) return false
  const answers = await Promise.all(members.map(member => member.do({ type: 'cid', epoch })))
  const cids = new Set(answers.map(answer => (answer.type === 'cid' ? answer.cid : undefined)))
  return cids.size === 1 && !cids.has(undefined)
}

function result(
  options: NetworkBenchOptions,
  { reports, sameBlocks }: Measured,
  limit: { readonly bytesPerSecond: number } | undefined,
): NetworkBenchResult {
  const { preset, n, transport, fsync, txBytes, batch } = options
  const f = faultsTolerated(n)
  // Throughput counts until the (n − f)-th member's last commit: what the slowest f miss does not count against the rest.
  const byTime = [...reports].sort((left, right) => left.lastBlockMs - right.lastBlockMs)
  const reference = byTime[nMinusF({ n, f }) - 1] ?? (byTime.at(-1) as BenchNodeReport)
  const seconds = reference.lastBlockMs / 1_000
  const latencies = reports.flatMap(report => report.latenciesMs).sort((left, right) => left - right)
  const bytes = sum(reports, report => report.bytes)
  const isOneProcess = transport === 'memory'
  const peaks = reports.map(report => report.peakRssBytes)
  const bytesPerSecond = bytes / seconds
  return {
    preset,
    n,
    f,
    transport,
    processes: isOneProcess ? 1 : n,
    fsync,
    clientSignatures: false,
    txBytes,
    batchPerNode: batch,
    waitingPerNode: waitingOf(batch),
    seconds,
    epochs: reference.epochs,
    committedTx: reference.committed,
    committedTxPerSecond: reference.committed / seconds,
    proposalsPerEpoch: reference.proposals / Math.max(1, reference.epochs),
    latencyMs: {
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      samples: latencies.length,
    },
    cpuSeconds: isOneProcess ? reference.cpuSeconds : sum(reports, report => report.cpuSeconds),
    peakRssBytes: Math.max(...peaks),
    peakRssBytesPerNode: isOneProcess ? [Math.max(...peaks)] : peaks,
    messagesPerEpoch: sum(reports, report => report.messages) / Math.max(1, reference.epochs),
    framesPerEpoch: sum(reports, report => report.frames) / Math.max(1, reference.epochs),
    bytesPerEpoch: bytes / Math.max(1, reference.epochs),
    bytesPerCommittedByte: bytes / Math.max(1, reference.committedBytes),
    bytesPerCommittedByteNeeded: preset === 'waterbear-q' ? n * n - 1 : (n * n - 1) / (n - 2 * f),
    limit,
    ratioToLimit: limit && bytesPerSecond / limit.bytesPerSecond,
    sameBlocks,
    faults: merged(reports),
  }
}

async function processes(options: NetworkBenchOptions, directory: string): Promise<readonly Member[]> {
  const kind = options.transport as 'tcp' | 'libp2p'
  const addresses = (await freePorts(options.n)).map(port => loopbackAddress(kind, port))
  const { genesis, secretKeys } = founding(options, addresses)
  const members = secretKeys.map(() => worker())
  options.onProgress(`starting ${options.n} processes`)
  const started = await Promise.all(
    members.map((member, index) =>
      member.do({
        type: 'start',
        index,
        kind,
        address: addresses[index] as string,
        genesis: genesisCodec.encode(genesis),
        secretKey: secretKeys[index] as Uint8Array,
        directory: join(directory, String(index)),
        txBytes: options.txBytes,
        batch: options.batch,
        waiting: waitingOf(options.batch),
        fsync: options.fsync,
      }),
    ),
  )
  for (const answer of started) if (answer.type === 'failed') throw new Error(answer.message)
  return members
}

async function inOneProcess(options: NetworkBenchOptions, directory: string): Promise<readonly Member[]> {
  const network = memoryNetwork()
  const { genesis, secretKeys } = founding(options, [])
  return Promise.all(
    secretKeys.map(async (secretKey, index): Promise<Member> => {
      const transport = network.transport(hex(crypto.ed25519.publicKey(secretKey)))
      const { txBytes, batch, fsync } = options
      const bench = await BenchNode.start({
        index,
        directory: join(directory, String(index)),
        genesis,
        secretKey,
        transport,
        txBytes,
        batch,
        waiting: waitingOf(batch),
        fsync,
      })
      return { do: message => told(bench, message), kill: () => {} }
    }),
  )
}

async function told(bench: BenchNode, message: ToWorker): Promise<FromWorker> {
  if (message.type === 'report') return { type: 'report', report: bench.report() }
  if (message.type === 'cid') return { type: 'cid', cid: bench.cid(message.epoch) }
  if (message.type === 'stop') await bench.stop()
  else if (message.type === 'load' || message.type === 'mark' || message.type === 'unload')
    bench[message.type]()
  return { type: 'done' }
}

function founding({ preset, n }: NetworkBenchOptions, addresses: readonly string[]) {
  const secretKeys = Array.from({ length: n }, () => crypto.rng.bytes(32))
  const members = secretKeys.map((secretKey, index) => {
    const publicKey = crypto.ed25519.publicKey(secretKey)
    return { name: `member-${index}`, publicKey, addresses: [addresses[index] ?? hex(publicKey)] }
  })
  const configuration = { index: 0, firstEpoch: 0, suite: preset, depth: 1, members }
  const genesis: Genesis = { name: 'bench', time: 0, configuration }
  return { genesis, secretKeys }
}

/** The bytes per second that one link carries between two processes, in frames of 256 KiB. */
async function linkLimit(
  kind: 'tcp' | 'libp2p',
  onProgress: (text: string) => void,
): Promise<{ readonly bytesPerSecond: number }> {
  onProgress('measuring the limit of one link')
  const secretKeys = [crypto.rng.bytes(32), crypto.rng.bytes(32)] as const
  const addresses = (await freePorts(2)).map(port => loopbackAddress(kind, port))
  const ends = [worker(), worker()]
  try {
    const answers = await Promise.all(
      ends.map((end, index) =>
        end.do({
          type: 'pump',
          kind,
          address: addresses[index] as string,
          secretKey: secretKeys[index] as Uint8Array,
          peer: {
            key: hex(crypto.ed25519.publicKey(secretKeys[1 - index] as Uint8Array)),
            address: addresses[1 - index] as string,
          },
          sends: index === 0,
          frameBytes: 256 * 1024,
          seconds: 2,
        }),
      ),
    )
    const received = answers[1]
    return { bytesPerSecond: received?.type === 'pumped' ? received.bytesPerSecond : 0 }
  } finally {
    for (const end of ends) end.kill()
  }
}

function worker(): Member {
  const child: ChildProcess = fork(new URL('bench/worker.js', import.meta.url), {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...NODE_PROCESS_FLAGS],
    env: nodeProcessEnvironment(),
  })
  const waiting: ((answer: FromWorker) => void)[] = []
  child.on('message', (answer: FromWorker) => waiting.shift()?.(answer))
  child.on('exit', code => {
    for (const resolve of waiting.splice(0))
      resolve({ type: 'failed', message: `a member's process ended (${code})` })
  })
  return {
    do: message =>
      new Promise(resolve => {
        waiting.push(resolve)
        child.send(message)
      }),
    kill: () => child.kill('SIGKILL'),
  }
}

// A proposal is made in the very turn that ends the epoch before: with no more waiting than it holds, many would be empty.
const waitingOf = (batch: number): number => (batch === 1 ? 1 : 2 * batch)

const wait = (seconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, seconds * 1_000))

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

/** The value below which this part of sorted values lies; 0 if there are none. */
export const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

function merged(reports: readonly BenchNodeReport[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { faults } of reports) {
    for (const [rule, count] of Object.entries(faults)) counts[rule] = (counts[rule] ?? 0) + count
  }
  return counts
}

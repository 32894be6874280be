/**
 * The tables of a comparison of systems.
 */
import type { PartFigure } from '../../bench/parts/stopwatch.js'
import { figure, type Table } from '../report/report.js'
import { type AbcRow, isFailure } from './abc-bench.js'
import { entriesOf, type Repeated } from './abc-series.js'
import type { KeyFigure } from './crypto-figures.js'

/** T1 and T3, if they were taken, then T2, the cells and what failed. */
export const abcTables = (
  rows: readonly AbcRow[],
  crypto: { readonly parts: readonly PartFigure[]; readonly keys: readonly KeyFigure[] },
): readonly Table[] => [
  countTable(rows),
  cellTable(rows),
  ...(crypto.parts.length > 0 ? [cryptoTable(crypto.parts)] : []),
  ...(crypto.keys.length > 0 ? [keyTable(crypto.keys)] : []),
  ...failureTable(rows),
]

function countTable(rows: readonly AbcRow[]): Table {
  const counted = entriesOf(rows).flatMap(({ cell, repeats }) => {
    const counts = repeats.find(one => one.counted !== undefined)?.counted
    return counts === undefined ? [] : [{ cell, counts }]
  })
  return {
    id: 'T2',
    title: 'messages, bytes and steps of an epoch, counted',
    meaning:
      'All messages in order, by correct members to others, before they share frames; exact on every machine. ' +
      'Payloads: bytes on all links for each byte that is proposed; an erasure-coded broadcast needs (n² − 1) / (n − 2f), a plain one n² − 1.',
    head: [
      'system',
      'n',
      'batch',
      'faults',
      'steps',
      'messages',
      'of these broadcast',
      'agreement',
      'coin',
      'bytes',
      'bytes per proposed byte',
    ],
    rows: counted.map(({ cell, counts }) => [
      cell.preset,
      String(cell.n),
      String(cell.batch),
      cell.faults,
      String(counts.steps),
      figure(counts.messagesPerEpoch, 9),
      figure(counts.messagesByWork.broadcast, 9),
      figure(counts.messagesByWork.agreement, 9),
      figure(counts.messagesByWork.coin, 9),
      figure(counts.bytesPerEpoch, 12),
      figure(counts.bytesPerEpoch / (cell.n * cell.batch * cell.txBytes), 4),
    ]),
  }
}

const spread = ({ value, min, max }: Repeated): string =>
  min === max ? figure(value, 4) : `${figure(value, 4)} (${figure(min, 4)} to ${figure(max, 4)})`

function cellTable(rows: readonly AbcRow[]): Table {
  return {
    id: 'Cells',
    title: 'everything that was measured',
    meaning:
      'Median of the repeats, and their range. Transactions are distinct random bytes without client signatures; every payload is delivered, decoded and hashed at every member, and batches are compared. ' +
      'A p99 of fewer than 100 samples is their maximum.',
    head: [
      'system',
      'n',
      'batch',
      'faults',
      'ran',
      'tx/s',
      'latency ms, median',
      'p99',
      'samples',
      'proposals per epoch',
      'empty epochs',
      'CPU s',
      'memory MiB',
      'messages per epoch',
      'bytes per epoch',
      'note',
      'fingerprint',
    ],
    rows: entriesOf(rows).map(entry => {
      const { cell, repeats } = entry
      const [one] = repeats
      return [
        cell.preset,
        String(cell.n),
        `${cell.batch} × ${cell.txBytes} B`,
        cell.faults,
        one?.ran.startsWith('one process') ? 'memory' : 'nodes',
        spread(entry.of(figures => figures.txPerSecond)),
        spread(entry.of(figures => figures.latencyMs.median)),
        figure(entry.of(figures => figures.latencyMs.p99).max),
        String(entry.of(figures => figures.latencyMs.samples).min),
        figure(entry.of(figures => figures.proposalsPerEpoch).value),
        String(entry.of(figures => figures.emptyEpochs).max),
        figure(entry.of(figures => figures.cpuSeconds).value),
        figure(entry.of(figures => figures.peakRssBytes / 2 ** 20).max),
        figure(entry.of(figures => figures.messagesPerEpoch).value, 6),
        figure(entry.of(figures => figures.bytesPerEpoch).value, 6),
        one?.note ?? '',
        one?.fingerprint.slice(0, 8) ?? '',
      ]
    }),
  }
}

const cryptoTable = (parts: readonly PartFigure[]): Table => ({
  id: 'T1',
  title: 'cryptographic micro-benchmarks',
  meaning:
    'One thread, the fastest of many short batches; noisy on a busy machine. A coin is a whole flip: own share, f + 1 shares verified, the value.',
  head: ['operation', 'provider', 'n', 'bytes', 'per second', 'milliseconds'],
  rows: parts.map(({ part, variant, n, bytes, opsPerSecond }) => [
    part,
    variant,
    n === 0 ? '' : String(n),
    bytes === 0 ? '' : String(bytes),
    figure(opsPerSecond),
    figure(1_000 / opsPerSecond),
  ]),
})

const keyTable = (keys: readonly KeyFigure[]): Table => ({
  id: 'T3',
  title: 'key generation against n',
  meaning:
    'A trusted dealer makes one key set for all members, threshold f + 1: processor milliseconds; noisy on a busy machine. A distributed generation costs more.',
  head: ['keys', 'n', 'CPU ms'],
  rows: keys.map(({ keys: name, n, cpuMs }) => [name, String(n), figure(cpuMs)]),
})

function failureTable(rows: readonly AbcRow[]): readonly Table[] {
  const failures = rows.filter(isFailure)
  if (failures.length === 0) return []
  return [
    {
      id: 'Failures',
      title: 'what failed, and why',
      meaning: `${failures.length} cells have no figures, or members that did not agree; no figure is drawn of them.`,
      head: ['cell', 'reason'],
      rows: failures.map(({ key, failure }) => [key, failure ?? 'the members gave different batches']),
    },
  ]
}

/**
 * A comparison of systems in a few lines for a terminal.
 */
import { join } from 'node:path'
import { printable } from '../../terminal/printable.js'
import { aligned } from '../report/aligned.js'
import { figure } from '../report/report.js'
import type { AbcResult } from './abc-bench.js'
import { entriesOf } from './abc-series.js'

/** One line per cell, and where the rest is. */
export function abcSummary({ rows, failures, resumed, isComplete }: AbcResult, out: string): string {
  const head = [
    'system',
    'n',
    'batch',
    'faults',
    'ran',
    'tx/s',
    'latency ms',
    'CPU s',
    'MiB',
    'messages/epoch',
    'kB/epoch',
  ]
  const lines = entriesOf(rows).map(entry => [
    entry.cell.preset,
    String(entry.cell.n),
    String(entry.cell.batch),
    entry.cell.faults,
    entry.repeats[0]?.ran.startsWith('one process') ? 'memory' : 'nodes',
    figure(entry.of(figures => figures.txPerSecond).value),
    figure(entry.of(figures => figures.latencyMs.median).value),
    figure(entry.of(figures => figures.cpuSeconds).value),
    figure(entry.of(figures => figures.peakRssBytes / 2 ** 20).value),
    figure(entry.of(figures => figures.messagesPerEpoch).value, 5),
    figure(entry.of(figures => figures.bytesPerEpoch / 1_000).value, 5),
  ])
  return [
    ...(lines.length === 0 ? [] : aligned([head, ...lines])),
    ...failures
      .slice(0, 12)
      .map(({ key, failure }) => printable(`FAILED ${key}: ${failure ?? 'different batches'}`)),
    `${rows.length} cells${resumed > 0 ? `, ${resumed} of them from before` : ''}${isComplete ? '' : ', not all: interrupted'}; report: ${join(out, 'report.html')}`,
    '',
  ].join('\n')
}

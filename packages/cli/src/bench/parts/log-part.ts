/**
 * The write-ahead log on the disk of this machine: records that are durable, by how many share one fsync.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WriteAheadLog } from '@mc/node'
import { filled } from './coding-parts.js'
import type { PartFigure } from './stopwatch.js'

/** Durable records of 1 KiB per second, alone and in groups. */
export async function logFigures(budgetMs: number): Promise<readonly PartFigure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'mc-log-'))
  try {
    const { log } = await WriteAheadLog.open({ directory, network: filled(32) })
    const figures = [await figure(log, 1, budgetMs), await figure(log, 100, budgetMs)]
    await log.close()
    return figures
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function figure(log: WriteAheadLog, group: number, budgetMs: number): Promise<PartFigure> {
  const record = filled(1_024)
  const began = performance.now()
  let records = 0
  while (performance.now() - began < budgetMs) {
    for (let at = 0; at < group; at += 1) log.append(record)
    await log.sync(true)
    records += group
  }
  const opsPerSecond = records / ((performance.now() - began) / 1_000)
  const variant = group === 1 ? 'one per fsync' : `${group} per fsync`
  return {
    part: 'log/durable',
    variant,
    n: 0,
    k: 0,
    bytes: 1_024,
    opsPerSecond,
    mbPerSecond: (opsPerSecond * 1_024) / 1e6,
  }
}

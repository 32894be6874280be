/**
 * Processor time of the running thread.
 */
import { readFileSync } from 'node:fs'

const SCHEDULER = '/proc/thread-self/schedstat'

/** Milliseconds that this thread has been on a processor so far; where that cannot be asked, time that has passed. */
export function threadCpuMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }
  if (threadCpuUsage !== undefined) {
    const { user, system } = threadCpuUsage.call(process)
    return (user + system) / 1_000
  }
  return fromScheduler() ?? performance.now()
}

let hasScheduler = true

function fromScheduler(): number | undefined {
  if (!hasScheduler) return undefined
  try {
    return Number(readFileSync(SCHEDULER, 'latin1').split(' ')[0]) / 1e6
  } catch {
    hasScheduler = false
    return undefined
  }
}

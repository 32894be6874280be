/**
 * What a node writes down for people: JSON lines by pino, never secrets, never raw bytes of peers.
 */
import { rename, stat } from 'node:fs/promises'
import { type Logger, pino } from 'pino'
import type { LogLevel } from './log-level.js'
import type { Node } from './node.js'

/** A log file beyond this is put aside at the next start, in bytes; the one before is dropped. */
const FILE_BYTES_MAX = 16 * 1024 * 1024

/** Lines about faults of one rule within a minute; more are only counted. */
const FAULT_LINES_MAX = 20
const FAULT_WINDOW_MS = 60_000

/** A logger to standard error, or to a file that is put aside when it has grown too long. */
export async function openLog(level: LogLevel, path: string | undefined): Promise<Logger> {
  if (path === undefined) return pino({ level }, pino.destination({ fd: 2, sync: true }))
  const { size } = await stat(path).catch(() => ({ size: 0 }))
  if (size > FILE_BYTES_MAX) await rename(path, `${path}.1`)
  return pino({ level }, pino.destination({ dest: path, sync: true, mkdir: true, mode: 0o600 }))
}

/** Writes down what a node tells. */
export function logNode(node: Node, log: Logger): void {
  const lines = new Map<string, { count: number; since: number }>()
  node.events.on('block', ({ block, cid, receipts }) => {
    log.debug({ epoch: block.epoch, cid: String(cid), operations: receipts.length }, 'block')
  })
  node.events.on('fault', ({ rule, peerName, detail, disconnected }) => {
    if (isWanted(lines, rule)) log.warn({ rule, peer: peerName, detail, disconnected }, 'fault')
  })
  node.events.on('configuration', ({ index, members, suite }) => {
    const { state, obstacle } = node.status
    log.info({ configuration: index, members: members.length, suite, state, obstacle }, 'configuration')
  })
  node.events.on('failure', error => log.fatal({ err: error }, 'the node cannot go on'))
}

function isWanted(lines: Map<string, { count: number; since: number }>, rule: string): boolean {
  const now = performance.now()
  const known = lines.get(rule)
  const entry = known === undefined || now - known.since > FAULT_WINDOW_MS ? { count: 0, since: now } : known
  entry.count += 1
  lines.set(rule, entry)
  return entry.count <= FAULT_LINES_MAX
}

/**
 * The process of one member: `node member-process.js DIRECTORY LEVEL`. It ends with whoever started it.
 */
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { type LogLevel, NodeService } from '@mc/node'
import { rulesNamed } from '../organisation/rules.js'
import { presetNamed } from '../presets.js'
import type { FromMember, ToMember } from './member-messages.js'

const [directory = '', logLevel = 'info'] = process.argv.slice(2)

const tell = (message: FromMember): void => {
  if (process.connected) process.send?.(message)
}

let isStopping = false

function stop(exitCode: number): void {
  if (isStopping) return
  isStopping = true
  service
    .then(running => running?.stop())
    .catch(() => {})
    .then(() => process.exit(exitCode))
}

function failed(error: Error & { rule?: string; field?: string }): void {
  tell({ type: 'failed', rule: error.rule ?? 'node/failed', message: error.message, field: error.field })
  stop(1)
}

// A terminal interrupts the whole group; whoever started us says when to stop.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => stop(0))
process.on('disconnect', () => stop(0))
process.on('message', (message: ToMember) => {
  if (message.type === 'stop') stop(0)
})

const service: Promise<NodeService | undefined> = NodeService.start({
  directory,
  crypto,
  suiteNamed: presetNamed,
  rulesNamed,
  logLevel: logLevel as LogLevel,
  logFile: join(directory, 'node.log'),
  onFailure: failed,
}).catch(error => {
  failed(error as Error)
  return undefined
})

const running = await service
if (running !== undefined) tell({ type: 'ready', url: running.api.url })

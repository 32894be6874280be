/**
 * A process of a measured network: one node under load, told what to do by the coordinator.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { genesisCodec } from '@mc/ledger'
import type { Transport } from '@mc/network'
import { BenchNode, type BenchNodeReport } from './bench-node.js'
import { transportOf } from './links.js'

/** What the coordinator says. */
export type ToWorker =
  | {
      readonly type: 'start'
      readonly index: number
      readonly kind: 'tcp' | 'libp2p'
      readonly address: string
      readonly genesis: Uint8Array
      readonly secretKey: Uint8Array
      readonly directory: string
      readonly txBytes: number
      readonly batch: number
      readonly waiting: number
      readonly fsync: boolean
    }
  | { readonly type: 'load' | 'mark' | 'unload' | 'report' | 'stop' }
  | { readonly type: 'cid'; readonly epoch: number }
  | {
      readonly type: 'pump'
      readonly kind: 'tcp' | 'libp2p'
      readonly address: string
      readonly secretKey: Uint8Array
      readonly peer: { readonly key: string; readonly address: string }
      readonly sends: boolean
      readonly frameBytes: number
      readonly seconds: number
    }

/** What a worker answers; one answer for each thing said. */
export type FromWorker =
  | { readonly type: 'done' }
  | { readonly type: 'ready'; readonly peersConnected: number }
  | { readonly type: 'report'; readonly report: BenchNodeReport }
  | { readonly type: 'cid'; readonly cid: string | undefined }
  | { readonly type: 'pumped'; readonly bytesPerSecond: number }
  | { readonly type: 'failed'; readonly message: string }

let bench: BenchNode | undefined

process.on('message', (message: ToWorker) => {
  handle(message)
    .catch((error: Error): FromWorker => ({ type: 'failed', message: error.message }))
    .then(answer => process.send?.(answer))
})

process.on('disconnect', () => process.exit(1))

async function handle(message: ToWorker): Promise<FromWorker> {
  switch (message.type) {
    case 'start': {
      const { kind, address, secretKey, genesis, ...options } = message
      const transport = transportOf(kind, secretKey, address)
      bench = await BenchNode.start({
        ...options,
        secretKey,
        transport,
        genesis: genesisCodec.decode(genesis),
      })
      return { type: 'done' }
    }
    case 'report':
      return { type: 'report', report: running().report() }
    case 'cid':
      return { type: 'cid', cid: running().cid(message.epoch) }
    case 'pump':
      return { type: 'pumped', bytesPerSecond: await pump(message) }
    case 'stop':
      await bench?.stop()
      setImmediate(() => process.exit(0))
      return { type: 'done' }
    default:
      running()[message.type]()
      return { type: 'done' }
  }
}

function running(): BenchNode {
  if (bench === undefined) throw new Error('this process was not started yet')
  return bench
}

/** One end of the link whose limit is measured: sends as fast as it goes, or counts what arrives. */
async function pump(message: Extract<ToWorker, { type: 'pump' }>): Promise<number> {
  const { kind, address, secretKey, peer, sends, frameBytes, seconds } = message
  const transport = transportOf(kind, secretKey, address)
  let bytes = 0
  let startedAt = 0
  let lastAt = 0
  const connected = new Promise<void>(resolve => {
    void transport
      .start({
        onConnected: () => resolve(),
        onDisconnected: () => {},
        onFault: () => {},
        onFrame: (_, __, { length }) => {
          lastAt = performance.now()
          if (startedAt === 0) startedAt = lastAt
          else bytes += length
        },
      })
      .then(() => transport.admit([{ key: peer.key, addresses: [peer.address] }]))
  })
  await connected
  if (sends) await sendFor(transport, peer.key, frameBytes, seconds)
  else await new Promise(resolve => setTimeout(resolve, seconds * 1_000 + 500))
  await transport.stop()
  return lastAt > startedAt ? bytes / ((lastAt - startedAt) / 1_000) : 0
}

async function sendFor(transport: Transport, to: string, frameBytes: number, seconds: number): Promise<void> {
  const frame = crypto.rng.bytes(frameBytes)
  const until = performance.now() + seconds * 1_000
  while (performance.now() < until) {
    while (transport.bufferedBytes(to) < 4 * frameBytes) transport.send(to, 'bulk', frame)
    await new Promise(resolve => setImmediate(resolve))
  }
}

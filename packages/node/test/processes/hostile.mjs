/**
 * A member that has a valid key and nothing good in mind: garbage, oversized messages, far epochs and rounds, junk seals,
 * junk operations, hellos and requests without end. `node hostile.mjs PLAN`; it floods when told at which rate.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { libp2pTransport } from '@mc/network'
import { DEFAULT_REPLICA_LIMITS, FrameBuilder, messageCodecOf, messagesOf } from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { genesisOf, listenOf, secretKeyOf } from './plan.mjs'

const { index, ports } = JSON.parse(process.argv[2])
const { members } = genesisOf(ports).configuration
const codec = messageCodecOf(DEFAULT_REPLICA_LIMITS)
const { payloadBytesMax, rng, sha256 } = {
  payloadBytesMax: DEFAULT_REPLICA_LIMITS.proposalBytesMax,
  ...crypto,
}
const agreement = waterbearQsQ({ rng, sha256, payloadBytesMax }).atomicBroadcast.codec({ n: ports.length })
const transport = libp2pTransport({ secretKey: secretKeyOf(index), listen: listenOf(ports[index]) })
const hexOf = bytes => Buffer.from(bytes).toString('hex')
const connected = new Set()
let epoch = 0
let heard
let sent = 0
let began = process.cpuUsage()

const vote = (at, round) =>
  codec.encode({
    type: 'consensus',
    configuration: 0,
    bytes: agreement.encode({
      type: 'epoch',
      epoch: at,
      message: {
        type: 'raba',
        proposer: rng.below(ports.length),
        message: { type: 'vote', round, bit: rng.bit() },
      },
    }),
  })

const words = [
  () => rng.bytes(1 + rng.below(200)),
  () => codec.encode({ type: 'consensus', configuration: 0, bytes: rng.bytes(64) }),
  () => codec.encode({ type: 'consensus', configuration: 0, bytes: rng.bytes(256 * 1024) }),
  () => vote(epoch + 1_000 + rng.below(1_000), 0),
  () => vote(epoch, rng.below(1_000_000)),
  () => vote(epoch, rng.below(40)),
  () =>
    codec.encode({
      type: 'consensus',
      configuration: 0,
      bytes: agreement.encode({ type: 'announce', epoch: rng.below(1_000) }),
    }),
  () => codec.encode({ type: 'seal', epoch: Math.max(0, epoch - rng.below(3)), signature: rng.bytes(64) }),
  () => codec.encode({ type: 'forward', operations: Array.from({ length: 64 }, () => rng.bytes(300)) }),
  () => codec.encode({ type: 'forward', operations: Array.from({ length: 64 }, () => rng.bytes(64)) }),
  () => codec.encode({ type: 'blocks-request', from: rng.below(epoch + 1) }),
  () => heard ?? rng.bytes(3),
]

function listen(frame) {
  for (const bytes of messagesOf(frame)) {
    const message = codec.decode(bytes)
    if (message.type === 'hello') heard = Uint8Array.from(bytes)
    if (message.type !== 'consensus') continue
    const inner = agreement.decode(message.bytes)
    epoch = Math.max(epoch, inner.epoch)
  }
}

function flood(perTick) {
  for (const peer of connected) {
    const frame = new FrameBuilder()
    for (let at = 0; at < perTick && frame.length < 4 * 1024 * 1024; at += 1) {
      frame.add(words[rng.below(words.length)]())
      sent += 1
    }
    if (transport.bufferedBytes(peer) < 8 * 1024 * 1024) transport.send(peer, 'control', frame.take())
  }
}

await transport.start({
  onFrame: (_, __, frame) => listen(frame),
  onConnected: peer => connected.add(peer),
  onDisconnected: peer => connected.delete(peer),
  onFault: () => {},
})
transport.admit(members.map(({ publicKey, addresses }) => ({ key: hexOf(publicKey), addresses })))

let ticker
process.on('message', ({ type, messagesPerSecond }) => {
  clearInterval(ticker)
  const used = process.cpuUsage(began)
  if (type === 'flood') {
    began = process.cpuUsage()
    const perTick = Math.max(1, Math.ceil(messagesPerSecond / 50))
    ticker = setInterval(() => flood(perTick), 20)
  }
  process.send({ type: 'sent', sent, cpuMs: (used.user + used.system) / 1_000 })
})
process.on('disconnect', () => process.exit(0))
process.send({ type: 'ready' })

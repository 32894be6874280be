/**
 * Two processes over loopback: bytes per second on the bulk lane and round trips on the control lane.
 *
 *   node bench/two-processes.mjs [libp2p|tcp] [frame bytes] [seconds]
 *
 * Build the package first. The child echoes control frames and counts bulk frames.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { libp2pTransport, memberKeyOf, tcpTransport } from '@mc/network'

const seed = member => new Uint8Array(32).fill(member + 1)
const [kind = 'libp2p', frameBytes = '65536', seconds = '2'] = process.argv.slice(2)
const options = { inboundBytesPerSecond: Infinity }
const make = member =>
  kind === 'tcp'
    ? tcpTransport({ secretKey: seed(member), listen: ['127.0.0.1:0'], ...options })
    : libp2pTransport({ secretKey: seed(member), listen: ['/ip4/127.0.0.1/tcp/0'], ...options })

const ignore = () => undefined

async function child() {
  const transport = make(1)
  let bytes = 0
  let startedAt
  await transport.start({
    onConnected: ignore,
    onDisconnected: ignore,
    onFault: fault => console.error(fault),
    onFrame: (from, priority, frame) => {
      if (priority === 'control') return void transport.send(from, 'control', frame)
      if (startedAt === undefined) startedAt = performance.now()
      else bytes += frame.length
    },
  })
  transport.admit([{ key: memberKeyOf(seed(0)), addresses: [] }])
  process.send({ addresses: transport.addresses })
  process.on('message', async message => {
    if (message === 'report') process.send({ rate: bytes / ((performance.now() - startedAt) / 1_000) })
    else await transport.stop().then(() => process.disconnect())
  })
}

async function parent() {
  const other = memberKeyOf(seed(1))
  const peer = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    env: { ...process.env, MC_CHILD: '1' },
  })
  const report = () => new Promise(resolve => peer.once('message', resolve))
  const { addresses } = await report()
  const transport = make(0)
  let echoed = ignore
  await new Promise(resolve => {
    transport
      .start({
        onConnected: resolve,
        onDisconnected: ignore,
        onFault: fault => console.error(fault),
        onFrame: () => echoed(),
      })
      .then(() => transport.admit([{ key: other, addresses }]))
  })
  const trips = await roundTrips(transport, other, 3_000, next => {
    echoed = next
  })
  const frame = new Uint8Array(Number(frameBytes))
  const until = performance.now() + Number(seconds) * 1_000
  while (performance.now() < until) {
    while (transport.bufferedBytes(other) < 4 * 2 ** 20) transport.send(other, 'bulk', frame)
    await new Promise(resolve => setImmediate(resolve))
  }
  peer.send('report')
  const { rate } = await report()
  const [p50, p99] = [0.5, 0.99].map(q => `${(trips[Math.floor(trips.length * q)] * 1_000).toFixed(0)} µs`)
  console.log(
    `${kind}, ${frameBytes}-byte frames: ${(rate / 1e6).toFixed(0)} MB/s; round trip p50 ${p50} p99 ${p99}`,
  )
  peer.send('stop')
  await transport.stop()
}

async function roundTrips(transport, to, count, onEcho) {
  const frame = new Uint8Array(200)
  const times = []
  for (let trip = 0; trip < count; trip += 1) {
    const from = performance.now()
    await new Promise(resolve => {
      onEcho(resolve)
      transport.send(to, 'control', frame)
    })
    times.push(performance.now() - from)
  }
  return times.slice(count / 3).sort((a, b) => a - b)
}

await (process.env.MC_CHILD === '1' ? child() : parent())

import { measureThroughput, memberKeyOf, memoryNetwork, tcpTransport } from '@mc/network'
import { Probe, seedOfMember } from '@mc/network/conformance'
import { expect, test, vi } from 'vitest'

const keyOf = (member: number) => memberKeyOf(seedOfMember(member))

async function three() {
  const network = memoryNetwork()
  const probes = [0, 1, 2].map(member => new Probe(network.transport(keyOf(member))))
  for (const probe of probes) {
    probe.transport.admit([0, 1, 2].map(member => ({ key: keyOf(member), addresses: [keyOf(member)] })))
    await probe.start()
  }
  const [a, b, c] = probes as [Probe, Probe, Probe]
  for (const probe of probes) await probe.until('connected to both', () => probe.changes.length === 2)
  return { network, a, b, c }
}

test('a cut link disconnects both and loses what was on its way; healing connects them again', async () => {
  const { network, a, b, c } = await three()
  a.transport.send(b.key, 'bulk', Uint8Array.of(1))
  network.cut(b.key, a.key)
  await a.until('cut', () => !a.isConnected(b.key))
  await b.until('cut', () => !b.isConnected(a.key))
  expect(a.transport.bufferedBytes(b.key)).toBe(0)
  expect(a.transport.send(b.key, 'bulk', Uint8Array.of(2))).toBe(false)
  expect(a.transport.send(c.key, 'bulk', Uint8Array.of(3))).toBe(true)
  await c.until('the others go on', () => c.arrivals.length === 1)
  network.heal(a.key, b.key)
  await Promise.all([a.untilConnected(b.key), b.untilConnected(a.key)])
  a.transport.send(b.key, 'bulk', Uint8Array.of(4))
  await b.until('it arrived', () => b.arrivals.length > 0)
  expect(b.arrivals.map(({ frame }) => frame[0])).toEqual([4])
})

test('frames of all members arrive in the order in which they were sent', async () => {
  const { a, b, c } = await three()
  for (let at = 0; at < 20; at += 1)
    (at % 3 === 0 ? a : b).transport.send(c.key, at % 2 === 0 ? 'bulk' : 'control', Uint8Array.of(at))
  await c.until('all arrived', () => c.arrivals.length === 20)
  expect(c.arrivals.map(({ frame }) => frame[0])).toEqual(Array.from({ length: 20 }, (_, at) => at))
})

test('one transport per member runs at a time', async () => {
  const network = memoryNetwork()
  const first = new Probe(network.transport(keyOf(0)))
  await first.start()
  const second = new Probe(network.transport(keyOf(0)))
  await expect(second.start()).rejects.toThrow('runs already')
  await first.transport.stop()
  const third = new Probe(network.transport(keyOf(0)))
  await third.start()
  expect(third.transport.addresses).toEqual([keyOf(0)])
})

test('throughput is what arrives, counted at the receiver, and both transports are stopped', async () => {
  const network = memoryNetwork()
  const overMemory = { a: network.transport(keyOf(0)), b: network.transport(keyOf(1)) }
  const made = (member: number) =>
    tcpTransport({
      secretKey: seedOfMember(member),
      listen: ['127.0.0.1:0'],
      inboundBytesPerSecond: Number.POSITIVE_INFINITY,
    })
  for (const { a, b } of [overMemory, { a: made(0), b: made(1) }]) {
    const measured = await measureThroughput({ a, b, frameBytes: 10_000, seconds: 0.05 })
    expect(measured.frames).toBeGreaterThan(0)
    expect(measured.bytesPerSecond / measured.framesPerSecond).toBeCloseTo(10_000, 3)
    expect([...a.addresses, ...b.addresses]).toEqual([])
  }
})

test('the polyfill gives a promise and its two ends where the platform has none', async () => {
  type WithResolvers = () => { promise: Promise<number>; resolve(value: number): void }
  const target = Promise as unknown as { withResolvers?: WithResolvers | undefined }
  const before = target.withResolvers
  target.withResolvers = undefined
  vi.resetModules()
  await import('@mc/network/polyfill')
  const made = target.withResolvers as WithResolvers | undefined
  target.withResolvers = before
  const ends = made?.()
  ends?.resolve(7)
  expect(await ends?.promise).toBe(7)
})

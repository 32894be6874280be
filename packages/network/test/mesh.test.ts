import { type MemberKey, type Priority, SIGNAL, signalPrefix, transportLimits } from '@mc/network'
import { Probe } from '@mc/network/conformance'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Carrier, CarrierEvents, Link, LinkEvents } from '../src/mesh/link.js'
import { MeshTransport } from '../src/mesh/mesh-transport.js'

const SMALL = '11'.repeat(32)
const LARGE = '22'.repeat(32)
const STRANGER = '33'.repeat(32)

/** A link whose other end is the test. */
class ScriptedLink implements Link {
  readonly remoteAddress = 'nowhere'
  readonly bufferedBytes = 0
  readonly written: string[] = []
  closedFor: string | undefined
  events: LinkEvents | undefined

  readonly peer: MemberKey
  readonly direction: Link['direction']

  constructor(peer: MemberKey, direction: Link['direction']) {
    this.peer = peer
    this.direction = direction
  }

  attach(events: LinkEvents): void {
    this.events = events
  }

  write(priority: Priority, prefix: Uint8Array): void {
    this.written.push(`${priority} ${[...prefix].join('.')}`)
  }

  close(reason: string): void {
    if (this.closedFor !== undefined) return
    this.closedFor = reason
    this.events?.onClosed(reason)
  }

  welcome(): void {
    this.events?.onBytes('control', signalPrefix(SIGNAL.welcome))
  }
}

/** A carrier whose dials the test answers. */
class ScriptedCarrier implements Carrier {
  readonly dials: { readonly at: readonly string[]; answer(link: Link): void; fail(): void }[] = []
  events!: CarrierEvents

  async listen(events: CarrierEvents): Promise<readonly string[]> {
    this.events = events
    return ['here']
  }

  dial({ addresses }: { readonly addresses: readonly string[] }): Promise<Link> {
    return new Promise((resolve, reject) =>
      this.dials.push({ at: addresses, answer: resolve, fail: () => reject(new Error('refused')) }),
    )
  }

  async close(): Promise<void> {}
}

async function mesh(self: MemberKey, chosen = {}): Promise<{ probe: Probe; carrier: ScriptedCarrier }> {
  const carrier = new ScriptedCarrier()
  const limits = transportLimits(chosen)
  const probe = new Probe(new MeshTransport({ kind: 'memory', self, carrier, limits }))
  await probe.start()
  return { probe, carrier }
}

const nextTimers = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Both links of a simultaneous dial at one side: our own, welcomed, and the other's, inbound; in either order. */
async function collision(self: MemberKey, peer: MemberKey, ownFirst: boolean, gapMs: number) {
  const { probe, carrier } = await mesh(self)
  probe.transport.admit([{ key: peer, addresses: ['there'] }])
  await nextTimers(200)
  const own = new ScriptedLink(peer, 'dialled')
  const theirs = new ScriptedLink(peer, 'accepted')
  const arrive = async (link: ScriptedLink) => {
    if (link === theirs) return carrier.events.onInbound(theirs)
    carrier.dials[0]?.answer(own)
    await nextTimers(0)
    own.welcome()
  }
  await arrive(ownFirst ? own : theirs)
  await nextTimers(gapMs)
  await arrive(ownFirst ? theirs : own)
  return { probe, own, theirs }
}

test('of two simultaneous dials the one of the smaller key wins, on both sides and in either order', async () => {
  for (const ownFirst of [true, false]) {
    const atSmall = await collision(SMALL, LARGE, ownFirst, 10)
    expect(atSmall.own.closedFor).toBeUndefined()
    expect(atSmall.theirs.closedFor).toBeDefined()
    const atLarge = await collision(LARGE, SMALL, ownFirst, 10)
    expect(atLarge.own.closedFor).toBeDefined()
    expect(atLarge.theirs.closedFor).toBeUndefined()
    for (const { probe } of [atSmall, atLarge]) expect(probe.transport.stats().peers[0]?.connected).toBe(true)
  }
})

test('a dial long after the first wins: its sender would not dial if it had a connection', async () => {
  const { probe, own, theirs } = await collision(SMALL, LARGE, true, 6_000)
  expect(own.closedFor).toBeDefined()
  expect(theirs.closedFor).toBeUndefined()
  expect(probe.changes).toEqual([`+${LARGE}`, `-${LARGE}`, `+${LARGE}`])
})

test('a dial that is not welcomed in time is given up and repeated', async () => {
  const { probe, carrier } = await mesh(SMALL)
  probe.transport.admit([{ key: LARGE, addresses: ['there'] }])
  await nextTimers(0)
  const link = new ScriptedLink(LARGE, 'dialled')
  carrier.dials[0]?.answer(link)
  await nextTimers(5_000)
  expect(link.closedFor).toBeDefined()
  await nextTimers(100)
  expect(carrier.dials.length).toBe(2)
  expect(probe.changes).toEqual([])
})

test('dials that fail are repeated after waits that grow to two seconds and not beyond', async () => {
  const { probe, carrier } = await mesh(SMALL)
  probe.transport.admit([{ key: LARGE, addresses: ['there'] }])
  await nextTimers(0)
  for (let dial = 0; dial < 10; dial += 1) {
    expect(carrier.dials.length).toBe(dial + 1)
    carrier.dials[dial]?.fail()
    await nextTimers(Math.min(2_000, 50 * 2 ** dial))
  }
})

test('a frame before the welcome is a fault', async () => {
  const { probe, carrier } = await mesh(SMALL)
  probe.transport.admit([{ key: LARGE, addresses: ['there'] }])
  await nextTimers(0)
  const link = new ScriptedLink(LARGE, 'dialled')
  carrier.dials[0]?.answer(link)
  await nextTimers(0)
  link.events?.onBytes('bulk', Uint8Array.of(0, 0, 0, 1, 9))
  expect(probe.faults[0]?.rule).toBe('network/bad-signal')
  expect(probe.arrivals).toEqual([])
  expect(link.closedFor).toBeDefined()
})

async function accepted(chosen = {}) {
  const { probe, carrier } = await mesh(SMALL, chosen)
  probe.transport.admit([{ key: LARGE, addresses: [] }])
  const link = new ScriptedLink(LARGE, 'accepted')
  carrier.events.onInbound(link)
  return { probe, carrier, link }
}

test('a frame that is begun and not finished in time is a fault', async () => {
  const { probe, link } = await accepted({ frameTimeoutMs: 4_000, heartbeatMs: 1e9 })
  link.events?.onBytes('bulk', Uint8Array.of(0, 0, 0, 9, 1))
  await nextTimers(3_000)
  expect(probe.faults).toEqual([])
  await nextTimers(4_000)
  expect(probe.faults[0]?.rule).toBe('network/frame-stalled')
  expect(link.closedFor).toBeDefined()
})

test('a frame that keeps changing is not stalled', async () => {
  const { probe, link } = await accepted({ frameTimeoutMs: 4_000, heartbeatMs: 1e9, silenceMsMax: 1e9 })
  for (let second = 0; second < 10; second += 1) {
    link.events?.onBytes('bulk', Uint8Array.of(0, 0, 0, 1, 7, 0))
    await nextTimers(1_000)
    link.events?.onBytes('bulk', Uint8Array.of(0, 0, 1, 7))
  }
  expect(probe.faults).toEqual([])
  expect(probe.arrivals.length).toBe(20)
})

test('more bytes per second than the budget allows are a fault, before any of them is read', async () => {
  const { probe, link } = await accepted({ inboundBytesPerSecond: 1_000 })
  for (let chunk = 0; chunk < 4; chunk += 1) link.events?.onBytes('bulk', new Uint8Array(500))
  expect(probe.faults).toEqual([])
  const before = probe.arrivals.length
  link.events?.onBytes('bulk', new Uint8Array(500))
  expect(probe.faults[0]?.rule).toBe('network/budget-exceeded')
  expect(probe.arrivals.length).toBe(before)
  expect(link.closedFor).toBeDefined()
})

test('a peer that is silent for too long is disconnected; one that answers pings is not', async () => {
  const silent = await accepted()
  await nextTimers(25_000)
  expect(silent.link.closedFor).toBe('silent for too long')
  const alive = await accepted()
  for (let beat = 0; beat < 12; beat += 1) {
    alive.link.events?.onBytes('control', signalPrefix(SIGNAL.pong))
    await nextTimers(5_000)
  }
  expect(alive.link.closedFor).toBeUndefined()
  expect(alive.link.written.filter(text => text === 'control 255.255.255.2').length).toBeGreaterThan(10)
})

test('pings are answered, and a flood of them is not', async () => {
  const { link } = await accepted()
  const pongs = () => link.written.filter(text => text === 'control 255.255.255.3').length
  link.events?.onBytes('control', signalPrefix(SIGNAL.ping))
  expect(pongs()).toBe(1)
  for (let at = 0; at < 1_000; at += 1) link.events?.onBytes('control', signalPrefix(SIGNAL.ping))
  expect(pongs()).toBe(1)
})

test('the round trip is measured from ping to pong', async () => {
  const { probe, link } = await accepted()
  await nextTimers(7)
  link.events?.onBytes('control', signalPrefix(SIGNAL.pong))
  expect(probe.transport.stats().peers[0]?.rttMs).toBeCloseTo(7, 5)
})

test('a banned member is refused until its ban is over, and bans grow', async () => {
  const { probe, carrier } = await accepted()
  const retry = () => {
    const link = new ScriptedLink(LARGE, 'accepted')
    carrier.events.onInbound(link)
    return link.closedFor
  }
  probe.transport.disconnect(LARGE, 'a test')
  expect(retry()).toBe('banned')
  await nextTimers(1_000)
  expect(retry()).toBeUndefined()
  probe.transport.disconnect(LARGE, 'a test')
  await nextTimers(999)
  expect(retry()).toBe('banned')
  await nextTimers(1_001)
  expect(retry()).toBeUndefined()
})

test('strangers are counted always and reported at a bounded rate', async () => {
  const { probe, carrier } = await mesh(SMALL)
  for (let at = 0; at < 1_000; at += 1) carrier.events.onRefused('network/not-admitted', 'a test', STRANGER)
  expect(probe.transport.stats().strangersRefused).toBe(1_000)
  expect(probe.faults.length).toBe(16)
})

test('no more than eight addresses of a member are kept', async () => {
  const { probe, carrier } = await mesh(SMALL)
  probe.transport.admit([{ key: LARGE, addresses: Array.from({ length: 100 }, (_, at) => `place ${at}`) }])
  await nextTimers(0)
  expect(carrier.dials[0]?.at.length).toBe(8)
})

test('admit refuses what is no key, starting twice is refused', async () => {
  const { probe } = await mesh(SMALL)
  expect(() => probe.transport.admit([{ key: 'nobody', addresses: [] }])).toThrow(RangeError)
  await expect(probe.start()).rejects.toThrow(TypeError)
})

test('our own process being held up is not held against the peer', async () => {
  const { link } = await accepted()
  vi.setSystemTime(Date.now())
  const now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now + 60_000)
  await nextTimers(1_000)
  expect(link.closedFor).toBeUndefined()
  vi.restoreAllMocks()
})

/** The laws of `Transport`, runnable against any implementation. */
import type { TransportLimits } from './limits.js'
import { Probe } from './probe.js'
import type { Transport } from './transport.js'

export { type Arrival, Probe } from './probe.js'

/** The two functions of a test runner that the laws need: vitest's, node:test's, or another's. */
export interface Runner {
  describe(name: string, laws: () => void): void
  test(title: string, law: () => Promise<void>): void
}

/** What a law asks of a transport it wants made. */
export interface TransportRequest extends Partial<TransportLimits> {
  /** Addresses of a transport that was stopped, to listen there again; otherwise a free one. */
  readonly listen?: readonly string[]
}

/** Makes the transports of one law: member 0, 1, 2, each with a key of its own, the same key each time. */
export interface TransportHarness {
  create(member: number, request: TransportRequest): Transport
}

/**
 * Declares the laws for an implementation; `newHarness` is called once per law, for a network of its own.
 *
 * Each law waits for reports, at most 20 seconds for each, and stops every transport it made.
 */
export function describeTransport(name: string, runner: Runner, newHarness: () => TransportHarness): void {
  runner.describe(`transport laws: ${name}`, () => {
    for (const [title, law] of LAWS) runner.test(title, () => withLaboratory(newHarness(), law))
  })
}

type Law = (laboratory: Laboratory) => Promise<void>

/** The probes of one law. */
class Laboratory {
  readonly #harness: TransportHarness
  readonly #probes: Probe[] = []

  constructor(harness: TransportHarness) {
    this.#harness = harness
  }

  async started(member: number, request: TransportRequest = {}): Promise<Probe> {
    const probe = new Probe(this.#harness.create(member, request))
    this.#probes.push(probe)
    await probe.start()
    return probe
  }

  /** Two members that admit and reached each other. */
  async pair(first: TransportRequest = {}, second: TransportRequest = {}): Promise<[Probe, Probe]> {
    const a = await this.started(0, first)
    const b = await this.started(1, second)
    a.transport.admit([b.address])
    b.transport.admit([a.address])
    await bothConnected(a, b)
    return [a, b]
  }

  async stop(): Promise<void> {
    await Promise.all(this.#probes.map(probe => probe.transport.stop()))
  }
}

const LAWS: readonly (readonly [string, Law])[] = [
  ['frames arrive unchanged and in order within a priority', framesInOrder],
  ['frames of 5 MiB arrive unchanged, among small ones', largeFrames],
  ['an empty frame is a frame', emptyFrame],
  ['a frame handed out belongs to the handler', framesAreOwned],
  ['a peer that restarts on the same address is connected again', reconnects],
  ['a peer that moved is reached under the address of a later admit', followsAddress],
  ['a stranger is refused with a fault, and no frame of it is delivered', refusesStrangers],
  ['as many strangers as there may be are guests, with limits of their own, and no more', takesGuests],
  ['a guest that is admitted connects anew as a member, and the other way round', promotesGuests],
  ['a frame longer than the receiver allows is a fault and ends the connection', refusesOversize],
  ['a frame longer than our own limit is the mistake of the caller', throwsOversize],
  ['sending to somebody who is not connected returns false', sendToStranger],
  ['two members that dial each other at the same time end up with one working connection', simultaneous],
  ['a member that is no longer admitted is disconnected', dismisses],
  ['a member that was disconnected for a reason comes back after its ban', bans],
  ['a peer over its buffer is detached, heals, and the sender is told', detachesSlow],
  ['no handler is called from inside a call, and none after stop', notReentrant],
  ['statistics count frames and bytes both ways', countsFrames],
]

async function withLaboratory(harness: TransportHarness, law: Law): Promise<void> {
  const laboratory = new Laboratory(harness)
  try {
    await law(laboratory)
  } finally {
    await laboratory.stop()
  }
}

async function framesInOrder(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  const lengths = Array.from({ length: 200 }, (_, at) => (at * at * 7) % 9_000)
  for (const [at, length] of lengths.entries())
    for (const priority of ['control', 'bulk'] as const)
      check(a.transport.send(b.key, priority, pattern(length, at)), 'send must accept')
  await b.until('all frames arrived', () => b.arrivals.length === 2 * lengths.length)
  for (const priority of ['control', 'bulk'] as const) {
    const frames = b.arrivals.filter(arrival => arrival.priority === priority && arrival.from === a.key)
    check(frames.length === lengths.length, `${priority}: ${frames.length} frames`)
    for (const [at, { frame }] of frames.entries()) same(frame, pattern(lengths[at] as number, at))
  }
}

async function largeFrames(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  const lengths = [5 * 2 ** 20, 3, 5 * 2 ** 20 + 1, 70_000]
  for (const [at, length] of lengths.entries()) a.transport.send(b.key, 'bulk', pattern(length, at))
  b.transport.send(a.key, 'control', pattern(5 * 2 ** 20, 9))
  await b.until('the large frames arrived', () => b.arrivals.length === lengths.length)
  await a.until('the large frame came back', () => a.arrivals.length === 1)
  for (const [at, { frame }] of b.arrivals.entries()) same(frame, pattern(lengths[at] as number, at))
  same(a.arrivals[0]?.frame, pattern(5 * 2 ** 20, 9))
}

async function emptyFrame(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  a.transport.send(b.key, 'control', new Uint8Array(0))
  await b.until('it arrived', () => b.arrivals.length === 1)
  same(b.arrivals[0]?.frame, new Uint8Array(0))
}

async function framesAreOwned(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  const frame = pattern(100, 1)
  a.transport.send(b.key, 'bulk', frame)
  a.transport.send(b.key, 'bulk', frame)
  await b.until('both arrived', () => b.arrivals.length === 2)
  b.arrivals[0]?.frame.fill(0)
  same(b.arrivals[1]?.frame, frame)
  same(frame, pattern(100, 1))
}

async function reconnects(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  const listen = b.transport.addresses
  await b.transport.stop()
  await a.until('the loss was noticed', () => !a.isConnected(b.key))
  check(!a.transport.send(b.key, 'control', pattern(9, 1)), 'send to a lost peer must refuse')
  const again = await laboratory.started(1, { listen })
  again.transport.admit([a.address])
  await bothConnected(a, again)
  await exchange(a, again)
  check(a.transport.stats().peers[0]?.reconnects === 1, 'one reconnection must be counted')
}

async function followsAddress(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  await b.transport.stop()
  await a.until('the loss was noticed', () => !a.isConnected(b.key))
  const moved = await laboratory.started(1)
  // It knows no address of ours: only our dial can connect us.
  moved.transport.admit([{ key: a.key, addresses: [] }])
  a.transport.admit([moved.address])
  await bothConnected(a, moved)
  await exchange(a, moved)
}

async function refusesStrangers(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  const stranger = await laboratory.started(2)
  stranger.transport.admit([a.address])
  await a.until('the fault was reported', () => a.faults.length > 0)
  check(a.faults[0]?.rule === 'network/not-admitted', `wrong fault ${a.faults[0]?.rule}`)
  check(a.faults[0]?.peer === stranger.key, 'the fault must name the stranger')
  check(!stranger.transport.send(a.key, 'control', pattern(9, 1)), 'the stranger must not be connected')
  check(a.transport.stats().strangersRefused > 0, 'the refusal must be counted')
  await exchange(b, a)
  check(
    a.arrivals.every(({ from }) => from === b.key),
    'a frame of the stranger arrived',
  )
  check(a.changes.length === 1 && stranger.changes.length === 0, 'a connection was reported')
}

async function takesGuests(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair({ guestsMax: 1, guestFrameBytesMax: 100 })
  const guest = await laboratory.started(2)
  guest.transport.admit([a.address])
  await bothConnected(a, guest)
  await exchange(a, guest)
  check(a.transport.stats().guests === 1, 'one guest must be counted')
  check(a.transport.stats().peers.length === 1, 'a guest is no member')
  const late = await laboratory.started(3)
  late.transport.admit([a.address])
  await a.until('the fourth is refused', () => a.faults.length > 0)
  check(a.faults[0]?.rule === 'network/not-admitted', `wrong fault ${a.faults[0]?.rule}`)
  check(!a.isConnected(late.key), 'there is room for one')
  b.transport.send(a.key, 'control', pattern(101, 1))
  guest.transport.send(a.key, 'control', pattern(101, 2))
  await a.until('the long frame', () => a.faults.some(({ rule }) => rule === 'network/frame-too-long'))
  check(
    a.faults.every(({ peer }) => peer !== b.key),
    'the limits of guests are not those of members',
  )
}

async function promotesGuests(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair({ guestsMax: 1, guestFrameBytesMax: 100 })
  const guest = await laboratory.started(2)
  guest.transport.admit([a.address])
  await bothConnected(a, guest)
  a.transport.admit([b.address, guest.address])
  await a.until('the guest is a member', () => a.transport.stats().peers.length === 2)
  await guest.until('it connected anew', () => guest.changes.length === 3)
  await bothConnected(a, guest)
  guest.transport.send(a.key, 'control', pattern(101, 1))
  await a.until('a frame that no guest may send', () => a.arrivals.length === 1)
  a.transport.admit([b.address])
  await a.until('the member is a guest', () => a.transport.stats().guests === 1)
}

async function refusesOversize(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair({}, { frameBytesMax: 1_000 })
  a.transport.send(b.key, 'control', pattern(1_000, 1))
  a.transport.send(b.key, 'control', pattern(1_001, 2))
  await b.until('the connection ended', () => !b.isConnected(a.key))
  await a.until('the connection ended', () => a.changes.includes(`-${b.key}`))
  check(b.faults[0]?.rule === 'network/frame-too-long', `wrong fault ${b.faults[0]?.rule}`)
  check(b.faults[0]?.peer === a.key, 'the fault must name the peer')
  check(b.arrivals.length === 1 && b.arrivals[0]?.frame.length === 1_000, 'only the short frame must arrive')
}

async function throwsOversize(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair({ frameBytesMax: 1_000 })
  let caught: unknown
  try {
    a.transport.send(b.key, 'control', pattern(1_001, 2))
  } catch (error) {
    caught = error
  }
  check(caught instanceof RangeError, 'a RangeError must be thrown')
  check(a.isConnected(b.key), 'the connection must stay')
}

async function sendToStranger(laboratory: Laboratory): Promise<void> {
  const a = await laboratory.started(0)
  const stranger = await laboratory.started(2)
  check(!a.transport.send(stranger.key, 'control', pattern(9, 1)), 'an unknown key')
  a.transport.admit([{ key: stranger.key, addresses: [] }])
  check(!a.transport.send(stranger.key, 'control', pattern(9, 1)), 'an admitted peer that is not connected')
  check(a.transport.bufferedBytes(stranger.key) === 0, 'nothing must be buffered')
}

async function simultaneous(laboratory: Laboratory): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const [a, b] = await laboratory.pair()
    // The survivor of two dials carries frames both ways, and nothing replaces it any more.
    await exchange(a, b)
    await exchange(b, a)
    check(a.isConnected(b.key) && b.isConnected(a.key), 'both must be connected')
    await Promise.all([a.transport.stop(), b.transport.stop()])
  }
}

async function dismisses(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  a.transport.admit([])
  check(!a.transport.send(b.key, 'control', pattern(9, 1)), 'send must refuse at once')
  await a.until('our side ended', () => a.changes.includes(`-${b.key}`))
  await b.until('its side ended', () => b.changes.includes(`-${a.key}`))
  check(a.transport.stats().peers.length === 0, 'nothing must be remembered of it')
}

async function bans(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair({ banFirstMs: 50 })
  a.transport.disconnect(b.key, 'a test')
  check(!a.transport.send(b.key, 'control', pattern(9, 1)), 'send must refuse at once')
  await a.until('our side ended', () => a.changes.includes(`-${b.key}`))
  await b.until('its side ended', () => b.changes.includes(`-${a.key}`))
  await bothConnected(a, b)
  await exchange(a, b)
}

async function detachesSlow(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair({ bufferedBytesMax: 3_000_000, frameBytesMax: 1_000_000 })
  // Within one turn nothing can drain far: the cap must be reached.
  let sent = 0
  while (sent < 1_000 && a.transport.send(b.key, 'bulk', pattern(1_000_000, sent))) sent += 1
  check(sent >= 2 && sent < 1_000, `${sent} frames of 1 MB were taken at a cap of 3 MB`)
  check(a.transport.bufferedBytes(b.key) === 0, 'what was buffered must be gone')
  await a.until('the fault', () => a.faults.some(({ rule }) => rule === 'network/slow-peer'))
  await a.until('the end', () => a.changes.includes(`-${b.key}`))
  await a.until('the return', () => a.isConnected(b.key))
  await b.until('the return', () => b.changes.length >= 3 && b.isConnected(a.key))
  await exchange(a, b)
}

async function notReentrant(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  a.transport.disconnect(b.key, 'a test')
  check(a.changes.length === 1, 'a handler was called from inside disconnect')
  const stopped = a.transport.stop()
  await stopped
  check(a.changes.length === 1, 'a handler was called after stop')
  await a.transport.stop()
  check(!a.transport.send(b.key, 'control', pattern(9, 1)), 'a stopped transport sends nothing')
  check(a.transport.addresses.length === 0, 'a stopped transport listens nowhere')
}

async function countsFrames(laboratory: Laboratory): Promise<void> {
  const [a, b] = await laboratory.pair()
  await exchange(a, b)
  const [sent] = a.transport.stats().peers
  const [received] = b.transport.stats().peers
  check(sent?.peer === b.key && received?.peer === a.key, 'one peer on each side')
  check(sent?.framesOut === 1 && received?.framesIn === 1, 'one frame')
  check(sent?.bytesOut === EXCHANGED.length && received?.bytesIn === EXCHANGED.length, 'its bytes')
  check(sent?.connected === true && sent.reconnects === 0, 'one connection')
}

const EXCHANGED = pattern(1_234, 77)

async function exchange(from: Probe, to: Probe): Promise<void> {
  const before = to.arrivals.length
  check(from.transport.send(to.key, 'control', EXCHANGED), 'send must accept')
  await to.until('the frame arrived', () => to.arrivals.length > before)
  same(to.arrivals[before]?.frame, EXCHANGED)
}

async function bothConnected(a: Probe, b: Probe): Promise<void> {
  await Promise.all([a.untilConnected(b.key), b.untilConnected(a.key)])
}

/** Bytes that differ from frame to frame and from place to place. */
function pattern(length: number, salt: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >>> 8) + salt * 101) & 255
  return bytes
}

function same(actual: Uint8Array | undefined, expected: Uint8Array): void {
  if (actual === undefined) throw new Error('law broken: no frame')
  check(actual.length === expected.length, `${actual.length} bytes instead of ${expected.length}`)
  const wrong = actual.findIndex((byte, at) => byte !== expected[at])
  check(wrong === -1, `byte ${wrong} differs`)
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`law broken: ${what}`)
}

/** For harnesses: the 32-byte seed of a member, the same each time. */
export function seedOfMember(member: number): Uint8Array {
  return new Uint8Array(32).fill(member + 1)
}

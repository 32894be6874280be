import { connect, type Socket } from 'node:net'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Stream } from '@libp2p/interface'
import {
  libp2pTransport,
  type MemberKey,
  memberKeyOf,
  PROTOCOLS,
  peerIdOf,
  type Transport,
  type TransportLimits,
  tcpTransport,
  transportLimits,
} from '@mc/network'
import { Probe, seedOfMember } from '@mc/network/conformance'
import { fromHex } from '@mc/protocol/wire'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, test } from 'vitest'
import { libp2pNode } from '../src/libp2p/libp2p-node.js'
import { signingKey } from '../src/member-key.js'
import { HandshakeError, type Identity, newLinkId, proveToAcceptor } from '../src/tcp/handshake.js'
import { parseHostPort } from '../src/tcp/host-port.js'

const opened: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.stop()
})

type Make = (member: number, chosen?: Partial<TransportLimits>) => Transport
const overTcp: Make = (member, chosen) =>
  tcpTransport({ secretKey: seedOfMember(member), listen: ['127.0.0.1:0'], ...chosen })
const overLibp2p: Make = (member, chosen) =>
  libp2pTransport({ secretKey: seedOfMember(member), listen: ['/ip4/127.0.0.1/tcp/0'], ...chosen })
const keyOf = (member: number): MemberKey => memberKeyOf(seedOfMember(member))

async function started(make: Make, member: number, chosen?: Partial<TransportLimits>): Promise<Probe> {
  const probe = new Probe(make(member, chosen))
  opened.push(probe.transport)
  await probe.start()
  return probe
}

async function pair(make: Make): Promise<[Probe, Probe]> {
  const [a, b] = [await started(make, 0), await started(make, 1)]
  a.transport.admit([b.address])
  b.transport.admit([a.address])
  await Promise.all([a.untilConnected(b.key), b.untilConnected(a.key)])
  return [a, b]
}

const sockets = () => process.getActiveResourcesInfo().filter(name => name.startsWith('TCP')).length
// The system closes handles some turns after the call; a handle that stays open stays beyond any of them.
async function untilNoSocket(): Promise<void> {
  for (let turns = 0; turns < 10_000 && sockets() > 0; turns += 1) await turn()
}
const turn = () => new Promise(resolve => setImmediate(resolve))

describe.each([
  ['tcp', overTcp],
  ['libp2p', overLibp2p],
] as const)('over %s', (_, make) => {
  test('control does not wait behind bulk', async () => {
    const [a, b] = await pair(make)
    for (let frame = 0; frame < 40; frame += 1) a.transport.send(b.key, 'bulk', new Uint8Array(2 ** 20))
    a.transport.send(b.key, 'control', Uint8Array.of(1))
    await b.until('everything arrived', () => b.arrivals.length === 41)
    expect(b.arrivals.findIndex(({ priority }) => priority === 'control')).toBeLessThan(20)
  })

  test('stop leaves no socket and no listener open', async () => {
    await untilNoSocket()
    const [a, b] = await pair(make)
    a.transport.send(b.key, 'bulk', new Uint8Array(2 ** 20))
    expect(sockets()).toBeGreaterThan(0)
    await Promise.all([a.transport.stop(), b.transport.stop()])
    await untilNoSocket()
    expect(sockets()).toBe(0)
  })

  test('who answers under a member’s address with another key is not that member', async () => {
    const [a, b] = [await started(make, 0), await started(make, 1)]
    const impostor = await started(make, 2)
    impostor.transport.admit([{ key: a.key, addresses: [] }])
    b.transport.admit([{ key: a.key, addresses: [] }])
    a.transport.admit([
      { key: b.key, addresses: [...impostor.transport.addresses, ...b.transport.addresses] },
    ])
    await a.untilConnected(b.key)
    expect(a.changes).toEqual([`+${b.key}`])
    expect(impostor.changes).toEqual([])
  })

  test('an address that cannot be listened on rejects the start', async () => {
    const a = await started(make, 0)
    const second = new Probe(
      make === overTcp
        ? tcpTransport({ secretKey: seedOfMember(1), listen: a.transport.addresses })
        : libp2pTransport({ secretKey: seedOfMember(1), listen: a.transport.addresses }),
    )
    opened.push(second.transport)
    await expect(second.start()).rejects.toThrow()
  })
})

const dialRaw = (to: Probe): Socket => {
  const socket = connect(parseHostPort(to.transport.addresses[0] as string))
  socket.on('error', () => undefined)
  opened.push({ stop: async () => socket.destroy() })
  return socket
}
const closed = (socket: Socket): Promise<void> =>
  new Promise(resolve => (socket.closed ? resolve() : socket.once('close', () => resolve()).resume()))
const connected = (socket: Socket): Promise<void> =>
  new Promise(resolve => socket.once('connect', () => resolve()))

describe('tcp handshake', () => {
  const identity = (member: number, secretOf = member): Identity => ({
    key: keyOf(member),
    keyBytes: fromHex(keyOf(member)),
    secret: signingKey(seedOfMember(secretOf)),
  })

  test('who claims a member’s key without its secret is refused with a fault', async () => {
    const a = await started(overTcp, 0)
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const socket = dialRaw(a)
    await proveToAcceptor(socket, identity(1, 2), fromHex(a.key), 'control', newLinkId())
    await a.until('the fault', () => a.faults.length > 0)
    expect(a.faults[0]?.rule).toBe('network/bad-handshake')
    expect(a.faults[0]?.peer).toBeUndefined()
    await closed(socket)
    expect(a.changes).toEqual([])
  })

  test('the acceptor proves itself too', async () => {
    const a = await started(overTcp, 0)
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const proof = proveToAcceptor(dialRaw(a), identity(1), fromHex(keyOf(2)), 'control', newLinkId())
    await expect(proof).rejects.toThrow(HandshakeError)
  })

  test('bytes that are no hello are refused with a fault', async () => {
    const a = await started(overTcp, 0)
    const socket = dialRaw(a)
    socket.write(Buffer.alloc(200, 'GET / HTTP/1.1'))
    await a.until('the fault', () => a.faults.length > 0)
    expect(a.faults[0]?.rule).toBe('network/bad-handshake')
    await closed(socket)
  })

  test('silent connections are capped, and end after the handshake timeout', async () => {
    const a = await started(overTcp, 0, { pendingInboundMax: 2, handshakeTimeoutMs: 300 })
    const silent = [dialRaw(a), dialRaw(a)]
    await Promise.all(silent.map(connected))
    await turn()
    const third = dialRaw(a)
    await closed(third)
    expect(silent.map(socket => socket.closed)).toEqual([false, false])
    await Promise.all(silent.map(closed))
  })

  test('one socket of two is no link, and does not stay', async () => {
    const a = await started(overTcp, 0, { handshakeTimeoutMs: 300 })
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const socket = dialRaw(a)
    await proveToAcceptor(socket, identity(1), fromHex(a.key), 'control', newLinkId())
    await closed(socket)
    expect(a.changes).toEqual([])
  })

  test('two sockets for the same lane are no link', async () => {
    const a = await started(overTcp, 0)
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const linkId = newLinkId()
    const both = [dialRaw(a), dialRaw(a)]
    await Promise.all(
      both.map(socket => proveToAcceptor(socket, identity(1), fromHex(a.key), 'bulk', linkId)),
    )
    await Promise.all(both.map(closed))
    expect(a.changes).toEqual([])
  })
})

describe('libp2p', () => {
  /** A node with the key of a member, and none of our manners. */
  async function rude(member: number) {
    const privateKey = await generateKeyPairFromSeed('Ed25519', seedOfMember(member))
    const node = await libp2pNode({ privateKey, listen: [], limits: transportLimits({}), gater: {} })
    opened.push({ stop: async () => node.stop() })
    await node.start()
    return node
  }
  const ended = (stream: Stream) =>
    new Promise<unknown>(resolve =>
      stream.status === 'open'
        ? stream.addEventListener('close', resolve, { once: true })
        : resolve(undefined),
    )
  const target = (probe: Probe) => multiaddr(`${probe.transport.addresses[0]}/p2p/${peerIdOf(probe.key)}`)

  test('a connection that does not bring both streams in time is closed', async () => {
    const a = await started(overLibp2p, 0, { handshakeTimeoutMs: 500 })
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const connection = await (await rude(1)).dial(target(a))
    await connection.newStream(PROTOCOLS.control)
    await new Promise(resolve => connection.addEventListener('close', resolve, { once: true }))
    expect(a.changes).toEqual([])
  })

  test('a second stream of the same lane is refused, and the first pair goes on', async () => {
    const a = await started(overLibp2p, 0)
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const connection = await (await rude(1)).dial(target(a))
    const control = await connection.newStream(PROTOCOLS.control)
    await connection.newStream(PROTOCOLS.bulk)
    await a.untilConnected(keyOf(1))
    await connection.newStream(PROTOCOLS.control).then(ended, () => undefined)
    control.send(Uint8Array.of(0, 0, 0, 1, 42))
    await a.until('the frame arrived', () => a.arrivals.length === 1)
    expect(a.arrivals[0]?.frame).toEqual(Uint8Array.of(42))
    expect(a.changes).toEqual([`+${keyOf(1)}`])
  })

  test('bytes that are no frames end the connection with a fault', async () => {
    const a = await started(overLibp2p, 0)
    a.transport.admit([{ key: keyOf(1), addresses: [] }])
    const connection = await (await rude(1)).dial(target(a))
    await connection.newStream(PROTOCOLS.control)
    const bulk = await connection.newStream(PROTOCOLS.bulk)
    await a.untilConnected(keyOf(1))
    bulk.send(new Uint8Array(100).fill(0xab))
    await a.until('the fault', () => a.faults.length > 0)
    expect(a.faults[0]?.rule).toBe('network/frame-too-long')
    await a.until('the end', () => !a.isConnected(keyOf(1)))
  })
})

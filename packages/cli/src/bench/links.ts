/**
 * Transports and addresses for measurements on this machine.
 */
import { createServer } from 'node:net'
import { libp2pTransport, type Transport, tcpTransport } from '@mc/network'

/** How members of a measured network are linked. */
export type LinkKind = 'memory' | 'tcp' | 'libp2p'

/** The names of the links. */
export const LINK_KINDS: readonly LinkKind[] = ['memory', 'tcp', 'libp2p']

/** Ports of the loopback address that are free now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening))
  const ports = servers.map(({ port }) => port)
  await Promise.all(servers.map(({ close }) => close()))
  return ports
}

/** The address of a port of the loopback address, as the transport writes it. */
export const loopbackAddress = (kind: 'tcp' | 'libp2p', port: number): string =>
  kind === 'libp2p' ? `/ip4/127.0.0.1/tcp/${port}` : `127.0.0.1:${port}`

/** A transport of this kind that listens on an address; nothing but the machine limits it. */
export function transportOf(kind: 'tcp' | 'libp2p', secretKey: Uint8Array, address: string): Transport {
  const options = { secretKey, listen: [address], inboundBytesPerSecond: Number.POSITIVE_INFINITY }
  return kind === 'libp2p' ? libp2pTransport(options) : tcpTransport(options)
}

function listening(): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ port, close: () => new Promise(done => server.close(() => done())) })
    })
  })
}

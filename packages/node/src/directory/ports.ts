/**
 * Ports: found free when a network is founded, looked at again before a node starts.
 */
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { DataDirectory } from './data-directory.js'

/** A port that somebody else listens on. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
  readonly rule = 'port/taken'
  readonly port: number
  /** Where in `node.json` the port stands. */
  readonly field: string

  constructor(port: number, field: string, file: string) {
    const advice = `stop that program, edit ${file}, or start the network with --new-ports`
    super(`port ${port} (${field} in ${file}) is taken by another program: ${advice}`)
    this.port = port
    this.field = field
  }
}

/** Ports of the loopback address that are free now, all different. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const open = await Promise.all(Array.from({ length: count }, () => listening('127.0.0.1', 0)))
  await Promise.all(open.map(({ close }) => close()))
  return open.map(({ port }) => port)
}

/** Whether nobody listens on this port of this machine. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  try {
    const { close } = await listening(host, port)
    await close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
}

/**
 * Looks at the ports of a node before it starts, because a node that cannot listen says so less clearly.
 *
 * @throws PortTakenError that names the first port that is taken, and its place.
 */
export async function requireFreePorts({
  path,
  settings,
}: Pick<DataDirectory, 'path' | 'settings'>): Promise<void> {
  const { api, listen } = settings
  const file = join(path, 'node.json')
  const ports = listen.map((address, at) => ({ ...hostPortOf(address), field: `listen[${at}]` }))
  for (const { host, port, field } of [...ports, { ...api, field: 'api.port' }]) {
    if (host === undefined || port === undefined || port === 0) continue
    if (!(await isPortFree(host, port))) throw new PortTakenError(port, field, file)
  }
}

/** Host and port of a multiaddr over TCP; nothing for names, which only the system can resolve. */
function hostPortOf(address: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^\/ip[46]\/([^/]+)\/tcp\/(\d+)$/.exec(address)
  return match?.[1] === undefined ? undefined : { host: match[1], port: Number(match[2]) }
}

interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

function listening(host: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => new Promise(done => server.close(() => done())),
      })
    })
  })
}

/** Where a TCP socket connects or listens. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/**
 * Reads `host:port`; an IPv6 host stands in brackets: `[::1]:4000`.
 *
 * @throws RangeError if it is anything else or the port is above 65 535.
 */
export function parseHostPort(text: string): HostPort {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535)
    throw new RangeError(`address: need host:port, got ${text.slice(0, 80)}`)
  return { host: (match[1] ?? match[2]) as string, port }
}

/** Writes `host:port`, with brackets where they are needed. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
